/** What a box wants, line by line: picture, name, and how many of how many are in it. */
import { nameOf } from "./counters";
import type { ListedWave } from "./scan";
import type { View } from "./terminal";

export type ListedBox = ListedWave["works"][number];

export function BoxGoods({ view, wave, box, isLacking = false }: { view: View; wave: ListedWave; box: ListedBox; isLacking?: boolean }) {
  const lines = Object.entries(box.wants).filter(([sku, wants]) => !isLacking || (box.has[sku] ?? 0) < wants);
  return (
    <ul className="goods">
      {lines.map(([sku, wants]) => {
        const has = box.has[sku] ?? 0;
        return (
          <li key={sku} className={has >= wants ? "full" : ""}>
            <Picture view={view} sku={sku} />
            <div><b>{view.list ? nameOf({ ...view.list, waves: [wave] }, sku) || sku : sku}</b><code>{sku}</code></div>
            <p className="count"><b>{has}</b><span>/ {wants}</span></p>
          </li>
        );
      })}
    </ul>
  );
}

/** The picture of a SKU, or the beginning of its code where it has none. */
export function Picture({ view, sku }: { view: View; sku: string }) {
  const name = view.list?.pictures?.[sku];
  if (!name) return <span className="no-picture" aria-hidden="true">{sku.slice(0, 4)}</span>;
  return <img src={`/api/v1/floor/picture?sku=${encodeURIComponent(sku)}&of=${name}`} alt="" width={112} height={112} />;
}

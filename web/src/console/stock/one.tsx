/** One SKU: the equation drawn, who holds it, what became of it, and what channels are shown. */
import "./stock.css";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { Figures, StockPage } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { count } from "@/shared/money";
import { Scrolls } from "@/shared/scrolls";
import { Show } from "@/shared/states/show";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { stock } from "@/words/stock";
import type { Words } from "./columns";
import { LeakRows } from "./leaks";
import { MoveDrawer } from "./move";
import { Ledger, Shown } from "./parts";
import { useOne } from "./queries";
import type { OneSearch } from "./search";
import { Who } from "./who";

const route = getRouteApi("/stock/$sku");

export default function OneStock() {
  const words = useWords(stock);
  const { sku } = route.useParams();
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const query = useOne(sku);
  const go = (change: Partial<OneSearch>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const actions = may("stock:write") ? (
    <>
      <Link to="/stock/quotas" search={{ create: sku }}>{words.setUnitsAside}</Link>
      <Button type="primary" onClick={() => go({ move: sku })}>{words.adjust}</Button>
    </>
  ) : null;
  return (
    <>
      <nav className="crumb"><Link to="/stock">{words.back}</Link> / <span className="mono">{sku}</span></nav>
      <Page title={sku} sub={query.data?.row.name} actions={actions}>
        <div className="col">
          <Show query={query}>{(page) => <Whole page={page} />}</Show>
          <section className="card" id="holders"><h2>{words.holders}</h2><div className="body"><Who sku={sku} after={here.holders} go={(holders) => go({ holders })} /></div></section>
          <section className="card" id="shown"><h2>{words.shown}</h2><div className="body"><Scrolls label={words.shown}><Shown sku={sku} /></Scrolls></div></section>
          <section className="card" id="ledger"><h2>{words.ledger}</h2><div className="body"><Ledger sku={sku} after={here.ledger} go={(ledger) => go({ ledger })} /></div></section>
        </div>
        {here.move ? <MoveDrawer sku={here.move} onClose={() => go({ move: undefined })} /> : null}
      </Page>
    </>
  );
}

function Whole({ page }: { page: StockPage }) {
  const words = useWords(stock);
  const { row } = page;
  return (
    <div className="col">
      <p className="say">{sentence(page, words)}</p>
      <section className="card">
        <h2>{words.equation} {row.is_active ? null : <Tag text={words.off} />}</h2>
        <div className="body stack">
          {page.components.length > 0 ? <Components page={page} /> : <><Equation figures={row.total} /><Houses page={page} /></>}
        </div>
      </section>
      {page.leaks.length > 0 ? <Leaks page={page} /> : null}
      {page.claims.length > 0 ? <Claims page={page} /> : null}
    </div>
  );
}

function sentence({ row, components }: StockPage, words: Words): string {
  if (components.length > 0) return words.bundleSays(count(Math.max(Math.min(...components.map((one) => one.enough_for)), 0)));
  const parts = [row.trouble === "oversold" ? words.over(count(-row.total.available)) : words.ok(count(row.total.available))];
  if (row.waiting > 0) parts.push(words.lacking(row.waiting));
  if (row.trouble === "below_safety") parts.push(words.low);
  return parts.join("");
}

function Equation({ figures }: { figures: Figures }) {
  const words = useWords(stock);
  const terms = [[words.reserved, figures.reserved], [words.allocated, figures.allocated], [words.setAside, figures.set_aside], [words.safety, figures.safety], [words.frozen, figures.frozen]] as const;
  return (
    <div className="equation" role="group" aria-label={words.equation}>
      <div><span>{words.onHand}</span><b className="figure">{count(figures.on_hand)}</b></div>
      {terms.map(([title, value]) => (
        <Term key={title} title={title} text={value === null || value === undefined ? words.not_published : count(value)} />
      ))}
      <i aria-hidden="true">=</i>
      <div className={figures.available < 0 ? "sum bad" : "sum"}><span>{words.available}</span><b className="figure">{count(figures.available)}</b></div>
    </div>
  );
}

function Term({ title, text }: { title: string; text: string }) {
  return <><i aria-hidden="true">−</i><div><span>{title}</span><b className="figure">{text}</b></div></>;
}

function Houses({ page }: { page: StockPage }) {
  const words = useWords(stock);
  const titles = [words.onHand, words.reserved, words.allocated, words.setAside, words.safety, words.frozen, words.available];
  return (
    <Scrolls label={words.houses}>
      <table className="plain">
        <thead><tr><th scope="col">{words.warehouse}</th>{titles.map((title) => <th key={title} scope="col" className="num">{title}</th>)}</tr></thead>
        <tbody>
          {page.row.levels.map((one) => (
            <tr key={one.warehouse}>
              <td>{one.name || one.warehouse} {one.is_active ? null : <Tag text={words.off} />} {one.is_oversold ? <Tag text={words.oversold} tone="bad" /> : null}</td>
              {(["on_hand", "reserved", "allocated", "set_aside", "safety", "frozen", "available"] as const).map((key) => <td key={key} className="num">{count(one.figures[key] ?? 0)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
}

function Components({ page }: { page: StockPage }) {
  const words = useWords(stock);
  return (
    <table className="plain">
      <thead><tr><th scope="col">{words.components}</th><th scope="col">{words.name}</th><th scope="col" className="num">{words.available}</th><th scope="col" className="num">{words.units}</th></tr></thead>
      <tbody>
        {page.components.map((one) => (
          <tr key={one.sku}>
            <td><Link to="/stock/$sku" params={{ sku: one.sku }} className="mono">{one.sku}</Link> ×{one.quantity}</td><td>{one.name}</td>
            <td className="num">{count(one.free)}</td><td className="num">{words.wholeOf(one.enough_for)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Leaks({ page }: { page: StockPage }) {
  const words = useWords(stock);
  return (
    <section className="alert warn">
      <div className="grow">
        <h2>{words.leaks}</h2>
        <p>{words.leaksMean}</p>
        <LeakRows leaks={page.leaks} />
      </div>
    </section>
  );
}

function Claims({ page }: { page: StockPage }) {
  const words = useWords(stock);
  return (
    <section className="card">
      <h2>{words.claims}</h2>
      <div className="body"><Scrolls label={words.claims}>
        <table className="plain">
          <thead><tr><th scope="col">{words.system}</th><th scope="col">{words.warehouse}</th><th scope="col">{words.kind}</th><th scope="col" className="num">{words.theirs}</th><th scope="col" className="num">{words.ours}</th></tr></thead>
          <tbody>
            {page.claims.map((one) => (
              <tr key={`${one.system} ${one.warehouse}`}>
                <td>{one.system}</td><td>{one.warehouse}</td><td>{words[one.meaning as "atp"]}</td>
                <td className={one.theirs === one.ours ? "num" : "num bad strong"}>{count(one.theirs)}</td><td className="num">{one.ours === null || one.ours === undefined ? null : count(one.ours)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolls></div>
    </section>
  );
}

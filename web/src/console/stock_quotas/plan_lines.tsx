/** The goods of a form that sets units aside: found by code or name, each with its warehouse and units. */
import { Button, InputNumber, Select } from "antd";
import { useWarehouses } from "@/console/stock/queries";
import { GoodsFinder } from "@/shared/goods_finder";
import { useWords } from "@/words/language";
import { quotas } from "@/words/quotas";

export interface Line {
  sku: string;
  name: string;
  /** What is free, by warehouse, as it was found. */
  free: string;
  warehouse: string;
  quantity: number | null;
}

const UNITS_MAX = 1_000_000_000;
const LINES_MAX = 500;

export function PlanLines({ lines, set }: { lines: readonly Line[]; set: (lines: readonly Line[]) => void }) {
  const words = useWords(quotas);
  const houses = useWarehouses();
  const options = (houses.data?.warehouses ?? []).map((one) => ({ value: one.code, label: one.name || one.code }));
  const only = options.length === 1 ? (options[0]?.value ?? "") : "";
  const change = (at: number, part: Partial<Line>) => set(lines.map((one, index) => (index === at ? { ...one, ...part } : one)));
  const add = (sku: string, name: string, free: string) => set([...lines, { sku, name, free, warehouse: lines.at(-1)?.warehouse ?? only, quantity: null }]);
  return (
    <fieldset>
      <GoodsFinder label={words.addGoods} onFound={(goods) => { if (lines.length < LINES_MAX) add(goods.sku, goods.title, goods.free); }} />
      {lines.length === 0 ? <p className="dim">{words.noLines}</p> : null}
      <ul className="stack">
        {lines.map((one, at) => (
          <li key={`${one.sku} ${at}`} className="quota-line">
            <span className="cut" title={`${one.sku} ${one.name}`}><b className="mono">{one.sku}</b> {one.name} <span className="dim">{one.free}</span></span>
            <Select value={one.warehouse || undefined} placeholder={words.warehouse} aria-label={`${words.warehouse} ${one.sku}`} options={options} onChange={(warehouse) => change(at, { warehouse })} />
            <InputNumber<number> value={one.quantity} min={1} max={UNITS_MAX} precision={0} placeholder={words.quantity} aria-label={`${words.quantity} ${one.sku}`} style={{ width: "100%" }} onChange={(quantity) => change(at, { quantity })} />
            <Button size="small" aria-label={`${words.remove} ${one.sku}`} onClick={() => set(lines.filter((_, index) => index !== at))}>×</Button>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

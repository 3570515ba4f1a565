/** The columns of the order list and the card of a phone. */
import type { Me, OrderRow } from "@/api/generated/schema";
import { Cut, Limit, Money, OrderNumber, Phase, Receiver, Tag, Tags, When } from "@/shared/cells";
import type { Column } from "@/shared/table/list";
import { useTitles } from "@/shared/titles";
import type { Language } from "@/words/language";
import { useWords } from "@/words/language";
import { orders } from "@/words/orders";
import type { Sort } from "./search";

type Words = (typeof orders)["zh"] | (typeof orders)["en"];
/** What each column is called, how wide it is in Chinese and in English, and what it needs of the server. */
const SHAPES = {
  number: { widths: [190, 186], needs: "" }, phase: { widths: [162, 212], needs: "hold" }, limit: { widths: [74, 84], needs: "limit" }, goods: { widths: [0, 0], needs: "goods" },
  units: { widths: [40, 46], needs: "" }, paid: { widths: [96, 96], needs: "" }, refunded: { widths: [96, 96], needs: "refunded" }, paid_at: { widths: [82, 92], needs: "paid_at" }, receiver: { widths: [100, 104], needs: "" }, warehouses: { widths: [58, 74], needs: "warehouses" },
  waybills: { widths: [100, 110], needs: "waybills" }, tags: { widths: [80, 88], needs: "tags" }, placed: { widths: [82, 92], needs: "" }, cases: { widths: [110, 130], needs: "cases" },
  account: { widths: [80, 80], needs: "" }, external: { widths: [170, 170], needs: "" }, note: { widths: [160, 160], needs: "note" }, fields: { widths: [160, 160], needs: "fields" },
} as const satisfies Record<Me["order_columns"][number], { widths: readonly [number, number]; needs: string }>;
export type ColumnName = keyof typeof SHAPES;
/** What a role may not see under another name than the column's. */
const FIELDS: Partial<Record<ColumnName, string>> = { refunded: "paid" };
const NAMES = Object.keys(SHAPES) as readonly ColumnName[];
const USUAL: readonly ColumnName[] = ["number", "phase", "limit", "goods", "units", "paid", "receiver", "warehouses", "waybills", "tags", "placed"];

/** The columns that somebody may see. */
export function seen(me: Me): readonly ColumnName[] {
  return NAMES.filter((name) => !me.hidden.includes(FIELDS[name] ?? name));
}

/** What the list shows somebody before they choose: their role's columns, else those of everybody. */
export function usual(me: Me, language: Language): readonly ColumnName[] {
  const narrow = USUAL.filter((name) => language === "zh" || name !== "waybills"); // English words are longer: the waybill waits behind the display button
  const names = me.order_columns.length > 0 ? me.order_columns : narrow;
  return names.filter((name) => seen(me).includes(name));
}

const RIGHT = new Set<ColumnName>(["units", "paid", "refunded"]);
const SORTED: Partial<Record<ColumnName, string>> = { number: "number", paid: "amount", placed: "placed", limit: "ship_by" };

/** What the server is asked for beside the usual. */
export function needsOf(names: readonly ColumnName[]): string {
  return [...new Set(names.map((name) => SHAPES[name].needs).filter(Boolean))].join(",");
}

export function Stage({ row }: { row: OrderRow }) {
  const title = useTitles();
  const why = row.hold ? title("holds", row.hold.type) : title("stages", row.stage);
  return <span className="line"><Phase phase={row.phase} /><Cut text={why} className="soft" /></span>;
}

export function GoodsCell({ row }: { row: OrderRow }) {
  const words = useWords(orders);
  if (!row.goods) return null;
  const { title, sku, quantity, kinds } = row.goods;
  return (
    <span className="line" title={`${title} ${sku}`}>
      <span className="cut">{title}</span>
      {quantity > 1 && kinds === 1 ? <span className="figure">×{quantity}</span> : null}
      {kinds > 1 ? <Tag text={words.kinds(kinds)} /> : null}
    </span>
  );
}

function Cases({ row }: { row: OrderRow }) {
  const title = useTitles();
  return <Cut text={(row.cases ?? []).map((kind) => title("cases", kind)).join(" ")} className="soft" />;
}

function cell(name: ColumnName, row: OrderRow) {
  switch (name) {
    case "number": return <OrderNumber number={row.number} channel={row.channel} />;
    case "phase": return <Stage row={row} />;
    case "limit": return row.limit ? <Limit due={row.limit.at} began={row.limit.since} /> : null;
    case "goods": return <GoodsCell row={row} />;
    case "units": return row.units;
    case "paid": return <Money minor={row.paid} currency={row.currency} />;
    case "refunded": return row.refunded ? <Money minor={row.refunded} currency={row.currency} /> : null;
    case "paid_at": return row.paid_at ? <When at={row.paid_at} /> : null;
    case "receiver": return row.receiver ? <Receiver name={row.receiver.name} city={row.receiver.city || row.receiver.province} /> : null;
    case "warehouses": return <Cut text={(row.warehouses ?? []).join(" ")} />;
    case "waybills": return <Cut text={(row.waybills ?? []).map((one) => one.waybill).join(" ")} className="mono soft" />;
    case "tags": return <Tags tags={row.tags ?? []} />;
    case "placed": return <When at={row.placed_at} />;
    case "cases": return <Cases row={row} />;
    case "account": return <Cut text={row.account} className="mono" />;
    case "external": return <Cut text={row.external_id} className="mono" />;
    case "note": return <Cut text={row.note ?? ""} className="soft" />;
    case "fields": return <Cut text={Object.values(row.fields ?? {}).join(" ")} />;
  }
}

export function columns(names: readonly ColumnName[], words: Words, language: Language, sort: Sort, onSort: (sort: Sort) => void): readonly Column<OrderRow>[] {
  return names.map((name) => {
    const width = SHAPES[name].widths[language === "zh" ? 0 : 1];
    const key = SORTED[name];
    return {
      key: name, title: words[name], render: (row: OrderRow) => cell(name, row), ...(width ? { width } : {}),
      ...(RIGHT.has(name) ? { align: "right" as const } : {}), ...(name === "number" ? { isFixed: true } : {}),
      ...(key ? { sorted: sort === key ? ("ascend" as const) : sort === `-${key}` ? ("descend" as const) : null, onSort: () => onSort(sort === `-${key}` ? (key as Sort) : (`-${key}` as Sort)) } : {}),
    };
  });
}

export function card(row: OrderRow) {
  return (
    <>
      <span className="line"><Stage row={row} />{row.limit ? <Limit due={row.limit.at} began={row.limit.since} /> : null}</span>
      <span className="line"><b className="cut">{row.goods ? <GoodsCell row={row} /> : row.external_id}</b><b><Money minor={row.paid} currency={row.currency} /></b></span>
      <span className="line dim"><OrderNumber number={row.number} channel={row.channel} /><span className="line">{row.receiver ? <Receiver name={row.receiver.name} city={row.receiver.city} /> : null} · <When at={row.placed_at} /></span></span>
    </>
  );
}

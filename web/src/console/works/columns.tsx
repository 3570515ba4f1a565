/** The columns of the works table. */
import type { HandWork } from "@/api/generated/schema";
import { Cut, OrderNumber, Receiver, Tag, When } from "@/shared/cells";
import type { Column } from "@/shared/table/list";
import { To } from "@/shared/to";
import type { works } from "@/words/works";

export type Words = (typeof works)["zh"] | (typeof works)["en"];
const TONES = { to_pick: "", picked: "brand", packed: "brand", out: "good", cancelled: "" } as const;

export function StateTag({ work, words }: { work: HandWork; words: Words }) {
  const known = work.state as keyof typeof TONES;
  return (
    <>
      <Tag text={known in TONES ? words[known] : work.state} tone={TONES[known] ?? ""} />
      {work.merge ? <> <Tag text={words.merged} tone="brand" /></> : null}
      {work.is_held ? <> <Tag text={words.held} tone="held" /></> : null}
      {work.is_order_cancelled && work.state !== "cancelled" ? <> <Tag text={words.orderCancelled} tone="bad" /></> : null}
    </>
  );
}

function goods(work: HandWork, words: Words): string {
  return work.lines.map((line) => `${line.title || line.sku} ${words.units(line.quantity)}`).join("、");
}

export function columns(words: Words): readonly Column<HandWork>[] {
  return [
    { key: "number", title: words.number, width: 200, render: (row) => <Cut text={row.number} className="mono" /> },
    { key: "order", title: words.order, width: 200, render: (row) => <To href={`/orders/${row.order}`}><OrderNumber number={row.order} /></To> },
    { key: "warehouse", title: words.warehouse, width: 90, render: (row) => <Cut text={row.warehouse} className="mono" /> },
    { key: "state", title: words.state, width: 150, render: (row) => <StateTag work={row} words={words} /> },
    { key: "goods", title: words.goods, render: (row) => <Cut text={goods(row, words)} /> },
    { key: "receiver", title: words.receiver, width: 120, render: (row) => <Receiver name={row.receiver.name} city={row.receiver.city} /> },
    { key: "created", title: words.created, width: 110, render: (row) => <When at={row.created_at} /> },
  ];
}

export function card(row: HandWork, words: Words) {
  return (
    <>
      <span className="line"><StateTag work={row} words={words} /><span className="mono">{row.warehouse}</span><When at={row.created_at} /></span>
      <b className="cut">{goods(row, words)}</b>
      <span className="line dim"><Cut text={row.number} className="mono" /><Receiver name={row.receiver.name} city={row.receiver.city} /></span>
    </>
  );
}

/** The columns of the stock table, and a SKU as a card on a phone. */
import { Link } from "@tanstack/react-router";
import type { BoardRow } from "@/api/generated/schema";
import { Cut, Tag } from "@/shared/cells";
import { count } from "@/shared/money";
import type { Column } from "@/shared/table/list";
import type { stock } from "@/words/stock";

export type Words = (typeof stock)["zh"] | (typeof stock)["en"];
const TONES = { oversold: "bad", short: "bad", below_safety: "warn" } as const;

export function Trouble({ row, words }: { row: BoardRow; words: Words }) {
  const known = row.trouble as keyof typeof TONES;
  return (
    <>
      {known in TONES ? <Tag text={words[known]} tone={TONES[known]} /> : null}
      {row.is_active ? null : <Tag text={words.off} />}
    </>
  );
}

function Units({ value, isQuiet = false }: { value: number; isQuiet?: boolean }) {
  return <span className={value < 0 ? "bad strong" : isQuiet && value === 0 ? "dim" : ""}>{count(value)}</span>;
}

export function houses(row: BoardRow): string {
  return row.levels.map((one) => `${one.name || one.warehouse} ${count(one.figures.available)}`).join(" · ");
}

export function told(row: BoardRow): string {
  return row.told.map((one) => `${one.account} ${count(one.quantity)}`).join(" · ");
}

export function columns(words: Words): readonly Column<BoardRow>[] {
  const units = (key: "on_hand" | "reserved" | "allocated" | "safety" | "frozen", title: string, width = 76): Column<BoardRow> => ({
    key, title, width, align: "right", render: (row) => <Units value={row.total[key]} isQuiet={key !== "on_hand"} />,
  });
  return [
    { key: "sku", title: words.sku, width: 170, isFixed: true, render: (row) => <Link to="/stock/$sku" params={{ sku: row.sku }} className="mono cut" title={row.sku}>{row.sku}</Link> },
    { key: "name", title: words.name, render: (row) => <span className="line"><Cut text={row.name} /><Trouble row={row} words={words} />{row.waiting > 0 ? <span className="warn">{words.waiting(row.waiting)}</span> : null}</span> },
    units("on_hand", words.onHand), units("reserved", words.reserved), units("allocated", words.allocated), units("safety", words.safety, 84), units("frozen", words.frozen),
    { key: "available", title: words.available, width: 84, align: "right", render: (row) => <b><Units value={row.total.available} /></b> },
    { key: "houses", title: words.houses, width: 210, render: (row) => <Cut text={houses(row)} className="soft" /> },
    { key: "shown", title: words.shown, width: 170, render: (row) => <Cut text={told(row)} className="soft" /> },
  ];
}

export function card(row: BoardRow, words: Words) {
  return (
    <>
      <span className="line"><b className="mono cut">{row.sku}</b><Trouble row={row} words={words} /><b>{words.available} <Units value={row.total.available} /></b></span>
      <span className="line"><Cut text={row.name} />{row.waiting > 0 ? <span className="warn">{words.waiting(row.waiting)}</span> : null}</span>
      <span className="line dim"><Cut text={houses(row)} /><span>{words.onHand} {count(row.total.on_hand)}</span></span>
    </>
  );
}

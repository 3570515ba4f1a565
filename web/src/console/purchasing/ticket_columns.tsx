/** The columns of the list of tickets, and a ticket as a card on a phone. */
import { Link } from "@tanstack/react-router";
import type { PurchaseRow } from "@/api/generated/schema";
import { Cut, Money, Tag, When } from "@/shared/cells";
import { count } from "@/shared/money";
import type { Column } from "@/shared/table/list";
import type { PurchasingWords } from "@/words/purchasing";
import type { State } from "./search";

type TicketState = PurchaseRow["state"];
const TONES: Record<TicketState, "" | "warn" | "bad" | "good" | "brand" | "held"> = { draft: "", ordered: "brand", in_transit: "held", received: "good", cancelled: "" };

export function stateWord(state: State, words: PurchasingWords): string {
  return state === "draft" ? words.draftState : words[state];
}

export function StateTag({ state, words }: { state: TicketState; words: PurchasingWords }) {
  return <Tag text={stateWord(state, words)} tone={TONES[state]} />;
}

export function Promised({ day, isLate, words }: { day: string | null | undefined; isLate: boolean; words: PurchasingWords }) {
  return <span className="nowrap">{day ?? ""} {isLate ? <Tag text={words.lateTag} tone="bad" /> : null}</span>;
}

export function columns(words: PurchasingWords): readonly Column<PurchaseRow>[] {
  return [
    { key: "number", title: words.number, width: 165, isFixed: true, render: (row) => <Link to="/purchasing/tickets/$number" params={{ number: row.number }} className="mono cut">{row.number}</Link> },
    { key: "state", title: words.state, width: 100, render: (row) => <StateTag state={row.state} words={words} /> },
    { key: "supplier", title: words.supplier, width: 170, render: (row) => <Cut text={`${row.supplier_name || row.supplier} → ${row.warehouse ?? ""}`} /> },
    { key: "quantity", title: words.quantity, width: 85, align: "right", render: (row) => count(row.quantity) },
    { key: "came", title: words.came, width: 85, align: "right", render: (row) => count(row.received) },
    { key: "rest", title: words.rest, width: 85, align: "right", render: (row) => <b>{row.state === "draft" ? "" : count(row.rest)}</b> },
    { key: "promised", title: words.promised, width: 140, render: (row) => <Promised day={row.promised_on} isLate={row.is_late} words={words} /> },
    { key: "value", title: words.value, width: 110, align: "right", render: (row) => (row.amount && row.currency ? <Money minor={row.amount} currency={row.currency} /> : "") },
    { key: "reason", title: words.reason, render: (row) => <Cut text={row.reason} className="soft" /> },
    { key: "changed", title: words.changed, width: 90, render: (row) => <When at={row.changed_at} /> },
  ];
}

export function card(row: PurchaseRow, words: PurchasingWords) {
  return (
    <>
      <span className="line"><b className="mono cut">{row.number}</b><StateTag state={row.state} words={words} /></span>
      <span className="line"><Cut text={`${row.supplier_name || row.supplier} → ${row.warehouse ?? ""}`} /><Promised day={row.promised_on} isLate={row.is_late} words={words} /></span>
      <span className="line dim"><span>{words.quantity} {count(row.quantity)} · {words.came} {count(row.received)} · {words.rest} {count(row.rest)}</span><When at={row.changed_at} /></span>
    </>
  );
}

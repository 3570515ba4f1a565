/** The columns of the list of documents, and a document as a card on a phone. */
import { Link } from "@tanstack/react-router";
import type { DocumentRow } from "@/api/generated/schema";
import { Cut, Tag, When } from "@/shared/cells";
import { count } from "@/shared/money";
import type { Column } from "@/shared/table/list";
import type { DocumentWords } from "@/words/stock_documents";
import type { State } from "./search";

const TONES: Record<State, "" | "warn" | "bad" | "good" | "brand" | "held"> = {
  draft: "", counting: "brand", waiting_approval: "warn", posting: "held", posted: "good", refused: "bad", cancelled: "",
};

export function StateTag({ state, words }: { state: State; words: DocumentWords }) {
  return <Tag text={words[state]} tone={TONES[state]} />;
}

/** Who somebody is, without the kind that the log writes before the name. */
export function person(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function onTheWay(row: DocumentRow, words: DocumentWords): string {
  return row.in_transit > 0 ? words.inTransit(count(row.in_transit)) : "";
}

export function columns(words: DocumentWords): readonly Column<DocumentRow>[] {
  return [
    { key: "number", title: words.number, width: 170, isFixed: true, render: (row) => <Link to="/stock/documents/$number" params={{ number: row.number }} className="mono cut">{row.number}</Link> },
    { key: "kind", title: words.kind, width: 100, render: (row) => words[row.kind] },
    { key: "state", title: words.state, width: 130, render: (row) => <StateTag state={row.state} words={words} /> },
    { key: "why", title: words.why, render: (row) => <span className="line"><Cut text={row.reason} /><span className="warn">{onTheWay(row, words)}</span></span> },
    { key: "to", title: words.to, width: 100, render: (row) => row.to ?? "" },
    { key: "lines", title: words.lines, width: 70, align: "right", render: (row) => row.lines },
    { key: "units", title: words.units, width: 90, align: "right", render: (row) => count(row.units) },
    { key: "maker", title: words.maker, width: 120, render: (row) => <Cut text={person(row.maker)} className="soft" /> },
    { key: "changed", title: words.changed, width: 120, render: (row) => <When at={row.changed_at} /> },
  ];
}

export function card(row: DocumentRow, words: DocumentWords) {
  return (
    <>
      <span className="line"><b className="mono cut">{row.number}</b>{words[row.kind]}<StateTag state={row.state} words={words} /></span>
      <span className="line"><Cut text={row.reason} /><span className="warn">{onTheWay(row, words)}</span></span>
      <span className="line dim"><Cut text={person(row.maker)} /><When at={row.changed_at} /></span>
    </>
  );
}

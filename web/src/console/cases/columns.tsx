/** The columns of the queue, and its cards on a phone. */
import type { CaseView } from "@/api/generated/schema";
import { Cut, Limit, Tag, When } from "@/shared/cells";
import type { Column } from "@/shared/table/list";
import type { cases } from "@/words/cases";
import { worth } from "./line";

type Words = (typeof cases)["zh"] | (typeof cases)["en"];
type Title = (kind: "cases" | "roles", name: string) => string;
export const TONES = { critical: "bad", high: "warn", medium: "", low: "" } as const;

export function toneOf(severity: string): "bad" | "warn" | "" {
  return TONES[severity as keyof typeof TONES] ?? "";
}

function owner(row: CaseView, title: Title): string {
  return row.person ? `${title("roles", row.owner)} · ${row.person}` : title("roles", row.owner);
}

export function columns(words: Words, title: Title, line: (row: CaseView) => string): readonly Column<CaseView>[] {
  return [
    { key: "what", title: words.what, width: 200, render: (row) => <span className="line"><Tag text={title("cases", row.kind)} tone={toneOf(row.severity)} /><Cut text={row.order ?? ""} className="mono" /></span> },
    { key: "line", title: words.evidence, render: (row) => <Cut text={line(row)} /> },
    { key: "messages", title: words.hanging, width: 84, align: "right", render: (row) => (row.messages || (row.is_group ? row.count : null)) },
    { key: "money", title: words.money, width: 104, align: "right", render: (row) => <Cut text={worth(row.money)} className="figure" /> },
    { key: "left", title: words.left, width: 118, render: (row) => (row.resolved_at ? <When at={row.resolved_at} /> : <Limit due={row.due_at} began={row.opened_at} />) },
    { key: "owner", title: words.owner, width: 116, render: (row) => <Cut text={owner(row, title)} /> },
    { key: "tries", title: words.tries, width: 76, align: "right", render: (row) => row.tries || null },
  ];
}

export function card(row: CaseView, title: Title, line: (row: CaseView) => string) {
  return (
    <>
      <span className="line"><Tag text={title("cases", row.kind)} tone={toneOf(row.severity)} /><Limit due={row.due_at} began={row.opened_at} /></span>
      <span className="line"><Cut text={line(row)} /></span>
      <span className="line dim"><span>{owner(row, title)}</span><span className="figure">{worth(row.money)}</span></span>
    </>
  );
}

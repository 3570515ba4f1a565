/** The columns of the requests in doubt. */
import type { DoubtedRequest } from "@/api/generated/schema";
import { Cut, Tag, When } from "@/shared/cells";
import type { Column } from "@/shared/table/list";
import type { doubts } from "@/words/print";

export type Words = (typeof doubts)["zh"] | (typeof doubts)["en"];
const KINDS = ["label", "label_cancel", "pickup", "pickup_cancel"] as const;

export function kindOf(row: DoubtedRequest, words: Words): string {
  const known = KINDS.find((one) => one === row.kind);
  return known ? words[known] : row.kind;
}

export function StateTag({ row, words }: { row: DoubtedRequest; words: Words }) {
  if (row.delivery_state === "due") return <Tag text={words.asking} tone="brand" />;
  if (row.state === "asked") return <Tag text={words.askedState} tone="held" />;
  return <Tag text={row.state === "cancelling" ? words.cancelling : words.in_doubt} tone="bad" />;
}

export function columns(words: Words): readonly Column<DoubtedRequest>[] {
  return [
    { key: "what", title: words.what, width: 120, render: (row) => <Cut text={kindOf(row, words)} /> },
    { key: "number", title: words.number, width: 230, render: (row) => <Cut text={row.number} className="mono" /> },
    { key: "state", title: words.state, width: 140, render: (row) => <StateTag row={row} words={words} /> },
    { key: "account", title: words.account, width: 110, render: (row) => <Cut text={row.account} className="mono" /> },
    { key: "error", title: words.error, render: (row) => <Cut text={row.error} /> },
    { key: "by", title: words.by, width: 110, render: (row) => <Cut text={row.asked_by} /> },
    { key: "asked", title: words.asked, width: 110, render: (row) => <When at={row.asked_at} /> },
  ];
}

export function card(row: DoubtedRequest, words: Words) {
  return (
    <>
      <span className="line"><StateTag row={row} words={words} /><span className="mono">{row.account}</span><When at={row.asked_at} /></span>
      <b className="cut">{kindOf(row, words)}</b>
      <span className="line dim"><Cut text={row.number} className="mono" /><Cut text={row.error} /></span>
    </>
  );
}

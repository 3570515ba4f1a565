/** The columns of the print jobs. */
import type { PrintJob } from "@/api/generated/schema";
import { Cut, Tag, When } from "@/shared/cells";
import type { Column } from "@/shared/table/list";
import type { print } from "@/words/print";

export type Words = (typeof print)["zh"] | (typeof print)["en"];
const TONES = { queued: "", leased: "brand", printed: "good", failed: "bad", unknown: "held", cancelled: "" } as const;
const PAPERS = ["label", "slip", "pick_list", "wave_sheet", "code_labels"] as const;
const FAULTS = [
  "lease_over", "not_out", "unreachable", "broken_off", "cups", "folder", "not_found", "label_not_there", "label_hidden", "hidden_field", "not_possible",
] as const;

export function StateTag({ job, words }: { job: PrintJob; words: Words }) {
  const known = job.state as keyof typeof TONES;
  return <Tag text={known in TONES ? words[known] : job.state} tone={TONES[known] ?? ""} />;
}

export function paperOf(job: PrintJob, words: Words): string {
  const known = PAPERS.find((one) => one === job.paper);
  return `${known ? words[known] : job.paper}${job.reprint_of === null ? "" : ` · ${words.again}`}`;
}

/** An agent's word on what went wrong, its details behind a colon left to the title. */
export function faultOf(job: PrintJob, words: Words): string {
  const known = FAULTS.find((one) => one === job.error.split(":")[0]);
  return known ? words[known] : job.error;
}

function aboutOf(job: PrintJob): string {
  return job.paper === "label" ? `${job.about[0] ?? ""} · ${job.about[1] ?? "1"}` : job.about.join(" ");
}

export function columns(words: Words): readonly Column<PrintJob>[] {
  return [
    { key: "job", title: words.job, width: 70, render: (row) => <span className="mono">{row.id}</span> },
    { key: "state", title: words.state, width: 130, render: (row) => <StateTag job={row} words={words} /> },
    { key: "paper", title: words.paper, width: 150, render: (row) => <Cut text={paperOf(row, words)} /> },
    { key: "about", title: words.about, render: (row) => <Cut text={aboutOf(row)} className="mono" /> },
    { key: "printer", title: words.printer, width: 130, render: (row) => <Cut text={row.printer} className="mono" /> },
    { key: "error", title: words.error, width: 220, render: (row) => <Cut text={faultOf(row, words) || row.reason} /> },
    { key: "by", title: words.by, width: 110, render: (row) => <Cut text={row.made_by} /> },
    { key: "made", title: words.made, width: 110, render: (row) => <When at={row.made_at} /> },
  ];
}

export function card(row: PrintJob, words: Words) {
  return (
    <>
      <span className="line"><StateTag job={row} words={words} /><span className="mono">{row.printer}</span><When at={row.made_at} /></span>
      <b className="cut">{paperOf(row, words)}</b>
      <span className="line dim"><Cut text={aboutOf(row)} className="mono" /><Cut text={faultOf(row, words) || row.reason} /></span>
    </>
  );
}

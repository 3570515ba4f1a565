/** How far a table is, what was left out, and its file. */
import { Progress as Bar } from "antd";
import { useLanguage, useWords } from "@/words/language";
import { importGoods } from "@/words/import_goods";
import { useJob, useLeftOut } from "./queries";

export function Progress({ id }: { id: string }) {
  const words = useWords(importGoods);
  const language = useLanguage();
  const { data: job } = useJob(id);
  const refused = job?.refused ?? 0;
  const { data: left } = useLeftOut(id, refused > 0 && job?.state === "done");
  if (!job) return null;
  const share = job.row_count ? Math.round((job.done / job.row_count) * 100) : 0;
  if (job.state !== "done") {
    return job.state === "failed" ? <p className="bad" role="alert">{words.failed} {job.why?.[language]}</p> : <div role="status"><p>{words.running}</p><Bar percent={share} /></div>;
  }
  return (
    <div className="stack" role="status">
      <p>{job.file ? <a href={`/api/v1/jobs/${job.id}/file`} download>{words.download}</a> : <>{words.done(job.done - refused)}{refused > 0 ? words.left(refused) : ""}</>}</p>
      {left && left.rows.length > 0 ? (
        <>
          <h3>{words.reasons}</h3>
          {left.rows.map((row) => <p key={`${row.ref} ${row.facts["column"]}`}>{words.line} {row.ref} <span className="mono">{row.facts["value"]}</span> {row.facts[language]}</p>)}
        </>
      ) : null}
    </div>
  );
}

/** One print job beside the list, and what a person may say of it. */
import { useState } from "react";
import { Button, Drawer, Input } from "antd";
import type { PrintJob } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { useTold } from "@/shared/told";
import { To } from "@/shared/to";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { print } from "@/words/print";
import { StateTag, faultOf, paperOf } from "./columns";
import { useSay } from "./queries";
import type { Said } from "./queries";

export function Detail({ job, onClose }: { job: PrintJob; onClose: () => void }) {
  const words = useWords(print);
  return (
    <Drawer open mask={false} size={640} title={`${words.job} ${job.id}`} onClose={onClose}>
      <div className="stack">
        <dl className="kv">
          <dt>{words.state}</dt><dd><StateTag job={job} words={words} /></dd>
          <dt>{words.paper}</dt><dd>{paperOf(job, words)}</dd>
          <dt>{words.about}</dt><dd className="mono">{job.order_id && job.about[0] ? <To href={`/works?peek=${encodeURIComponent(job.about[0])}`}>{job.about[0]}</To> : job.about.join(" ")}</dd>
          <dt>{words.printer}</dt><dd className="mono">{job.printer} · {job.size}</dd>
          <dt>{words.made}</dt><dd><When at={job.made_at} isExact /> {job.made_by}</dd>
          {job.ended_at ? <><dt>{words.ended}</dt><dd><When at={job.ended_at} isExact /> {job.ended_by}</dd></> : null}
          {job.error ? <><dt>{words.error}</dt><dd title={job.error}>{faultOf(job, words)}</dd></> : null}
          {job.reprint_of === null ? null : <><dt>{words.reprintOf}</dt><dd><span className="mono">{job.reprint_of}</span> {job.reason}</dd></>}
        </dl>
        <Acts key={job.state} job={job} />
      </div>
    </Drawer>
  );
}

function Acts({ job }: { job: PrintJob }) {
  const words = useWords(print);
  const told = useTold();
  const say = useSay(job.id);
  const tell = (said: Said, text: string) => say.mutate(said, { onSuccess: () => told.done(text), onError: told.failed });
  if (!useMay()("works:write") || job.state === "leased") return null;
  if (job.state === "queued") return <div className="do"><Button loading={say.isPending} onClick={() => tell({ kind: "cancel" }, words.done)}>{words.takeBack}</Button></div>;
  if (job.state === "unknown") {
    return (
      <div className="alert warn" role="group" aria-label={words.unknown}>
        <p>{words.unknownMeans}</p>
        <div className="do">
          <Button type="primary" loading={say.isPending} onClick={() => tell({ kind: "answer", came_out: true }, words.done)}>{words.cameOut}</Button>
          <Button loading={say.isPending} onClick={() => tell({ kind: "answer", came_out: false }, words.done)}>{words.notOut}</Button>
        </div>
      </div>
    );
  }
  return <Again isBusy={say.isPending} onAgain={(reason, printer) => tell({ kind: "reprint", reason, printer }, words.queuedNow)} />;
}

function Again({ isBusy, onAgain }: { isBusy: boolean; onAgain: (reason: string, printer: string) => void }) {
  const words = useWords(print);
  const [reason, setReason] = useState("");
  const [printer, setPrinter] = useState("");
  return (
    <section className="stack">
      <h3>{words.reprint}</h3>
      <p className="dim">{words.reprintMeans}</p>
      <Input value={reason} aria-label={words.reason} placeholder={words.reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
      <Input value={printer} aria-label={words.otherPrinter} placeholder={words.otherPrinter} maxLength={60} onChange={(event) => setPrinter(event.target.value)} />
      <div className="do"><Button type="primary" disabled={reason.trim() === ""} loading={isBusy} onClick={() => onAgain(reason.trim(), printer.trim())}>{words.reprint}</Button></div>
    </section>
  );
}

/** The bar of the chosen messages: replayed as a job with a result for each, or discarded together with a reason. */
import { useState } from "react";
import { Button, Drawer, Input } from "antd";
import { JobProgress } from "@/shared/job_progress";
import { useChosen } from "@/shared/table/selection";
import type { Selection } from "@/shared/table/selection";
import { useTitles } from "@/shared/titles";
import { To } from "@/shared/to";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { messages } from "@/words/messages";
import type { MessageWords } from "@/words/messages";
import { shared } from "@/words/shared";
import { Ahead } from "./ahead";
import { reasonOf } from "@/shared/replay_ahead";
import { useAhead, useDiscard, useOld, useReplayMany } from "./queries";

const MOST = 500;

export function Bulk({ selection }: { selection: Selection }) {
  const words = useWords(messages) as MessageWords;
  const common = useWords(shared);
  const ids = useChosen(selection);
  const [asked, setAsked] = useState<"replay" | "discard">();
  if (ids.length === 0 && !asked) return null;
  const close = () => setAsked(undefined);
  return (
    <>
      {ids.length > 0 && !asked ? (
        <div className="bulk" role="region" aria-label={common.chosen(ids.length)}>
          <b>{common.chosen(ids.length)}</b>
          <Button type="primary" disabled={ids.length > MOST} onClick={() => setAsked("replay")}>{words.replay}</Button>
          <Button disabled={ids.length > MOST} onClick={() => setAsked("discard")}>{words.discard}</Button>
          <button type="button" className="bare" onClick={() => selection.clear()}>{common.clear}</button>
        </div>
      ) : null}
      {asked === "replay" ? <Replay ids={ids} onClose={close} onDone={() => selection.clear()} /> : null}
      {asked === "discard" ? <Discard ids={ids} onClose={close} onDone={() => { selection.clear(); close(); }} /> : null}
    </>
  );
}

function Replay({ ids, onClose, onDone }: { ids: readonly string[]; onClose: () => void; onDone: () => void }) {
  const words = useWords(messages) as MessageWords;
  const title = useTitles();
  const told = useTold();
  const [chosen] = useState(ids);
  const [job, setJob] = useState<string>();
  const old = useOld();
  const ahead = useAhead(chosen);
  const many = useReplayMany();
  const all: Record<string, unknown> = words;
  const why = (code: string) => (typeof all[`reason_${code}`] === "string" ? String(all[`reason_${code}`]) : reasonOf({ reason: code }, words, (kind) => title("cases", kind)));
  const begin = () => many.mutate(chosen, {
    onSuccess: (begun) => { setJob(begun.job); onDone(); },
    onError: told.failed,
  });
  return (
    <Drawer open mask={false} size={640} title={words.replayMany(chosen.length)} onClose={onClose}>
      {job ? (
        <JobProgress
          id={job} running={words.jobRuns} done={words.jobDone} onOver={() => void old()}
          renderRow={(row) => (
            <>
              <To href={`/messages/${row.ref}`} className="mono">…{row.ref.slice(-6)}</To>{" "}
              {row.result === "done" ? words.rowDone : row.result === "unchanged" ? words.rowUnchanged : words.rowRefused} {row.facts["order"] ? <To href={`/orders/${row.facts["order"]}`} className="mono">{row.facts["order"]}</To> : <span className="dim">{why(row.code)}</span>}
            </>
          )}
        />
      ) : (
        <div className="stack">
          <h3>{words.ahead}</h3>
          <Ahead query={ahead} asked={chosen.length} />
          <div className="do"><Button type="primary" disabled={!ahead.data} loading={many.isPending} onClick={begin}>{words.replayMany(chosen.length)}</Button></div>
        </div>
      )}
    </Drawer>
  );
}

function Discard({ ids, onClose, onDone }: { ids: readonly string[]; onClose: () => void; onDone: () => void }) {
  const words = useWords(messages) as MessageWords;
  const common = useWords(shared);
  const told = useTold();
  const [reason, setReason] = useState("");
  const discard = useDiscard();
  const send = () => discard.mutate({ ids, reason }, {
    onSuccess: (done) => { told.done(words.discardDone(done.messages)); onDone(); },
    onError: told.failed,
  });
  return (
    <Drawer open mask={false} size={640} title={words.discardMany(ids.length)} onClose={onClose}>
      <div className="stack">
        <p className="soft">{words.discardMeans}</p>
        <Input autoFocus aria-label={common.reason} placeholder={common.reasonNeeded} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        <div className="do"><Button danger disabled={reason.trim().length < 4} loading={discard.isPending} onClick={send}>{words.discardMany(ids.length)}</Button><Button onClick={onClose}>{common.cancel}</Button></div>
      </div>
    </Drawer>
  );
}

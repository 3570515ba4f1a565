/** One request in doubt beside the list, and the three ways in which a doubt ends. */
import { useState } from "react";
import { Button, Drawer, Input } from "antd";
import type { DoubtedRequest } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { useTold } from "@/shared/told";
import { To } from "@/shared/to";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { doubts } from "@/words/print";
import { shared } from "@/words/shared";
import { StateTag, kindOf } from "./columns";
import { useEnd } from "./queries";
import type { Ended } from "./queries";

export function Detail({ row, onClose }: { row: DoubtedRequest; onClose: () => void }) {
  const words = useWords(doubts);
  return (
    <Drawer open mask={false} size={640} title={`${kindOf(row, words)} ${row.number}`} onClose={onClose}>
      <div className="stack">
        <dl className="kv">
          <dt>{words.state}</dt><dd><StateTag row={row} words={words} /></dd>
          <dt>{words.order}</dt><dd className="mono"><To href={`/orders/${row.order}`}>{row.order}</To></dd>
          <dt>{words.work}</dt><dd className="mono"><To href={`/works?peek=${encodeURIComponent(row.work)}`}>{row.work}</To> · {words.box} {row.box}</dd>
          <dt>{words.account}</dt><dd className="mono">{row.account}</dd>
          <dt>{words.asked}</dt><dd><When at={row.asked_at} isExact /> {row.asked_by}</dd>
          {row.error ? <><dt>{words.error}</dt><dd>{row.error}</dd></> : null}
        </dl>
        <Acts row={row} />
      </div>
    </Drawer>
  );
}

function Acts({ row }: { row: DoubtedRequest }) {
  const words = useWords(doubts);
  const told = useTold();
  const end = useEnd(row);
  const tell = (ended: Ended) => end.mutate(ended, { onSuccess: () => told.done(ended.kind === "ask" ? words.asking : words.done), onError: told.failed });
  if (!useMay()("deliveries:write") || row.delivery === null || row.delivery_state === "due") return null;
  return (
    <>
      <section className="stack">
        <h3>{words.askAgain}</h3>
        <p className="dim">{words.askAgainMeans}</p>
        <div className="do"><Button type="primary" loading={end.isPending} onClick={() => tell({ kind: "ask" })}>{words.askAgain}</Button></div>
      </section>
      {row.kind === "label" && row.state === "in_doubt" ? <Found isBusy={end.isPending} onFound={(waybill, evidence) => tell({ kind: "found", waybill, evidence })} /> : null}
      {row.delivery_state === "parked" ? <None isBusy={end.isPending} onNone={(reason) => tell({ kind: "none", reason })} /> : null}
    </>
  );
}

function Found({ isBusy, onFound }: { isBusy: boolean; onFound: (waybill: string, evidence: string) => void }) {
  const words = useWords(doubts);
  const [waybill, setWaybill] = useState("");
  const [evidence, setEvidence] = useState("");
  return (
    <section className="stack">
      <h3>{words.found}</h3>
      <p className="dim">{words.foundMeans}</p>
      <Input value={waybill} aria-label={words.waybill} placeholder={words.waybill} maxLength={40} onChange={(event) => setWaybill(event.target.value)} />
      <Input value={evidence} aria-label={words.evidence} placeholder={words.evidence} maxLength={500} onChange={(event) => setEvidence(event.target.value)} />
      <div className="do"><Button disabled={waybill.trim() === "" || evidence.trim() === ""} loading={isBusy} onClick={() => onFound(waybill.trim(), evidence.trim())}>{words.enter}</Button></div>
    </section>
  );
}

function None({ isBusy, onNone }: { isBusy: boolean; onNone: (reason: string) => void }) {
  const words = useWords(doubts);
  const common = useWords(shared);
  const [reason, setReason] = useState("");
  return (
    <section className="stack">
      <h3>{words.none}</h3>
      <p className="dim">{words.noneMeans}</p>
      <Input value={reason} aria-label={words.giveUp} placeholder={common.reasonNeeded} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      <div className="do"><Button danger disabled={reason.trim().length < 4} loading={isBusy} onClick={() => onNone(reason.trim())}>{words.giveUp}</Button></div>
    </section>
  );
}

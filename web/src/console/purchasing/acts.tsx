/** What may be done to a ticket now: order it, note that it was sent, another day, or that no more is waited for. */
import { useState } from "react";
import { Button, DatePicker, Input } from "antd";
import type { PurchaseView } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { purchasing } from "@/words/purchasing";
import { shared } from "@/words/shared";
import { useStep } from "./queries";
import type { Step } from "./queries";

type Act = Step["act"];
const ACTS: readonly Act[] = ["order", "ship", "promise", "close"];

export function Acts({ ticket }: { ticket: PurchaseView }) {
  const words = useWords(purchasing);
  const tell = useTold();
  const step = useStep(ticket.number);
  const [asked, setAsked] = useState<Act>();
  const open = ACTS.filter((act) => ticket.may.includes(act));
  const nameOf = (act: Act) => (act === "close" && ticket.state === "draft" ? words.closeDraft : words[act]);
  const take = (given: Step) => step.mutate(given, { onSuccess: () => { tell.done(words[`done_${given.act}`]); setAsked(undefined); }, onError: tell.failed });
  if (open.length === 0) return null;
  return (
    <section className="stack">
      <div className="do">
        {open.map((act) => <Button key={act} type={act === "order" ? "primary" : "default"} aria-expanded={asked === act} onClick={() => setAsked(asked === act ? undefined : act)}>{nameOf(act)}</Button>)}
      </div>
      {asked ? <Ask key={asked} act={asked} name={nameOf(asked)} isBusy={step.isPending} onTake={take} onLeave={() => setAsked(undefined)} /> : null}
    </section>
  );
}

interface AskProps {
  act: Act;
  name: string;
  isBusy: boolean;
  onTake: (step: Step) => void;
  onLeave: () => void;
}

function Ask({ act, name, isBusy, onTake, onLeave }: AskProps) {
  const words = useWords(purchasing);
  const common = useWords(shared);
  const [day, setDay] = useState("");
  const [text, setText] = useState("");
  const hasReason = act === "promise" || act === "close";
  const isWhole = (!hasReason || text.trim().length >= 4) && (act !== "promise" || day !== "");
  const stepOf = (): Step => {
    if (act === "order") return { act, body: { promised_on: day || null } };
    if (act === "ship") return { act, body: { promised_on: day || null, waybill: text.trim() } };
    return act === "promise" ? { act, body: { promised_on: day, reason: text.trim() } } : { act, body: { reason: text.trim(), lines: [] } };
  };
  return (
    <form className="alert warn stack" aria-label={name} onSubmit={(event) => { event.preventDefault(); if (isWhole) onTake(stepOf()); }}>
      {act === "order" ? <p>{words.orderMeans}</p> : act === "close" ? <p>{words.closeMeans}</p> : null}
      {act === "close" ? null : <DatePicker format="YYYY-MM-DD" placeholder={act === "promise" ? words.promisedOn : `${words.promisedOn} · ${words.leadDay}`} aria-label={words.promisedOn} onChange={(at) => setDay(at ? at.format("YYYY-MM-DD") : "")} />}
      {act === "ship" ? <Input value={text} placeholder={words.waybill} aria-label={words.waybill} maxLength={100} onChange={(event) => setText(event.target.value)} /> : null}
      {hasReason ? <Input value={text} placeholder={common.reasonNeeded} aria-label={common.reason} maxLength={500} onChange={(event) => setText(event.target.value)} /> : null}
      <div className="do">
        <Button htmlType="submit" type="primary" danger={act === "close"} disabled={!isWhole} loading={isBusy}>{name}</Button>
        <Button onClick={onLeave}>{common.back}</Button>
      </div>
    </form>
  );
}

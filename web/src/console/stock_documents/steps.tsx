/** The bar of what may be done now: submit, approve, refuse, cancel. Why it waits stands beside it. */
import { useState } from "react";
import { Button, Input } from "antd";
import type { StockDocumentView } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { documents } from "@/words/stock_documents";
import { person } from "./columns";
import { useStep } from "./queries";

type Step = "submit" | "approve" | "refuse" | "cancel";

export function Steps({ document }: { document: StockDocumentView }) {
  const words = useWords(documents);
  const tell = useTold();
  const step = useStep(document.number);
  const [asked, setAsked] = useState<"refuse" | "cancel">();
  const may = (one: Step) => document.may.includes(one);
  const take = (act: Step, reason = "") => step.mutate({ act, reason }, {
    onSuccess: () => { tell.done(words[`done_${act}`]); setAsked(undefined); }, onError: tell.failed,
  });
  const why = { units: words.overUnits, amount: words.overAmount, currency: words.overCurrency }[document.why] ?? "";
  return (
    <section className="stack">
      {document.state === "waiting_approval" ? <p className="alert warn">{words.waits(why, document.held_for.join("、"))}</p> : null}
      {document.judge || document.answer ? <p className="soft">{document.judge ? words.judged(person(document.judge), document.answer || words.done_approve) : document.answer}</p> : null}
      <div className="do">
        {may("submit") ? <Button type="primary" loading={step.isPending} onClick={() => take("submit")}>{document.kind === "count" ? words.begin : words.submit}</Button> : null}
        {may("approve") ? <Button type="primary" loading={step.isPending} onClick={() => take("approve")}>{words.approve}</Button> : null}
        {may("refuse") ? <Button danger onClick={() => setAsked("refuse")}>{words.refuse}</Button> : null}
        {may("cancel") ? <Button onClick={() => setAsked("cancel")}>{words.cancel}</Button> : null}
      </div>
      {asked ? <Why key={asked} step={asked} isBusy={step.isPending} onAct={(reason) => take(asked, reason)} onLeave={() => setAsked(undefined)} /> : null}
    </section>
  );
}

interface WhyProps {
  step: "refuse" | "cancel";
  isBusy: boolean;
  onAct: (reason: string) => void;
  onLeave: () => void;
}

function Why({ step, isBusy, onAct, onLeave }: WhyProps) {
  const words = useWords(documents);
  const common = useWords(shared);
  const [reason, setReason] = useState("");
  return (
    <form className="alert warn stack" aria-label={words[step]} onSubmit={(event) => { event.preventDefault(); if (reason.trim().length >= 4) onAct(reason.trim()); }}>
      <p>{words[`${step}Means`]}</p>
      <Input value={reason} placeholder={common.reasonNeeded} aria-label={common.reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      <div className="do">
        <Button htmlType="submit" danger disabled={reason.trim().length < 4} loading={isBusy}>{words[step]}</Button>
        <Button onClick={onLeave}>{common.back}</Button>
      </div>
    </form>
  );
}

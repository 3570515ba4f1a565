/** The seller's answer to what a buyer asked for after the sale: the platform is told, and what it makes of it comes back. */
import { useState } from "react";
import { Button, Input, Segmented } from "antd";
import type { AfterSaleView } from "@/api/generated/schema";
import { asProblem } from "@/api/problem";
import { Money } from "@/shared/cells";
import { Show } from "@/shared/states/show";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { shared } from "@/words/shared";
import { useApplications, useDecide } from "../queries";
import type { MenderProps } from "./shapes";

type Decision = "granted" | "declined";

export function Decide({ found, mend, onDone }: MenderProps) {
  const words = useWords(cases);
  const order = found.order ?? mend.order;
  const query = useApplications(order ?? "");
  return (
    <div className="body stack">
      <Show query={query} rows={2}>{(detail) => {
        const open = detail.after_sales.filter((one) => !one.decision && found.subject.includes(one.external_id));
        const shown = open.length > 0 ? open : detail.after_sales.filter((one) => !one.decision);
        if (shown.length === 0) return <p className="soft">{words.noApplication}</p>;
        return shown.map((one) => <Application key={one.external_id} order={order ?? ""} one={one} onDone={() => onDone(0)} />);
      }}</Show>
    </div>
  );
}

function Application({ order, one, onDone }: { order: string; one: AfterSaleView; onDone: () => void }) {
  const words = useWords(cases);
  const common = useWords(shared);
  const language = useLanguage();
  const [decision, setDecision] = useState<Decision>("granted");
  const [reason, setReason] = useState("");
  const decide = useDecide(order);
  const send = () => void decide.mutateAsync({ application: one.external_id, body: { decision, reason: reason.trim(), amount: null } }).then(onDone).catch(() => undefined);
  return (
    <section className="stack">
      <p className="line"><span className="mono">{one.external_id}</span> <b>{one.native || one.kind}</b> <Money minor={one.amount} currency={one.currency} /> <span className="soft">{one.reason}</span></p>
      <Segmented<Decision> value={decision} onChange={setDecision} options={[{ value: "granted", label: words.grant }, { value: "declined", label: words.decline }]} />
      <p className="soft">{decision === "granted" ? words.grantMeans : words.declineMeans}</p>
      <Input aria-label={words.reason} value={reason} maxLength={500} placeholder={common.reasonNeeded} onChange={(event) => setReason(event.target.value)} />
      {decide.error ? <p className="alert bad" role="alert">{oneLanguage(asProblem(decide.error).detail, language)}</p> : null}
      <div className="do"><Button type="primary" danger={decision === "declined"} disabled={reason.trim().length < 4} loading={decide.isPending} onClick={send}>{decision === "granted" ? words.grant : words.decline}</Button></div>
    </section>
  );
}

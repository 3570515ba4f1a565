/** A missed order, sent at once: its number in, its goods, places, wave and label out. */
import { useState } from "react";
import { Alert, Button, Input, Modal } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { Rescued, RescueWork } from "@/api/generated/schema";
import { actor } from "@/shared/happened";
import { To } from "@/shared/to";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { order as orderWords } from "@/words/order";
import { works } from "@/words/works";

function useRescue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reference: string) => got(api.POST("/api/v1/orders/{reference}/rescue", {
      params: { path: { reference } }, body: { account: "", carrier: "", product: "", weight_g: 1000 },
    })) as Promise<Rescued>,
    onSuccess: () => void client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith("/api/v1/works") }),
  });
}

export function Rescue() {
  const words = useWords(works);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{words.rescue}</Button>
      {isOpen ? <Asked onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Asked({ onClose }: { onClose: () => void }) {
  const words = useWords(works);
  const language = useLanguage();
  const [number, setNumber] = useState("");
  const rescue = useRescue();
  const ask = () => number.trim() && rescue.mutate(number.trim());
  return (
    <Modal open title={words.rescue} footer={null} onCancel={onClose} width={640}>
      <div className="stack">
        <p className="dim">{words.rescueMeans}</p>
        <div className="line">
          <Input autoFocus className="mono grow" aria-label={words.order} placeholder={words.order} value={number} maxLength={200} onChange={(event) => setNumber(event.target.value)} onPressEnter={ask} />
          <Button type="primary" loading={rescue.isPending} disabled={!number.trim()} onClick={ask}>{words.rescueNow}</Button>
        </div>
        {rescue.error ? <Alert type="error" showIcon title={oneLanguage(asProblem(rescue.error).detail, language)} /> : null}
        {rescue.data?.works.map((work) => <Saved key={work.number} work={work} />)}
      </div>
    </Modal>
  );
}

function Saved({ work }: { work: RescueWork }) {
  const words = useWords(works);
  const order = useWords(orderWords);
  const language = useLanguage();
  const goods = work.picks.length > 0 ? work.picks : work.lines.map((line) => ({ ...line, place: "", lot: "" }));
  return (
    <section className="stack" aria-label={work.number}>
      <h3><To href={`/works?peek=${encodeURIComponent(work.number)}`}><span className="mono">{work.number}</span></To></h3>
      <dl className="kv">
        <dt>{words.warehouse}</dt><dd className="mono">{work.warehouse}</dd>
        <dt>{words.inHand}</dt><dd>{work.system || (work.accepted_by ? actor(work.accepted_by, order) : "–")}</dd>
        <dt>{words.wave}</dt><dd className="mono">{work.wave || "–"}</dd>
        <dt>{words.waybill}</dt><dd className="mono">{work.waybill || (work.label ? words.labelAsked : "–")}</dd>
      </dl>
      <ul className="stack">
        {goods.map((one) => (
          <li key={`${one.sku}${one.place}${one.lot}`} className="line">
            <b className="mono">{one.place}</b><span className="mono">{one.sku}</span><span className="dim">{one.lot}</span><span className="grow" /><b>{words.units(one.units)}</b>
          </li>
        ))}
      </ul>
      {work.refused.map((step) => <Alert key={step.step} type="warning" showIcon title={oneLanguage(step.detail, language)} />)}
    </section>
  );
}

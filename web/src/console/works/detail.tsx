/** One work beside the list: its goods, its boxes, and the next step that a person books. */
import { useState } from "react";
import { App, Button, Drawer, Input } from "antd";
import { asProblem } from "@/api/problem";
import type { HandWork } from "@/api/generated/schema";
import { Receiver, When } from "@/shared/cells";
import { Show } from "@/shared/states/show";
import { useTitles } from "@/shared/titles";
import { To } from "@/shared/to";
import { useMay } from "@/shell/me";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { works } from "@/words/works";
import { StateTag } from "./columns";
import { useTold, useWork } from "./queries";
import type { Done, Left } from "./queries";

export function Detail({ number, onClose }: { number: string; onClose: () => void }) {
  const words = useWords(works);
  const query = useWork(number);
  return (
    <Drawer open mask={false} size={640} title={`${words.title} ${number}`} onClose={onClose}>
      <Show query={query}>{(found) => <One work={found} />}</Show>
    </Drawer>
  );
}

function One({ work }: { work: HandWork }) {
  const words = useWords(works);
  const title = useTitles();
  return (
    <div className="stack">
      <dl className="kv">
        <dt>{words.order}</dt><dd className="mono"><To href={`/orders/${work.order}`}>{work.order}</To></dd>
        <dt>{words.warehouse}</dt><dd className="mono">{work.warehouse}</dd>
        <dt>{words.state}</dt><dd><StateTag work={work} words={words} /></dd>
        <dt>{words.receiver}</dt><dd><Receiver name={work.receiver.name} city={work.receiver.city} /></dd>
        <dt>{words.created}</dt><dd><When at={work.created_at} isExact /></dd>
        {work.note ? <><dt>{words.note}</dt><dd>{work.note}</dd></> : null}
      </dl>
      <h3>{words.goods}</h3>
      <ul className="stack">
        {work.lines.map((line) => (
          <li key={line.line_no} className="line">
            <span className="mono">{line.sku}</span><span className="cut">{line.title}</span><span className="grow" />
            <b>{words.units(line.quantity)}</b>{line.boxed > 0 ? <span className="dim">{words.boxed(line.boxed)}</span> : null}
          </li>
        ))}
      </ul>
      {work.boxes.length > 0 ? <h3>{words.boxes}</h3> : null}
      {work.boxes.map((box) => <p key={box.parcel_no} className="line"><span>{title("carriers", box.carrier)}</span><span className="mono">{box.waybill || words.noWaybill}</span></p>)}
      <div className="do"><Button href={`/api/v1/works/${encodeURIComponent(work.number)}/paper?paper=slip`} target="_blank">{words.slip}</Button></div>
      <Next work={work} />
    </div>
  );
}

/** What is to be done next; packing may be skipped, as the floor skips it. */
function Next({ work }: { work: HandWork }) {
  const words = useWords(works);
  const language = useLanguage();
  const { message } = App.useApp();
  const tell = useTold(work.number);
  const say = (step: Done | Left) => tell.mutate(step, {
    onSuccess: () => void message.success(words.told), onError: (error) => void message.error(oneLanguage(asProblem(error).detail, language)),
  });
  if (!useMay()("works:write") || work.state === "out" || work.state === "cancelled") return null;
  return (
    <>
      <div className="do">
        {work.state === "to_pick" ? <Button type="primary" loading={tell.isPending} onClick={() => say("picked")}>{words.doPicked}</Button> : null}
        {work.state === "picked" ? <Button type="primary" loading={tell.isPending} onClick={() => say("packed")}>{words.doPacked}</Button> : null}
      </div>
      <Out isNext={work.state === "packed"} isBusy={tell.isPending} onOut={say} />
    </>
  );
}

function Out({ isNext, isBusy, onOut }: { isNext: boolean; isBusy: boolean; onOut: (left: Left) => void }) {
  const words = useWords(works);
  const [typed, setTyped] = useState({ carrier: "", waybill: "", reason: "" });
  const field = (name: keyof typeof typed, label: string, means = "") => [
    <dt key={`${name}-t`}><label htmlFor={`out-${name}`}>{label}</label></dt>,
    <dd key={`${name}-d`}>
      <Input id={`out-${name}`} value={typed[name]} maxLength={name === "reason" ? 500 : 200} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} />
      {means ? <small className="dim">{means}</small> : null}
    </dd>,
  ];
  return (
    <section className="stack">
      <h3>{words.doOut}</h3>
      <dl className="kv">
        {field("carrier", words.carrier)}
        {field("waybill", words.waybill, words.waybillMeans)}
        {field("reason", words.reason, words.reasonMeans)}
      </dl>
      <div className="do"><Button type={isNext ? "primary" : "default"} loading={isBusy} onClick={() => onOut(typed)}>{words.handOver}</Button></div>
    </section>
  );
}

/** One wave beside the list: its works, its tasks in the order of the walk, who picks, and what happened. */
import "./waves.css";
import { useState } from "react";
import { Button, Drawer, Input } from "antd";
import type { PickTaskView, SubjectFact, WaveView, WaveWorkView } from "@/api/generated/schema";
import { Tag, When } from "@/shared/cells";
import { count } from "@/shared/money";
import { Show } from "@/shared/states/show";
import { To } from "@/shared/to";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useLanguage, useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { waves } from "@/words/waves";
import { person, Progress, StateTag } from "./columns";
import type { WaveWords } from "./columns";
import { useGiveUp, useLabels, useRelease, useWave } from "./queries";

const FACTS_SHOWN = 30;

export function Detail({ number, onClose }: { number: string; onClose: () => void }) {
  const query = useWave(number);
  return (
    <Drawer open mask={false} size={720} title={<span className="mono">{number}</span>} onClose={onClose}>
      <Show query={query}>{(found) => <Whole wave={found} />}</Show>
    </Drawer>
  );
}

function sums(tasks: readonly PickTaskView[]) {
  const sum = (of: (task: PickTaskView) => number) => tasks.reduce((all, task) => all + of(task), 0);
  return { units: sum((task) => task.quantity), picked: sum((task) => task.picked), packed: sum((task) => task.packed), short: sum((task) => task.short) };
}

function Whole({ wave }: { wave: WaveView }) {
  const words = useWords(waves);
  return (
    <div className="stack wave-one">
      <dl className="kv">
        <dt>{words.state}</dt><dd><StateTag state={wave.state} words={words} /> <Progress wave={sums(wave.tasks)} words={words} /></dd>
        <dt>{words.warehouse}</dt><dd className="mono">{wave.warehouse}</dd>
        <dt>{words.kind}</dt><dd>{words[wave.kind]}</dd>
        <dt>{words.due}</dt><dd><When at={wave.due_at} isExact /></dd>
        <dt>{words.maker}</dt><dd>{person(wave.maker)} <When at={wave.opened_at} /></dd>
      </dl>
      <Acts wave={wave} />
      <Papers wave={wave} />
      <h3>{words.works}</h3>
      <ul className="stack">{wave.works.map((work) => <Work key={work.work} work={work} words={words} />)}</ul>
      {wave.tasks.length > 0 ? <Tasks tasks={wave.tasks} words={words} /> : null}
      <h3>{words.history}</h3>
      <History facts={wave.history} words={words} />
    </div>
  );
}

function Work({ work, words }: { work: WaveWorkView; words: WaveWords }) {
  return (
    <li className="line">
      {work.slot > 0 ? <b className="mono" title={words.slot}>{work.slot}</b> : null}
      <To href={`/works?peek=${encodeURIComponent(work.work)}`}><span className="mono">{work.work}</span></To><span className="grow" />
      <span>{words.progress(count(work.picked), count(work.units))}</span>
      {work.is_boxed ? <Tag text={words.boxed} tone="good" /> : null}{work.is_live || work.is_boxed ? null : <Tag text={words.left} />}
    </li>
  );
}

function Tasks({ tasks, words }: { tasks: readonly PickTaskView[]; words: WaveWords }) {
  return (
    <>
      <h3>{words.tasks}</h3>
      <div className="scrolls">
        <table className="wave-tasks">
          <thead><tr><th>{words.place}</th><th>{words.sku}</th><th>{words.lot}</th><th>{words.rest}</th><th>{words.picked}</th><th>{words.shortHead}</th><th>{words.picker}</th></tr></thead>
          <tbody>
            {tasks.map((task) => (
              <tr key={task.task}>
                <td className="mono"><b>{task.place}</b></td><td><span className="mono">{task.sku}</span> <span className="dim">{task.name}</span></td><td className="mono">{task.lot}</td>
                <td>{count(task.rest)}</td><td>{count(task.picked)}{task.to_put_back > 0 ? <> <Tag text={words.putBack(count(task.to_put_back))} tone="warn" /></> : null}</td>
                <td>{task.short > 0 ? <b className="bad">{count(task.short)}</b> : ""}</td><td>{person(task.picker)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Acts({ wave }: { wave: WaveView }) {
  const words = useWords(waves);
  const common = useWords(shared);
  const tell = useTold();
  const release = useRelease(wave.number);
  const giveUp = useGiveUp(wave.number);
  const [reason, setReason] = useState<string>();
  if (!useMay()("works:write") || wave.state === "closed" || wave.state === "cancelled") return null;
  if (reason === undefined) {
    return (
      <div className="do">
        {wave.state === "planned" ? <Button type="primary" loading={release.isPending} onClick={() => release.mutate(undefined, { onSuccess: () => tell.done(words.isReleased), onError: tell.failed })}>{words.release}</Button> : null}
        <Button onClick={() => setReason("")}>{words.giveUp}</Button>
      </div>
    );
  }
  const end = () => giveUp.mutate(reason.trim(), { onSuccess: () => { tell.done(words.isCancelled); setReason(undefined); }, onError: tell.failed });
  return (
    <form className="alert warn stack" aria-label={words.giveUp} onSubmit={(event) => { event.preventDefault(); if (reason.trim()) end(); }}>
      <p>{words.giveUpMeans}</p>
      <Input value={reason} placeholder={common.reasonNeeded} aria-label={common.reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      <div className="do"><Button htmlType="submit" danger disabled={!reason.trim()} loading={giveUp.isPending}>{words.giveUp}</Button><Button onClick={() => setReason(undefined)}>{common.back}</Button></div>
    </form>
  );
}

/** For who picks from paper: what is still to be fetched while it can be, and the works with their slots. */
function Papers({ wave }: { wave: WaveView }) {
  const words = useWords(waves);
  const language = useLanguage();
  const labels = useLabels(wave.number);
  const { failed } = useTold();
  const may = useMay()("works:write");
  const at = (paper: string) => `/api/v1/floor/waves/${encodeURIComponent(wave.number)}/paper?paper=${paper}`;
  const told = labels.data;
  return (
    <div className="stack">
    <div className="do">
      {may && wave.state === "released" ? <Button loading={labels.isPending} onClick={() => labels.mutate(undefined, { onError: failed })}>{words.buyLabels}</Button> : null}
      {wave.state === "released" ? <Button href={at("pick")} target="_blank">{words.pickList}</Button> : null}
      {wave.works.length > 0 ? <Button href={at("wave")} target="_blank">{words.sheet}</Button> : null}
    </div>
    {told ? <p role="status">{words.labelsTold(count(told.asked), count(told.known))}</p> : null}
    {told && told.refused.length > 0 ? <ul className="alert warn stack">{told.refused.slice(0, FACTS_SHOWN).map((one) => <li key={one.work}><span className="mono">{one.work}</span> {one.words[language]}</li>)}</ul> : null}
    </div>
  );
}

function History({ facts, words }: { facts: readonly SubjectFact[]; words: WaveWords }) {
  const title = (kind: string) => (kind in words ? String(words[kind as "wave_planned"]) : kind);
  const newest = facts.toReversed().slice(0, FACTS_SHOWN);
  return (
    <ol className="stack">
      {newest.map((fact) => {
        const { reason } = fact.facts as { reason?: unknown };
        return <li key={fact.seq}><When at={fact.at} /> <b>{title(fact.kind)}</b> <span className="soft">{person(fact.actor)}</span>{typeof reason === "string" ? <span className="soft"> · {reason}</span> : null}</li>;
      })}
      {facts.length > newest.length ? <li className="dim">{words.more(count(facts.length - newest.length))}</li> : null}
    </ol>
  );
}

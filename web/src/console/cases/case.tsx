/** From evidence to mended without leaving: what is wrong, how much hangs on it, what is proposed, what it would change. */
import { useState } from "react";
import { App, Button, Dropdown } from "antd";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import type { CaseDetail, Mend, Mends } from "@/api/generated/schema";
import { Limit, Tag, When } from "@/shared/cells";
import { Show } from "@/shared/states/show";
import { useTitles } from "@/shared/titles";
import { useNow } from "@/shared/clock";
import { useKeys } from "@/shell/keys";
import { useMay } from "@/shell/me";
import { useTabTitle } from "@/shell/page";
import { useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { shared } from "@/words/shared";
import { Ask, later, useAct } from "./bulk";
import { Evidence } from "./evidence";
import { useLine, worth } from "./line";
import { Mender } from "./menders";
import { wayName } from "./menders/shapes";
import { useCase, useCases, useMends } from "./queries";
import "./cases.css";

const route = getRouteApi("/cases/$id");

export default function OneCase() {
  const { id } = route.useParams();
  const query = useCase(id);
  return <Show query={query}>{(found) => <Found key={found.id} found={found} />}</Show>;
}

function Found({ found }: { found: CaseDetail }) {
  const words = useWords(cases);
  const title = useTitles();
  const named = title("cases", found.kind);
  useTabTitle(named);
  const mends = useMends(found.id);
  const spelling = found.kind === "unknown_sku" && found.line.code === "problem" ? String((found.line.facts as Record<string, unknown>)["value"] ?? "") : (found.order ?? "");
  return (
    <>
      <Heading found={found} named={named} spelling={spelling} />
      <Says found={found} />
      <div className="mending">
        <div className="col">
          <Evidence found={found} />
          <About found={found} mends={mends.data} />
        </div>
        <div className="col">
          {found.resolved_at ? <p className="alert info">{words.ended(found.resolved_by ?? "")} · <When at={found.resolved_at} /> {found.resolution}</p> : <Show query={mends}>{(all) => <Ways found={found} all={all} />}</Show>}
        </div>
      </div>
    </>
  );
}

function Heading({ found, named, spelling }: { found: CaseDetail; named: string; spelling: string }) {
  const words = useWords(cases);
  const navigate = route.useNavigate();
  const may = useMay();
  const [asked, setAsked] = useState<"assign" | "resolve" | "reopen">();
  const act = useAct([found.id], () => setAsked(undefined));
  const list = useCases({ kind: found.kind }).data?.cases ?? [];
  const at = list.findIndex((one) => one.id === found.id);
  const step = (by: number) => {
    const next = list[at + by];
    if (next) void navigate({ to: "/cases/$id", params: { id: next.id }, search: {} });
  };
  const snooze = (choice: "1h" | "4h" | "day") => act({ verb: "snooze", until: later(choice) });
  useKeys({ nextCase: () => step(1), previousCase: () => step(-1), assign: () => setAsked("assign"), snooze: () => snooze("4h"), resolve: () => setAsked("resolve"), mend: () => document.querySelector<HTMLElement>(".ways input, .ways button")?.focus() });
  return (
    <>
      <nav className="crumb"><Link to="/cases">{words.title}</Link> / <Link to="/cases" search={{ kind: found.kind }}>{named} {list.length || ""}</Link></nav>
      <header className="head">
        <h1>{spelling ? <>{named}：<span className="mono">{spelling}</span></> : named}</h1>
        {found.resolved_at ? null : <Limit due={found.due_at} began={found.opened_at} />}
        <span className="grow" />
        {!may("cases:write") ? null : asked ? <Ask asked={asked} onAct={act} onCancel={() => setAsked(undefined)} /> : found.resolved_at ? (
          <Button onClick={() => setAsked("reopen")}>{words.reopen}</Button>
        ) : (
          <>
            <Button onClick={() => setAsked("assign")}>{words.assign}</Button>
            <Dropdown menu={{ items: [{ key: "1h", label: words.until1h }, { key: "4h", label: words.until4h }, { key: "day", label: words.untilTomorrow }], onClick: ({ key }) => snooze(key as "1h") }}><Button>{words.snooze}</Button></Dropdown>
            <Button onClick={() => setAsked("resolve")}>{words.close}</Button>
          </>
        )}
      </header>
    </>
  );
}

function Says({ found }: { found: CaseDetail }) {
  const words = useWords(cases);
  const common = useWords(shared);
  const line = useLine();
  const now = useNow();
  const waited = found.oldest_at ? common.lasted(Math.max(0, (now - Date.parse(found.oldest_at)) / 1000)) : "";
  return <p className="say">{line(found)} <b>{words.says(found.messages, worth(found.money), waited)}</b></p>;
}

function About({ found, mends }: { found: CaseDetail; mends: Mends | undefined }) {
  const words = useWords(cases);
  const common = useWords(shared);
  const title = useTitles();
  const told = (mends?.tries ?? []).map((one) => ({ replayed: words.tryReplayed(one.count), sent: words.trySent(one.count), likeness: words.tryLikeness(one.told) })[one.code as "sent"] ?? words.tryAgain(one.count));
  return (
    <section className="card">
      <h2>{words.card}</h2>
      <dl className="kv body">
        <dt>{words.owner}</dt><dd>{title("roles", found.owner)}{found.person ? ` · ${found.person}` : ""}</dd>
        <dt>{words.found}</dt><dd><When at={found.opened_at} /> · {words.seen(found.sightings)}</dd>
        <dt>{words.limit}</dt><dd><When at={found.due_at} /> <Limit due={found.due_at} began={found.opened_at} /></dd>
        <dt>{words.self}</dt><dd>{told.length > 0 ? told.map((one) => <span key={one} className="block">{one}</span>) : words.noTry}</dd>
        <dt>{words.past}</dt><dd>{found.past_count > 0 && found.past_median_seconds !== null ? words.pastIs(found.past_count, common.lasted(found.past_median_seconds)) : words.pastNone}</dd>
        {found.order ? <><dt>{words.order}</dt><dd className="mono"><a href={`/orders/${found.order}`}>{found.order}</a></dd></> : null}
      </dl>
      {found.history.length > 0 ? <h2>{words.history}</h2> : null}
      {found.history.length > 0 ? <ul className="body trail">{found.history.map((one) => <li key={one.at + one.kind}><When at={one.at} /> {one.by.replace(/^user:/, "")} {spoken(one.kind, words)} <span className="dim">{Object.values(one.detail as Record<string, unknown>).filter((value) => typeof value === "string").join(" · ")}</span></li>)}</ul> : null}
    </section>
  );
}

function spoken(kind: string, words: (typeof cases)["zh"] | (typeof cases)["en"]): string {
  return { assigned: words.assign, resolved: words.close, reopened: words.reopen, taken: words.take, commented: words.comment, mended: words.mend }[kind] ?? kind;
}

function Ways({ found, all }: { found: CaseDetail; all: Mends }) {
  const words = useWords(cases);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const { message } = App.useApp();
  const chosen = all.mends.find((one) => one.mend === here.mend) ?? all.mends.find((one) => one.is_best) ?? all.mends[0];
  const isLooking = here.step === "preview";
  const pick = (mend: string) => void navigate({ search: { mend } });
  const look = (is: boolean) => void navigate({ search: (before) => ({ ...before, step: is ? "preview" as const : undefined }), replace: true });
  return (
    <>
      <Steps at={isLooking ? 3 : 2} hasEffect={chosen?.needs_preview ?? false} />
      {all.waiting > 0 ? <p className="alert info" role="status">{words.waiting(all.waiting)}</p> : null}
      <section className="card ways">
        <div className="views" role="tablist" aria-label={words.stepWay}>
          {all.mends.map((one) => <Way key={one.mend} one={one} isOn={one === chosen} onPick={() => pick(one.mend)} />)}
        </div>
        {chosen === undefined ? null : chosen.scope ? <p className="body soft">{words.needs(chosen.scope)}</p> : (
          <Mender key={chosen.mend} found={found} mend={chosen} isLooking={isLooking} onLook={look} onDone={(released) => void message.success(words.done(released))} />
        )}
      </section>
    </>
  );
}

function Way({ one, isOn, onPick }: { one: Mend; isOn: boolean; onPick: () => void }) {
  const words = useWords(cases);
  return (
    <button type="button" role="tab" aria-selected={isOn} className={isOn ? "on" : ""} onClick={onPick}>
      {wayName(one.mend, words)}{one.is_best ? <Tag text={words.best} tone="brand" /> : null}
    </button>
  );
}

function Steps({ at, hasEffect }: { at: number; hasEffect: boolean }) {
  const words = useWords(cases);
  const steps = hasEffect ? [words.stepEvidence, words.stepWay, words.stepEffect, words.stepConfirm] : [words.stepEvidence, words.stepWay, words.stepConfirm];
  return (
    <ol className="steps">
      {steps.map((text, index) => (
        <li key={text} className={index + 1 < at ? "past" : index + 1 === at ? "now" : ""} aria-current={index + 1 === at ? "step" : undefined}>
          <span className="no">{index + 1 < at ? <Check aria-hidden="true" /> : index + 1}</span>{text}
        </li>
      ))}
    </ol>
  );
}

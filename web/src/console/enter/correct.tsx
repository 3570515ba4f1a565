/** A typed order, typed anew: the same form, filled with what was typed last, while nothing of it is out. */
import { useState } from "react";
import { App, Button } from "antd";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { EnteredAnswer, EventView, TypedOrder } from "@/api/generated/schema";
import type { Problem } from "@/api/problem";
import { When } from "@/shared/cells";
import { Failed, Loading } from "@/shared/states";
import { useTold } from "@/shared/told";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { enter } from "@/words/enter";
import type { EnterWords } from "@/words/enter";
import { draftOf, isHidden, useDraft } from "./draft";
import { EntryForm } from "./form";
import { useClearEntry, useCorrect, useTyped } from "./queries";
import { KnownReceiver } from "./receiver";
import "./enter.css";

const route = getRouteApi("/orders/$number/correct");

export default function Correct() {
  const { number } = route.useParams();
  const query = useTyped(number);
  if (!query.data) return query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} /> : <Loading rows={12} />;
  if (isHidden(query.data.order)) return <Hidden number={number} />;
  return <Typed key={number} typed={query.data} onAgain={() => void query.refetch()} />;
}

function Hidden({ number }: { number: string }) {
  const words = useWords(enter) as EnterWords;
  return <Page title={words.correctTitle(number)}><p className="alert warn">{words.hidden}</p></Page>;
}

function Typed({ typed, onAgain }: { typed: TypedOrder; onAgain: () => void }) {
  const words = useWords(enter) as EnterWords;
  const navigate = route.useNavigate();
  const { message } = App.useApp();
  const { number } = typed;
  const [base, setBase] = useState(() => ({ from: draftOf(typed.order), version: typed.version }));
  const { draft, wasKept, isTouched, change, begin, forget } = useDraft(number, base.from);
  const [since, setSince] = useState<readonly EventView[]>();
  const send = useCorrect(number, base.version);
  const back = () => void navigate({ to: "/orders/$number", params: { number } });
  const done = (made: EnteredAnswer) => {
    forget();
    void message.success(made.state === "recorded" ? words.corrected(number) : made.state === "parked" ? words.parked : words.waiting);
    back();
  };
  const refused = (problem: Problem) => {
    if (problem.code !== "changed_meanwhile") return false;
    setSince((problem.more["since"] ?? []) as EventView[]);
    setBase((before) => ({ ...before, version: Number(problem.more["version"]) }));
    return true;
  };
  const see = useSeeing(number, (order) => change({ receiver: draftOf(order).receiver, buyer: order.buyer ?? "" }));
  return (
    <Page
      title={words.correctTitle(number)} sub={words.enteredBy(typed.entered_by.replace(/^user:/, ""))}
      actions={<>{isTouched ? <Button onClick={() => begin(base.from)}>{words.asItIs}</Button> : null}<Link to={"/orders/$number" as never} params={{ number } as never}>{words.backToOrder}</Link></>}
    >
      <EntryForm
        draft={draft} change={change} verb={words.correct} send={send} onDone={done} onLeave={back} onRefused={refused}
        news={since ? <Met since={since} onKeep={() => setSince(undefined)} onTheirs={() => {
          forget();
          onAgain();
          back();
        }} /> : wasKept && isTouched ? <p className="alert info" role="status">{words.draftBack}</p> : null}
        known={<KnownReceiver isAsking={see.isAsking} onAsk={see.ask} />}
      />
    </Page>
  );
}

/** Ask for the receiver in clear; the reason is logged. */
function useSeeing(number: string, onSeen: (order: TypedOrder["order"]) => void) {
  const told = useTold();
  const clear = useClearEntry(number);
  const ask = (reason: string) => clear.mutate(reason, {
    onSuccess: (found) => onSeen(found.order), onError: told.failed,
  });
  return { ask, isAsking: clear.isPending };
}

/** Somebody was faster: who and when. What was typed stays; sent again it stands over theirs. */
function Met({ since, onKeep, onTheirs }: { since: readonly EventView[]; onKeep: () => void; onTheirs: () => void }) {
  const words = useWords(enter) as EnterWords;
  const last = since.at(-1);
  return (
    <div className="alert warn" role="alert">
      <div>
        <h2>{words.changedTitle}</h2>
        <p>{last ? <><When at={last.at} /> {last.actor.slice(last.actor.indexOf(":") + 1)} </> : null}{words.changedMeans}</p>
      </div>
      <div className="do"><Button type="primary" onClick={onKeep}>{words.keepMine}</Button><Button onClick={onTheirs}>{words.keepTheirs}</Button></div>
    </div>
  );
}

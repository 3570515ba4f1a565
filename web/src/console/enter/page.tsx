/** An order that somebody takes on the phone, in under a minute: receiver pasted, goods found, sums by the server. */
import { App, Button } from "antd";
import { useNavigate } from "@tanstack/react-router";
import type { EnteredAnswer } from "@/api/generated/schema";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { enter } from "@/words/enter";
import type { EnterWords } from "@/words/enter";
import { EMPTY, useDraft } from "./draft";
import { EntryForm } from "./form";
import { useCreate } from "./queries";
import "./enter.css";

export default function Enter() {
  const words = useWords(enter) as EnterWords;
  const navigate = useNavigate();
  const { message } = App.useApp();
  const create = useCreate();
  const { draft, wasKept, isTouched, change, begin, forget } = useDraft("", EMPTY);
  const done = (made: EnteredAnswer) => {
    forget();
    void message.success(made.number ? words.created(made.number) : made.state === "parked" ? words.parked : words.waiting);
    if (made.number) void navigate({ to: "/orders/$number", params: { number: made.number } });
    else begin(EMPTY);
  };
  return (
    <Page title={words.title} sub={words.sub} actions={isTouched ? <Button onClick={() => begin(EMPTY)}>{words.clearDraft}</Button> : null}>
      <EntryForm
        draft={draft} change={change} verb={words.create} send={create} onDone={done} onLeave={() => void navigate({ to: "/orders" })}
        news={wasKept && isTouched ? <p className="alert info" role="status">{words.draftBack}</p> : null}
      />
    </Page>
  );
}

/** The form of a typed order, new or corrected: sent once however often the button is pressed, each "no" beside its field. */
import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { newKey } from "@/api/client";
import type { EnteredAnswer, EnteredOrder } from "@/api/generated/schema";
import { asProblem } from "@/api/problem";
import type { Problem } from "@/api/problem";
import { useKeys } from "@/shell/keys";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { enter } from "@/words/enter";
import type { EnterWords } from "@/words/enter";
import { entered } from "./draft";
import type { Draft } from "./draft";
import type { Wrong } from "./field";
import { Goods } from "./goods";
import { Receiver } from "./receiver";
import { Sums } from "./sums";

interface SentOrder {
  order: EnteredOrder;
  key: string;
}
interface EntryFormProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  verb: string;
  send: (sent: SentOrder) => Promise<EnteredAnswer>;
  onDone: (answer: EnteredAnswer) => void;
  onLeave: () => void;
  /** Refusals that are no field's, where the page has more to say of them; true when it has said it. */
  onRefused?: (problem: Problem) => boolean;
  /** What stands above the form. */
  news?: ReactNode;
  /** Stands in the place of a receiver that is not shown. */
  known?: ReactNode;
}

const PLACES = /^(lines(\.\d+\.(sku|quantity|price|discount))?|receiver\.\w+|freight|discount|currency|note|buyer|account)$/;

export function EntryForm({ draft, change, verb, send, onDone, onLeave, onRefused, news, known }: EntryFormProps) {
  const words = useWords(enter) as EnterWords;
  const language = useLanguage();
  const form = useRef<HTMLFormElement>(null);
  const sending = useSending(draft, send, onDone, onRefused);
  const { wrong, told } = sending;
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [wrong]);
  useKeys({ send: sending.go, leave: (event) => (isInList(event) ? undefined : onLeave()) });
  const changed = (part: Partial<Draft>) => {
    sending.changed();
    change(part);
  };
  const elsewhere = Object.entries(wrong).filter(([field]) => !PLACES.test(field)).map(([, text]) => text);
  const above = elsewhere.length > 0 ? elsewhere.map((text) => oneLanguage(text, language)).join(" ") : Object.keys(wrong).length > 0 ? words.wrong : oneLanguage(told, language);
  return (
    <>
      {news}
      {above ? <p className="alert bad" role="alert">{above}</p> : null}
      <form ref={form} className="two" noValidate onSubmit={(event) => {
        event.preventDefault();
        sending.go();
      }}>
        <div className="col">
          {draft.receiver ? <Receiver draft={draft} change={changed} wrong={wrong} /> : known}
          <Goods draft={draft} change={changed} wrong={wrong} />
        </div>
        <aside className="col"><Sums draft={draft} change={changed} wrong={wrong} verb={verb} isSending={sending.isSending} /></aside>
      </form>
    </>
  );
}

/** Whether Escape closes a list of suggestions first. */
function isInList(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && event.target.closest(".ant-select-open") !== null;
}

function useSending(draft: Draft, send: EntryFormProps["send"], onDone: EntryFormProps["onDone"], onRefused: EntryFormProps["onRefused"]) {
  const [key, setKey] = useState(newKey);
  const [isSending, setSending] = useState(false);
  const [wrong, setWrong] = useState<Wrong>({});
  const [told, setTold] = useState("");
  const go = () => {
    if (isSending || draft.lines.length === 0) return;
    setSending(true);
    send({ order: entered(draft), key })
      .then((answer) => {
        setKey(newKey());
        onDone(answer);
      })
      .catch((error: unknown) => {
        const problem = asProblem(error);
        const isTold = onRefused?.(problem) ?? false;
        setWrong(isTold ? {} : Object.fromEntries(Object.entries(problem.facts).map(([field, text]) => [field, String(text)])));
        setTold(isTold ? "" : problem.detail);
      })
      .finally(() => setSending(false));
  };
  // Another content is another order: only a repetition keeps the key.
  return { go, wrong, told, isSending, changed: () => setKey(newKey()) };
}

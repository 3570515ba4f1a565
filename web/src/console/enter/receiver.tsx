/** Who gets it: pasted as one text and taken apart by the server, or typed; what is unsure is marked. */
import { useState } from "react";
import { App, Button, Input } from "antd";
import { asProblem } from "@/api/problem";
import { useMay } from "@/shell/me";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { enter } from "@/words/enter";
import type { EnterWords } from "@/words/enter";
import { shared } from "@/words/shared";
import type { Draft, TypedReceiver } from "./draft";
import { Field } from "./field";
import type { Wrong } from "./field";
import { useSplit } from "./queries";

const FIELDS = ["name", "phone", "province", "city", "district", "postcode", "country", "detail"] as const;

interface ReceiverProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  wrong: Wrong;
}

export function Receiver({ draft, change, wrong }: ReceiverProps) {
  const words = useWords(enter) as EnterWords;
  const language = useLanguage();
  const { message } = App.useApp();
  const [text, setText] = useState("");
  const [unsure, setUnsure] = useState<readonly string[]>([]);
  const split = useSplit();
  const { receiver } = draft;
  if (!receiver) return null;
  const take = (pasted: string) => {
    if (!pasted.trim()) return;
    split.mutate(pasted, {
      onSuccess: ({ unsure: asked, ...found }) => {
        change({ receiver: { ...receiver, ...found, phone: found.phone ?? "" } });
        setUnsure(asked);
      },
      onError: (error) => void message.error(oneLanguage(asProblem(error).detail, language)),
    });
  };
  const set = (field: keyof TypedReceiver, value: string) => {
    change({ receiver: { ...receiver, [field]: field === "country" ? value.toUpperCase() : value } });
    setUnsure(unsure.filter((one) => one !== field));
  };
  return (
    <section className="card" aria-labelledby="enter-who">
      <h2 id="enter-who">{words.who} {unsure.length > 0 ? <small className="warn">{words.unsure}</small> : null}</h2>
      <div className="body stack">
        <div className="line">
          <Input.TextArea
            autoFocus aria-label={words.paste} placeholder={words.pasteHint} autoSize={{ minRows: 1, maxRows: 4 }} value={text} onChange={(event) => setText(event.target.value)}
            onPaste={(event) => take(event.clipboardData.getData("text"))}
          />
          <Button loading={split.isPending} onClick={() => take(text)}>{words.split}</Button>
        </div>
        <div className="enter-fields">
          {FIELDS.map((field) => (
            <Field key={field} name={`receiver.${field}`} label={words[field]} wrong={wrong} className={field}>
              {(told) => <Input {...told} status={told.status || (unsure.includes(field) ? "warning" : "")} autoComplete="off" inputMode={field === "phone" ? "tel" : "text"} maxLength={field === "country" ? 2 : 1000} value={receiver[field]} onChange={(event) => set(field, event.target.value)} />}
            </Field>
          ))}
          <Field name="buyer" label={words.buyer} wrong={wrong} className="buyer">
            {(told) => <Input {...told} maxLength={500} placeholder={words.buyerHint} value={draft.buyer} onChange={(event) => change({ buyer: event.target.value })} />}
          </Field>
        </div>
      </div>
    </section>
  );
}

/** The receiver of an order that is corrected: stays as it is unless somebody asks for it, with a reason that is logged. */
export function KnownReceiver({ isAsking, onAsk }: { isAsking: boolean; onAsk: (reason: string) => void }) {
  const words = useWords(enter) as EnterWords;
  const common = useWords(shared);
  const may = useMay();
  const [reason, setReason] = useState("");
  return (
    <section className="card" aria-labelledby="enter-who">
      <h2 id="enter-who">{words.who}</h2>
      <div className="body stack">
        <p>{words.stays}</p>
        {may("pii:read") ? (
          <div className="line">
            <Input value={reason} aria-label={common.reason} placeholder={common.reasonNeeded} maxLength={200} onChange={(event) => setReason(event.target.value)} onPressEnter={(event) => {
              event.preventDefault();
              if (reason.trim().length >= 4) onAsk(reason.trim());
            }} />
            <Button disabled={reason.trim().length < 4} loading={isAsking} onClick={() => onAsk(reason.trim())}>{words.seeReceiver}</Button>
          </div>
        ) : <p className="dim">{words.noSight}</p>}
      </div>
    </section>
  );
}

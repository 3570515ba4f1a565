/** Who gets it: pasted as one text and taken apart by the server, or typed; what is unsure is marked. */
import { useState } from "react";
import { App, Button, Input } from "antd";
import { asProblem } from "@/api/problem";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { enter } from "@/words/enter";
import type { EnterWords } from "@/words/enter";
import type { Draft, TypedReceiver } from "./draft";
import { useSplit } from "./queries";

const FIELDS = ["name", "phone", "province", "city", "district", "postcode", "detail"] as const;

interface ReceiverProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  wrong: Record<string, string>;
}

export function Receiver({ draft, change, wrong }: ReceiverProps) {
  const words = useWords(enter) as EnterWords;
  const language = useLanguage();
  const { message } = App.useApp();
  const [text, setText] = useState("");
  const [unsure, setUnsure] = useState<readonly string[]>([]);
  const split = useSplit();
  const take = (pasted: string) => {
    if (!pasted.trim()) return;
    split.mutate(pasted, {
      onSuccess: ({ unsure: asked, ...found }) => {
        change({ receiver: { ...draft.receiver, ...found, phone: found.phone ?? "" } });
        setUnsure(asked);
      },
      onError: (error) => void message.error(oneLanguage(asProblem(error).detail, language)),
    });
  };
  const set = (field: keyof TypedReceiver, value: string) => {
    change({ receiver: { ...draft.receiver, [field]: value } });
    setUnsure(unsure.filter((one) => one !== field));
  };
  return (
    <section className="card">
      <h2>{words.who} {unsure.length > 0 ? <small className="warn">{words.unsure}</small> : null}</h2>
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
            <label key={field} htmlFor={`enter-${field}`} className={field}>
              {words[field]}
              <Input id={`enter-${field}`} autoComplete="off" inputMode={field === "phone" ? "tel" : "text"} value={draft.receiver[field]} status={wrong[`receiver.${field}`] ? "error" : unsure.includes(field) ? "warning" : ""} aria-describedby={`enter-${field}-wrong`} onChange={(event) => set(field, event.target.value)} />
              <small id={`enter-${field}-wrong`} className="bad">{wrong[`receiver.${field}`]}</small>
            </label>
          ))}
        </div>
      </div>
    </section>
  );
}

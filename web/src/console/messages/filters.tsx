/** By whom, about what and when: the messages that are looked for. */
import { useState } from "react";
import { Input, Select } from "antd";
import { X } from "lucide-react";
import { useTitles } from "@/shared/titles";
import { useWords } from "@/words/language";
import { messages } from "@/words/messages";
import type { MessageWords } from "@/words/messages";
import { shared } from "@/words/shared";
import { reasonOf } from "@/shared/replay_ahead";
import { useSources } from "./queries";
import { SPANS } from "./search";
import type { Search, Span } from "./search";

export function Filters({ here, go }: { here: Search; go: (change: Partial<Search>) => void }) {
  const words = useWords(messages) as MessageWords;
  const title = useTitles();
  const sources = useSources();
  const known = (sources.data ?? []).map((one) => ({ value: one.code, label: one.title && one.title !== one.code ? `${one.code} ${one.title}` : one.code }));
  return (
    <div className="filters">
      <Select
        className="messages-pick" aria-label={words.from} placeholder={words.anyFrom} allowClear showSearch={{ optionFilterProp: "label" }} popupMatchSelectWidth={false}
        value={here.account ?? null} options={known.length > 0 || !here.account ? known : [{ value: here.account, label: here.account }]} onChange={(account: string | null) => go({ account: account ?? undefined })}
      />
      <Topic key={here.topic ?? ""} now={here.topic ?? ""} onAsk={(topic) => go({ topic: topic || undefined })} />
      <Select
        className="messages-pick" aria-label={words.at} placeholder={words.anyTime} allowClear value={here.received ?? null}
        options={(Object.keys(SPANS) as Span[]).map((value) => ({ value, label: words[value] }))} onChange={(received: Span | null) => go({ received: received ?? undefined })}
      />
      {here.reason ? <Token name={words.reason} said={reasonOf({ reason: here.reason }, words, (kind) => title("cases", kind))} onClear={() => go({ reason: undefined })} /> : null}
      {here.order ? <Token name={words.order} said={here.order} onClear={() => go({ order: undefined })} /> : null}
    </div>
  );
}

function Topic({ now, onAsk }: { now: string; onAsk: (topic: string) => void }) {
  const words = useWords(messages) as MessageWords;
  const [typed, setTyped] = useState(now);
  const ask = (topic: string) => { if (topic.trim() !== now) onAsk(topic.trim()); };
  return (
    <Input
      className="messages-pick mono" aria-label={words.topic} placeholder={words.anyTopic} maxLength={200} allowClear value={typed}
      onChange={(event) => { setTyped(event.target.value); if (event.target.value === "") ask(""); }} onPressEnter={() => ask(typed)} onBlur={() => ask(typed)}
    />
  );
}

function Token({ name, said, onClear }: { name: string; said: string; onClear: () => void }) {
  const common = useWords(shared);
  return <span className="tok"><em>{name}</em><span>{said}</span><button type="button" className="bare" aria-label={`${common.clear} ${name}`} onClick={onClear}><X aria-hidden="true" /></button></span>;
}

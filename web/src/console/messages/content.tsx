/** What stands in a message: as text with its encoding, or byte by byte; covered, and in clear for a minute with a reason. */
import { useEffect, useState } from "react";
import { Button, Input } from "antd";
import type { MessageDetail, MessageLook } from "@/api/generated/schema";
import { useNow } from "@/shared/clock";
import { Cut } from "@/shared/cells";
import { size } from "@/shared/size";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { useTold } from "@/shared/told";
import { useMay, useMe } from "@/shell/me";
import { useWords } from "@/words/language";
import { messages } from "@/words/messages";
import type { MessageWords } from "@/words/messages";
import { shared } from "@/words/shared";
import { dump } from "./hex";
import { useClear, useFile, useLook } from "./queries";

const CLEAR_MS = 60_000;
type Tab = "bytes" | undefined;

export function Content({ found, tab, onTab }: { found: MessageDetail; tab: Tab; onTab: (tab: Tab) => void }) {
  const words = useWords(messages) as MessageWords;
  const isShown = !useMe().hidden.includes("payload");
  const may = useMay();
  const [clear, setClear] = useState<MessageLook>();
  const query = useLook(found.message.id, isShown);
  useEffect(() => {
    if (!clear) return undefined;
    const timer = window.setTimeout(() => setClear(undefined), CLEAR_MS);
    return () => window.clearTimeout(timer);
  }, [clear]);
  return (
    <section className="card messages-content">
      <header><h2>{words.content}</h2><span className="grow" />{clear ? <Countdown onCover={() => setClear(undefined)} /> : null}</header>
      {isShown ? (
        <>
          <div className="views" role="tablist">
            <button type="button" role="tab" aria-selected={tab === undefined} className={tab === undefined ? "on" : ""} onClick={() => onTab(undefined)}>{words.decoded}</button>
            <button type="button" role="tab" aria-selected={tab === "bytes"} className={tab === "bytes" ? "on" : ""} onClick={() => onTab("bytes")}>{words.bytes}</button>
          </div>
          <div className="body stack">
            {may("pii:read") && !clear ? <Ask id={found.message.id} onClear={setClear} /> : null}
            <Show query={query}>{(look) => <Look look={clear ?? look} tab={tab} />}</Show>
          </div>
        </>
      ) : <Empty title={words.noPayload} text={words.noPayloadMeans} />}
    </section>
  );
}

function Countdown({ onCover }: { onCover: () => void }) {
  const words = useWords(messages) as MessageWords;
  const [until] = useState(() => Date.now() + CLEAR_MS);
  const now = useNow("second");
  return <button type="button" className="bare dim" onClick={onCover}>{words.coversIn(Math.max(0, Math.ceil((until - now) / 1000)))}</button>;
}

function Ask({ id, onClear }: { id: string; onClear: (look: MessageLook) => void }) {
  const words = useWords(messages) as MessageWords;
  const common = useWords(shared);
  const told = useTold();
  const [reason, setReason] = useState("");
  const [clear, file] = [useClear(id), useFile(id)];
  const isReady = reason.trim().length >= 4;
  const show = () => { if (isReady) clear.mutate(reason, { onSuccess: onClear, onError: told.failed }); };
  const take = () => file.mutate(reason, { onSuccess: ({ bytes, name }) => save(bytes, name), onError: told.failed });
  return (
    <div className="stack">
      <div className="messages-ask">
        <Input aria-label={common.reason} placeholder={common.reasonNeeded} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} onPressEnter={show} />
        <Button disabled={!isReady} loading={clear.isPending} onClick={show}>{common.showClear}</Button>
        <Button disabled={!isReady} loading={file.isPending} onClick={take}>{words.download}</Button>
      </div>
      <small className="dim">{words.showMeans}</small>
    </div>
  );
}

/** Hand a file to the browser; a link cannot bring the reason along. */
function save(bytes: Blob, name: string): void {
  const address = URL.createObjectURL(bytes);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

function Look({ look, tab }: { look: MessageLook; tab: Tab }) {
  const words = useWords(messages) as MessageWords;
  const all: Record<string, unknown> = words;
  const said = (name: string) => String(all[name] ?? name);
  return (
    <>
      <dl className="kv">
        <dt>{words.size}</dt><dd>{size(look.size)} · {said(`kind_${look.kind}`)}{look.content_type ? <span className="dim mono"> {look.content_type}</span> : null}</dd>
        {look.encoding ? <><dt>{words.encoding}</dt><dd><span className="mono">{look.encoding}</span> <span className={look.why === "broken" || look.why === "misdeclared" ? "warn" : "dim"}>{said(`by_${look.why}`)}</span></dd></> : null}
      </dl>
      {tab === "bytes" ? <Bytes look={look} /> : <Text look={look} />}
    </>
  );
}

function Text({ look }: { look: MessageLook }) {
  const words = useWords(messages) as MessageWords;
  if (look.kind === "damaged") return <p className="bad">{words.damaged}</p>;
  if (look.kind === "empty") return <p className="dim">{words.empty}</p>;
  if (look.entries.length > 0) return <><h3>{words.entries}</h3><dl className="kv">{look.entries.map((one) => [<dt key={one.file}><Cut text={one.file} className="mono" /></dt>, <dd key={`${one.file} size`}>{size(one.bytes)}</dd>])}</dl></>;
  if (look.decoded === null) return <p className="dim">{look.encoding && look.is_masked ? words.noTextCovered : words.noText}</p>;
  return (
    <>
      {look.is_masked ? <p className="dim">{words.covered}</p> : null}
      {look.is_cut ? <p className="warn">{words.cut(size(look.decoded.length), size(look.size))}</p> : null}
      <textarea readOnly className="code messages-text" aria-label={words.decoded} value={look.is_cut ? look.decoded : pretty(look.decoded)} />
    </>
  );
}

function Bytes({ look }: { look: MessageLook }) {
  const words = useWords(messages) as MessageWords;
  if (look.raw === null) return <p className="dim">{words.noBytes}</p>;
  const shown = look.raw.length / 2;
  return (
    <>
      {shown < look.size ? <p className="warn">{words.cut(size(shown), size(look.size))}</p> : null}
      <textarea readOnly wrap="off" className="code messages-text" aria-label={words.bytes} value={dump(look.raw)} />
    </>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

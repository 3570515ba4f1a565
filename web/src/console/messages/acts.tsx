/** What a person may do about a message: replay it, discard it, let it out of quarantine; each shown before it is done. */
import { useState } from "react";
import { Button, Input } from "antd";
import type { MessageDetail } from "@/api/generated/schema";
import { useTitles } from "@/shared/titles";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { messages } from "@/words/messages";
import type { MessageWords } from "@/words/messages";
import { shared } from "@/words/shared";
import { Ahead } from "./ahead";
import { reasonOf } from "@/shared/replay_ahead";
import { useAhead, useDiscard, useLetIn, useReplay } from "./queries";

type Act = "replay" | "discard" | "letIn";

export function Acts({ found }: { found: MessageDetail }) {
  const words = useWords(messages) as MessageWords;
  const may = useMay();
  const [asked, setAsked] = useState<Act>();
  const row = found.message;
  const acts: Act[] = [
    ...(may("messages:write") && ["parked", "normalised", "discarded"].includes(row.outcome) ? ["replay" as const] : []),
    ...(may("messages:write") && row.outcome === "parked" ? ["discard" as const] : []),
    ...(may("admin") && row.outcome === "quarantined" ? ["letIn" as const] : []),
  ];
  if (acts.length === 0) return null;
  const close = () => setAsked(undefined);
  return (
    <div className="stack messages-acts">
      {asked ? null : <div className="do">{acts.map((act, at) => <Button key={act} type={at === 0 && act === "replay" ? "primary" : "default"} danger={act === "letIn"} onClick={() => setAsked(act)}>{words[act]}</Button>)}</div>}
      {asked === "replay" ? <Replay id={row.id} onClose={close} /> : null}
      {asked === "discard" ? <Discard id={row.id} onClose={close} /> : null}
      {asked === "letIn" ? <LetIn found={found} onClose={close} /> : null}
    </div>
  );
}

function Replay({ id, onClose }: { id: string; onClose: () => void }) {
  const words = useWords(messages) as MessageWords;
  const common = useWords(shared);
  const { failed, done } = useTold();
  const ahead = useAhead([id]);
  const replay = useReplay();
  const send = () => replay.mutate(id, { onSuccess: () => { done(words.replayed); onClose(); }, onError: failed });
  return (
    <section className="card"><h2>{words.ahead}</h2>
      <div className="body stack">
        <Ahead query={ahead} asked={1} />
        <div className="do"><Button type="primary" disabled={!ahead.data} loading={replay.isPending} onClick={send}>{words.replayMany(1)}</Button><Button onClick={onClose}>{common.cancel}</Button></div>
      </div>
    </section>
  );
}

function Discard({ id, onClose }: { id: string; onClose: () => void }) {
  const words = useWords(messages) as MessageWords;
  const common = useWords(shared);
  const { failed, done } = useTold();
  const [reason, setReason] = useState("");
  const discard = useDiscard();
  const send = () => discard.mutate({ ids: [id], reason }, { onSuccess: (told) => { done(words.discardDone(told.messages)); onClose(); }, onError: failed });
  return (
    <section className="card"><h2>{words.discardMany(1)}</h2>
      <div className="body stack">
        <p className="soft">{words.discardMeans}</p>
        <Input autoFocus aria-label={common.reason} placeholder={common.reasonNeeded} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        <div className="do"><Button danger disabled={reason.trim().length < 4} loading={discard.isPending} onClick={send}>{words.discardMany(1)}</Button><Button onClick={onClose}>{common.cancel}</Button></div>
      </div>
    </section>
  );
}

/** It cannot be taken back: the effect first, a reason that stays, and the number typed. */
function LetIn({ found, onClose }: { found: MessageDetail; onClose: () => void }) {
  const words = useWords(messages) as MessageWords;
  const common = useWords(shared);
  const title = useTitles();
  const { failed, done } = useTold();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const row = found.message;
  const ahead = useAhead([row.id]);
  const letIn = useLetIn(row.id);
  const number = row.id.slice(-6);
  const isReady = reason.trim().length >= 4 && typed.trim().toLowerCase() === number && ahead.data !== undefined;
  const send = () => letIn.mutate(reason, { onSuccess: () => { done(words.letInDone); onClose(); }, onError: failed });
  return (
    <section className="card"><h2>{words.letIn}</h2>
      <div className="body stack">
        <p>{words.check} <b className="bad">{reasonOf(row, words, (kind) => title("cases", kind))}</b></p>
        <p className="soft">{words.letInMeans}</p>
        <p className="strong">{words.ahead}</p>
        <Ahead query={ahead} asked={1} />
        <Input autoFocus aria-label={common.reason} placeholder={common.reasonNeeded} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        <Input className="mono" aria-label={words.typeNumber(number)} placeholder={words.typeNumber(number)} maxLength={6} value={typed} onChange={(event) => setTyped(event.target.value)} />
        <div className="do"><Button danger type="primary" disabled={!isReady} loading={letIn.isPending} onClick={send}>{`${words.letIn} …${number}`}</Button><Button onClick={onClose}>{common.cancel}</Button></div>
      </div>
    </section>
  );
}

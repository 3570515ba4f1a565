/** What happened: facts of the hub, notes of people, what was sent - newest first, with a box to add a note. */
import { useRef, useState } from "react";
import { Button, DatePicker, Input } from "antd";
import type { Dayjs } from "dayjs";
import type { OrderDetail } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { useKindOf, useStateOf } from "@/shared/delivery/state";
import { actor, happened } from "@/shared/happened";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useKeys } from "@/shell/keys";
import { useLanguage, useWords } from "@/words/language";
import type { Language } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { kindOf, named, title } from "./facts";
import { useNote } from "./queries";
import { KINDS } from "./search";
import type { Kind } from "./search";

interface Entry {
  key: string;
  at: string;
  kind: Kind;
  who: string;
  what: string;
  note?: string | null;
  source: string;
}

/** Readers of a delivery's codes. */
interface Told {
  kindOf: (kind: string) => string;
  stateOf: (state: string) => string;
}

function entries(found: OrderDetail, words: OrderWords, told: Told, language: Language): Entry[] {
  const all: Entry[] = [
    ...found.events.toReversed().map((event): Entry => ({
      key: `event-${event.seq}`, at: event.at, kind: kindOf(event), who: actor(event.actor, words), what: happened(event, named(found, language), words),
      source: event.message_id ? `${words.message} ${event.message_id.slice(0, 4)}` : "",
    })),
    ...found.notes.map((note): Entry => ({ key: note.id, at: note.at, kind: "person", who: actor(note.by, words), what: words.note, note: note.body, source: "" })),
    ...found.deliveries.map((one): Entry => ({
      key: one.id, at: one.done_at ?? one.created_at, kind: "delivery", who: words.system, what: words.d_sent(told.kindOf(one.kind), one.account), source: `${told.stateOf(one.state)} · ${words.tries(one.attempts)}`,
    })),
    ...found.cases.map((one): Entry => ({ key: one.id, at: one.opened_at, kind: "state", who: words.system, what: words.caseOpened(title(found, `case:${one.kind}`, language)), source: "" })),
  ];
  return all.toSorted((one, other) => other.at.localeCompare(one.at));
}

export function Past({ found, shown, onShow }: { found: OrderDetail; shown: Kind | undefined; onShow: (kind: Kind | undefined) => void }) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const may = useMay();
  const rows = entries(found, words, { kindOf: useKindOf(), stateOf: useStateOf() }, language).filter((one) => !shown || one.kind === shown);
  return (
    <section className="card" id="past">
      <header>
        <h2>{words.past}</h2><span className="grow" />
        <div className="order-chips" role="group" aria-label={words.past}>
          {[undefined, ...KINDS].map((kind) => <button key={kind ?? ""} type="button" aria-pressed={shown === kind} onClick={() => onShow(kind)}>{kind ? words[kind] : words.all}</button>)}
        </div>
      </header>
      {may("orders:note") ? <NoteBox number={found.order.number} /> : null}
      {rows.length === 0 ? <p className="body dim">{words.noPast}</p> : null}
      <ol className="order-past">
        {rows.map((one) => (
          <li key={one.key} id={one.key}>
            <When at={one.at} />
            <i aria-hidden="true" className={`of-${one.kind}`} />
            <div><b>{one.who}</b> {one.what}{one.note ? <p className="order-note"><Mentions text={one.note} /></p> : null}</div>
            <span className="dim only-wide">{one.source}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Mentions({ text }: { text: string }) {
  let at = 0;
  return text.split(/(@[\w.-]+)/u).map((part) => {
    at += part.length + 1;
    return part.startsWith("@") ? <b key={at} className="order-mention">{part}</b> : <span key={at}>{part}</span>;
  });
}

function NoteBox({ number }: { number: string }) {
  const words = useWords(bilingual) as OrderWords;
  const told = useTold();
  const [body, setBody] = useState("");
  const [promised, setPromised] = useState<Dayjs | null>(null);
  const [isContact, setContact] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const note = useNote(number);
  useKeys({ note: () => box.current?.querySelector("textarea")?.focus() });
  const send = () => {
    if (!body.trim() || note.isPending) return;
    note.mutate({ body, contacted_at: isContact ? new Date().toISOString() : null, promised_at: promised?.toISOString() ?? null }, {
      onSuccess: () => {
        setBody("");
        setPromised(null);
        setContact(false);
        told.done(words.noted);
      },
      onError: told.failed,
    });
  };
  return (
    <div className="body stack" ref={box}>
      <Input.TextArea
        aria-label={words.writeNote} placeholder={words.noteHint} autoSize={{ minRows: 1, maxRows: 6 }} value={body} maxLength={2000} onChange={(event) => setBody(event.target.value)}
        onKeyDown={(event) => (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing ? send() : undefined)}
      />
      {body ? (
        <div className="do">
          <Button type="primary" loading={note.isPending} onClick={send}>{words.writeNote}</Button>
          <Button aria-pressed={isContact} type={isContact ? "primary" : "default"} ghost={isContact} onClick={() => setContact(!isContact)}>{words.contacted}</Button>
          <DatePicker showTime value={promised} placeholder={words.promise} aria-label={words.promise} onChange={setPromised} />
        </div>
      ) : null}
    </div>
  );
}

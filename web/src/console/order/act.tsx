/** Doing something with the order: what and why, what it would change, then the button that names it. Nothing typed is lost. */
import type { ReactNode } from "react";
import { useState } from "react";
import { Button, Drawer, Form, Input, Select } from "antd";
import type { EventView, OrderDetail, Preview } from "@/api/generated/schema";
import { asProblem } from "@/api/problem";
import { useTold } from "@/shared/told";
import { useLanguage, useWords } from "@/words/language";
import type { Language } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { Conflict } from "./conflict";
import { Effect, isRefused } from "./effect";
import { title } from "./facts";
import { verbWord } from "./head";
import { freshKey, useCarryOut, usePreview } from "./queries";
import type { Wish } from "./queries";
import { LinesFields } from "./lines_fields";
import { UNTOUCHED, asWished, standing as linesNow, wishesOf } from "./lines_draft";
import type { LinesDraft } from "./lines_draft";
import { EMPTY, FIELDS, ReceiverFields } from "./receiver_fields";
import type { Typed } from "./receiver_fields";
import type { Act } from "./search";

interface ActProps {
  found: OrderDetail;
  verb: Act;
  onClose: () => void;
  /** The order as it is by now. */
  now: OrderDetail;
  /** What others did since it was opened. */
  news?: ReactNode;
}

/** What stands in the way of a commit: a newer preview, or what others changed meanwhile. */
interface Met {
  preview?: Preview | undefined;
  since?: readonly EventView[] | undefined;
}

export function ActDrawer({ found, now, verb, onClose, news }: ActProps) {
  const words = useWords(bilingual) as OrderWords;
  return (
    <Drawer open mask={false} size={verb === "lines" ? 760 : 480} title={verbWord(verb, words)} onClose={onClose}>
      {news}
      <ActForm key={verb} found={found} now={now} verb={verb} onClose={onClose} />
    </Drawer>
  );
}

function useAct({ found, verb, onClose }: ActProps, wish: Wish) {
  const words = useWords(bilingual) as OrderWords;
  const told = useTold();
  const [version, setVersion] = useState(found.order.event_count);
  const [seen, setSeen] = useState<Preview>();
  const [met, setMet] = useState<Met>({});
  const [key, setKey] = useState(freshKey);
  const preview = usePreview(found.order.number);
  const commit = useCarryOut(found.order.number);
  const look = () => preview.mutate(wish, { onSuccess: setSeen, onError: told.failed });
  const changed = () => {
    setSeen(undefined);
    setKey(freshKey());
  };
  const done = () => {
    told.done(words.done(verbWord(verb, words)));
    onClose();
  };
  const refused = (error: unknown) => {
    const problem = asProblem(error);
    setKey(freshKey());
    if (problem.code === "preview_stale") {
      setSeen(problem.more["preview"] as Preview);
      setMet({ preview: problem.more["preview"] as Preview });
    } else if (problem.code === "changed_meanwhile") {
      setSeen(undefined);
      setVersion(Number(problem.more["version"]));
      setMet({ since: (problem.more["since"] ?? []) as EventView[] });
    } else told.failed(error);
  };
  const doIt = () => {
    if (seen) commit.mutate({ wish, token: seen.token, version, key }, { onSuccess: done, onError: refused });
  };
  return { seen, met, look, doIt, changed, isLooking: preview.isPending, isDoing: commit.isPending, settle: () => setMet({}) };
}

function ActForm(props: ActProps) {
  const { found, now, verb, onClose } = props;
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const holds = Object.keys(found.words).filter((key) => key.startsWith("hold:")).map((key) => key.slice(5));
  const standing = found.holds.filter((one) => !one.released_at);
  const [reason, setReason] = useState("");
  const [type, setType] = useState(holds.includes("manual") ? "manual" : (holds[0] ?? ""));
  const [hold, setHold] = useState(standing[0]?.no ?? 0);
  const [receiver, setReceiver] = useState<Typed>(EMPTY);
  const [lines, setLines] = useState<LinesDraft>(UNTOUCHED);
  const wishes = wishesOf(lines, now);
  const wish: Wish = verb === "lines" ? { verb, reason, lines: wishes ?? [] } : verb === "hold" ? { verb, reason, type } : verb === "release" ? { verb, reason, hold } : verb === "receiver" ? { verb, reason, receiver } : { verb, reason };
  const act = useAct(props, wish);
  const typed = <T,>(set: (value: T) => void) => (value: T) => {
    set(value);
    act.changed();
  };
  const isReady = reason.trim() !== "" && (verb !== "lines" || (wishes?.length ?? 0) > 0) && (verb !== "receiver" || [receiver.name, receiver.phone, receiver.province, receiver.city, receiver.detail].every((one) => one.trim() !== ""));
  return (
    <Form layout="vertical" className="stack" onFinish={act.seen ? act.doIt : act.look}>
      {act.met.since ? <Conflict since={act.met.since} {...versions(verb, receiver, lines, now, language)} found={now} onKeep={act.settle} onDrop={onClose} /> : null}
      {act.met.preview ? <div className="alert warn" role="alert">{words.stale}</div> : null}
      {verb === "hold" ? <Form.Item label={words.holdType}><Select value={type} onChange={typed(setType)} options={holds.map((one) => ({ value: one, label: title(found, `hold:${one}`, language) }))} /></Form.Item> : null}
      {verb === "release" && standing.length > 1 ? <Form.Item label={words.holdType}><Select value={hold} onChange={typed(setHold)} options={standing.map((one) => ({ value: one.no, label: title(found, `hold:${one.type}`, language) }))} /></Form.Item> : null}
      {verb === "lines" ? <LinesFields found={now} value={lines} onChange={typed(setLines)} /> : null}
      {verb === "receiver" ? <ReceiverFields value={receiver} onChange={typed(setReceiver)} /> : null}
      <Form.Item label={words.reason} htmlFor="act-reason">
        <Input id="act-reason" autoFocus={verb !== "receiver" && verb !== "lines"} value={reason} placeholder={words.reasonNeeded} maxLength={500} onChange={(event) => typed(setReason)(event.target.value)} />
      </Form.Item>
      {act.seen ? <Effect preview={act.seen} /> : null}
      <div className="do">
        {act.seen && !isRefused(act.seen) ? <Button type="primary" danger={verb === "cancel"} htmlType="submit" loading={act.isDoing}>{words.doIt(verbWord(verb, words))}</Button> : <Button type="primary" htmlType="submit" disabled={!isReady} loading={act.isLooking}>{words.seeEffect}</Button>}
      </div>
    </Form>
  );
}

/** What the user wants and what is there now, each in one line, for who was slower than somebody else. */
function versions(verb: Act, receiver: Typed, lines: LinesDraft, now: OrderDetail, language: Language): { mine: string; there: string } {
  if (verb === "lines") return { mine: asWished(lines, now), there: linesNow(now) };
  const { name, phone, province, city, district } = now.receiver;
  if (verb === "receiver") return { mine: FIELDS.map((field) => receiver[field]).filter(Boolean).join(" "), there: [name, phone, province, city, district].filter(Boolean).join(" ") };
  return { mine: "", there: title(now, `stage:${now.order.stage}`, language) };
}

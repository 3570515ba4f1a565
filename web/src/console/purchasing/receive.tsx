/** Goods of a ticket come in: line by line, what is still waited for is offered first. */
import { useState } from "react";
import { Button, Checkbox, Input, InputNumber } from "antd";
import type { PurchaseLineView, PurchaseView } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { count } from "@/shared/money";
import { useWords } from "@/words/language";
import { purchasing } from "@/words/purchasing";
import { useReceive } from "./queries";

interface Came {
  units: number | null;
  isFrozen: boolean;
}

export function Receive({ ticket }: { ticket: PurchaseView }) {
  const words = useWords(purchasing);
  const tell = useTold();
  const receive = useReceive(ticket.number);
  const open = ticket.lines.filter((line) => line.rest > 0);
  const [note, setNote] = useState("");
  const [figures, setFigures] = useState<Readonly<Record<number, Came>>>(() => Object.fromEntries(open.map((line) => [line.no, { units: line.rest, isFrozen: false }])));
  const came = open.flatMap((line) => { const one = figures[line.no]; return one?.units ? [{ line: line.no, units: one.units, is_frozen: one.isFrozen }] : []; });
  const send = () => receive.mutate({ came, note: note.trim() }, { onSuccess: () => tell.done(words.done_receive), onError: tell.failed });
  const change = (no: number, part: Partial<Came>) => setFigures((before) => ({ ...before, [no]: { units: null, isFrozen: false, ...before[no], ...part } }));
  return (
    <section className="card" aria-label={words.receive}>
      <h2>{words.receive}</h2>
      <form className="body stack" onSubmit={(event) => { event.preventDefault(); if (came.length > 0) send(); }}>
        <p className="dim">{words.receiveMeans}</p>
        {open.map((line) => <Line key={line.no} line={line} came={figures[line.no]} onChange={(part) => change(line.no, part)} />)}
        <Input value={note} placeholder={words.note} aria-label={words.note} maxLength={100} style={{ maxWidth: "20rem" }} onChange={(event) => setNote(event.target.value)} />
        <div className="do"><Button htmlType="submit" type="primary" disabled={came.length === 0} loading={receive.isPending}>{words.receive}</Button></div>
      </form>
    </section>
  );
}

function Line({ line, came, onChange }: { line: PurchaseLineView; came: Came | undefined; onChange: (part: Partial<Came>) => void }) {
  const words = useWords(purchasing);
  const over = (came?.units ?? 0) - line.rest;
  return (
    <div className="buy-came">
      <span><b className="mono">{line.sku}</b> {line.name}<br /><span className="dim">{words.waits(count(line.rest))}</span>{over > 0 ? <span className="warn"> · {words.overNow(count(over))}</span> : null}</span>
      <InputNumber<number> min={0} max={1_000_000_000} precision={0} value={came?.units ?? null} aria-label={`${words.unitsCame} ${line.sku}`} onChange={(units) => onChange({ units })} />
      <Checkbox checked={came?.isFrozen ?? false} onChange={(event) => onChange({ isFrozen: event.target.checked })}>{words.frozen}</Checkbox>
    </div>
  );
}

/** Units that are bound for nobody: each with why, and a button that sets exactly it free once the reason is found. */
import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import type { Leak } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { count } from "@/shared/money";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { stock } from "@/words/stock";
import type { Words } from "./columns";
import { useCompensate } from "./queries";

const keyOf = (one: Leak) => `${one.sku} ${one.warehouse} ${one.kind} ${one.order_id} ${one.hold_no}`;

export function LeakRows({ leaks, hasSku = false }: { leaks: readonly Leak[]; hasSku?: boolean }) {
  return <ul className="leaks">{leaks.map((one) => <Row key={`${keyOf(one)} ${one.quantity}`} leak={one} hasSku={hasSku} />)}</ul>;
}

function means(leak: Leak, words: Words): string {
  if (leak.why !== "not_held") return words.freeMeans(count(leak.quantity), leak.order);
  return leak.quantity > 0 ? words.levelDown(count(leak.quantity)) : words.levelUp(count(-leak.quantity));
}

function Row({ leak, hasSku }: { leak: Leak; hasSku: boolean }) {
  const words = useWords(stock);
  const may = useMay();
  const [isAsked, setAsked] = useState(false);
  return (
    <li>
      <span className="leak-line">
        {hasSku ? <Link to="/stock/$sku" params={{ sku: leak.sku }} className="mono">{leak.sku}</Link> : null}
        <span>{leak.warehouse}</span>
        <span>{leak.kind === "allocation" ? words.allocated : words.reserved} <b>{count(leak.quantity)}</b></span>
        <span>{words[leak.why as "order_gone"]} {leak.order ? <a href={`/orders/${leak.order}`} className="mono">{leak.order}</a> : null}</span>
        {leak.held_at ? <span className="dim">{words.since} <When at={leak.held_at} /></span> : null}
        {may("stock:write") && !isAsked ? <Button size="small" onClick={() => setAsked(true)}>{words.compensate}</Button> : null}
      </span>
      {isAsked ? <Compensate leak={leak} onLeave={() => setAsked(false)} /> : null}
    </li>
  );
}

function Compensate({ leak, onLeave }: { leak: Leak; onLeave: () => void }) {
  const words = useWords(stock);
  const common = useWords(shared);
  const tell = useTold();
  const compensate = useCompensate();
  const [reason, setReason] = useState("");
  const isWhole = reason.trim().length >= 4;
  const { sku, warehouse, why, kind, quantity, order_id, hold_no } = leak;
  const send = () => compensate.mutate({ sku, warehouse, why, kind, quantity, order_id, hold_no, reason: reason.trim() }, { onSuccess: () => tell.done(words.compensated), onError: tell.failed });
  return (
    <form className="stack leak-form" onSubmit={(event) => { event.preventDefault(); if (isWhole) send(); }}>
      <p>{means(leak, words)}</p>
      <Input autoFocus value={reason} placeholder={common.reasonNeeded} aria-label={common.reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      <div className="line">
        <Button htmlType="submit" type="primary" danger disabled={!isWhole} loading={compensate.isPending}>{words.compensateNow(count(Math.abs(leak.quantity)))}</Button>
        <Button onClick={onLeave}>{common.cancel}</Button>
      </div>
    </form>
  );
}

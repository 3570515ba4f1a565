/** What came beside what was made of it: a value that is pointed at lights up on both sides. */
import { useMemo, useState } from "react";
import { Button, Input } from "antd";
import type { OrderDetail } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { shared } from "@/words/shared";
import { useBytes } from "./queries";

interface VoucherProps {
  found: OrderDetail;
  message: string | undefined;
  onChoose: (id: string) => void;
}

export function Voucher({ found, message, onChoose }: VoucherProps) {
  const words = useWords(bilingual) as OrderWords;
  const [lit, setLit] = useState("");
  const [body, setBody] = useState<string>();
  const chosen = found.vouchers.find((one) => one.id === message) ?? found.vouchers[0];
  return (
    <div className="order-voucher">
      <section className="card">
        <h2>{words.bytes} <small>{words.hoverHint}</small></h2>
        <div className="body stack">
          <div className="order-chips" role="group" aria-label={words.choose}>
            {found.vouchers.map((one) => (
              <button key={one.id} type="button" aria-pressed={one.id === chosen?.id} onClick={() => {
                setBody(undefined);
                onChoose(one.id);
              }}>{one.account} {one.topic} <When at={one.received_at} /></button>
            ))}
          </div>
          {chosen && body === undefined ? <Ask id={chosen.id} onBody={setBody} /> : null}
          {body === undefined ? null : <Lines text={body} lit={lit} onLight={setLit} />}
        </div>
      </section>
      <section className="card">
        <h2>{words.mapped}</h2>
        <dl className="kv body order-mapped">
          {mapped(found).map(([name, value]) => [
            <dt key={`${name}-t`}>{name}</dt>,
            <dd key={`${name}-d`}><button type="button" className={`bare mono ${lit && same(value, lit) ? "order-lit" : ""}`} onMouseEnter={() => setLit(value)} onFocus={() => setLit(value)} onMouseLeave={() => setLit("")} onBlur={() => setLit("")}>{value}</button></dd>,
          ])}
        </dl>
      </section>
    </div>
  );
}

function Ask({ id, onBody }: { id: string; onBody: (body: string) => void }) {
  const words = useWords(bilingual) as OrderWords;
  const common = useWords(shared);
  const told = useTold();
  const may = useMay();
  const [reason, setReason] = useState("");
  const bytes = useBytes();
  if (!may("messages:read") || !may("pii:read")) return <p className="dim">{words.askBytes}</p>;
  const ask = () => bytes.mutate({ id, reason }, { onSuccess: (found) => onBody(pretty(found.body ?? words.noBytes)), onError: told.failed });
  return (
    <div className="stack">
      <p className="dim">{words.askBytes}</p>
      <div className="line"><Input value={reason} aria-label={common.reason} placeholder={common.reasonNeeded} onChange={(event) => setReason(event.target.value)} onPressEnter={ask} /><Button disabled={reason.trim().length < 4} loading={bytes.isPending} onClick={ask}>{words.show}</Button></div>
    </div>
  );
}

const LINES_MAX = 2000;

function Lines({ text, lit, onLight }: { text: string; lit: string; onLight: (value: string) => void }) {
  const lines = useMemo(() => text.split("\n").slice(0, LINES_MAX).map((line, at) => ({ at, line, value: valueOf(line) })), [text]);
  return (
    <div className="code order-bytes">
      {lines.map(({ at, line, value }) => (
        <div key={at} className={lit && value && same(value, lit) ? "order-lit" : ""} onMouseEnter={() => onLight(value)} onMouseLeave={() => onLight("")}>{line}</div>
      ))}
    </div>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The value at the end of a line of JSON, without quotes. */
function valueOf(line: string): string {
  return /:?\s*"?([^"]*?)"?,?$/.exec(line.trim().replace(/^"[^"]*":\s*/, ""))?.[1] ?? "";
}

/** Alike as texts, or as the same figure: `499.00` and `49900` minor units. */
function same(one: string, other: string): boolean {
  const plain = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
  const a = plain(one);
  return a.length > 1 && a === plain(other);
}

function mapped(found: OrderDetail): [string, string][] {
  const { order } = found;
  const money = (minor: number | null) => (minor === null ? "" : String(minor));
  const all: [string, string][] = [
    ["external_id", order.external_id], ["external_number", order.external_number], ["native", order.native], ["placed_at", order.source_placed_at || order.placed_at], ["paid_at", order.paid_at ?? ""], ["revision", order.revision],
    ["currency", order.currency], ["total", money(order.total)], ["freight", money(order.freight)], ["discount", money(order.discount)], ["paid", money(order.paid)],
    ["receiver.province", found.receiver.province], ["receiver.city", found.receiver.city], ["receiver.district", found.receiver.district],
    ...found.lines.flatMap((line): [string, string][] => [
      [`lines.${line.no}.id`, line.external_id], [`lines.${line.no}.sku`, line.sku_external], [`lines.${line.no}.title`, line.title], [`lines.${line.no}.quantity`, String(line.ordered)], [`lines.${line.no}.price`, money(line.price)], [`lines.${line.no}.amount`, money(line.amount)],
    ]),
  ];
  return all.filter(([, value]) => value !== "");
}

/** Drafting a document: what kind, why, which goods where. Nothing of it touches stock before it is submitted. */
import "./stock_documents.css";
import { useState } from "react";
import { Button, Checkbox, Drawer, Input, InputNumber, Select } from "antd";
import type { DocumentWish } from "@/api/generated/schema";
import { useWarehouses } from "@/console/stock/queries";
import { GoodsFinder } from "@/shared/goods_finder";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { documents } from "@/words/stock_documents";
import { useDraft } from "./queries";
import { KINDS } from "./search";
import type { Kind } from "./search";

interface Line {
  sku: string;
  name: string;
  warehouse: string;
  quantity: number | null;
  isFrozen: boolean;
}

interface DraftDrawerProps {
  onClose: () => void;
  onDone: (number: string) => void;
}

const mayBeFrozen = (kind: Kind) => kind !== "count" && kind !== "transfer";

export function DraftDrawer({ onClose, onDone }: DraftDrawerProps) {
  const words = useWords(documents);
  return (
    <Drawer open mask={false} size={680} title={words.create} onClose={onClose}>
      <Form onDone={onDone} />
    </Drawer>
  );
}

function Form({ onDone }: { onDone: (number: string) => void }) {
  const words = useWords(documents);
  const common = useWords(shared);
  const tell = useTold();
  const draft = useDraft();
  const houses = useWarehouses();
  const [kind, setKind] = useState<Kind>("receipt");
  const [to, setTo] = useState("");
  const [reason, setReason] = useState("");
  const [lines, setLines] = useState<readonly Line[]>([]);
  const options = (houses.data?.warehouses ?? []).map((one) => ({ value: one.code, label: one.name || one.code }));
  const isCount = kind === "count";
  const isWhole = reason.trim().length >= 4 && lines.length > 0 && (kind !== "transfer" || to !== "")
    && lines.every((one) => one.warehouse !== "" && (isCount || one.quantity));
  const body: DocumentWish = {
    kind, reason: reason.trim(), to: kind === "transfer" ? to : "",
    lines: lines.map((one) => ({ sku: one.sku, warehouse: one.warehouse, quantity: isCount ? 0 : one.quantity ?? 0, is_frozen: mayBeFrozen(kind) && one.isFrozen })),
  };
  const save = () => draft.mutate(body, { onSuccess: (made) => { tell.done(words.saved(made.number)); onDone(made.number); }, onError: tell.failed });
  const add = (sku: string, name: string) =>
    setLines((before) => [...before, { sku, name, warehouse: before.at(-1)?.warehouse ?? options[0]?.value ?? "", quantity: null, isFrozen: false }]);
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (isWhole) save(); }}>
      <Select value={kind} aria-label={words.kind} options={KINDS.map((one) => ({ value: one, label: words[one] }))} onChange={setKind} />
      <p className="dim">{words[`${kind}Means`]}</p>
      {kind === "transfer" ? <Select value={to || undefined} placeholder={words.to} aria-label={words.to} options={options} onChange={setTo} /> : null}
      <Input value={reason} placeholder={common.reasonNeeded} aria-label={common.reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      <Lines lines={lines} kind={kind} options={options.filter((one) => kind !== "transfer" || one.value !== to)} set={setLines} />
      <GoodsFinder label={words.addGoods} onFound={(goods) => add(goods.sku, goods.title)} />
      {mayBeFrozen(kind) ? <p className="dim">{words.frozenMeans}</p> : null}
      <div className="do"><Button htmlType="submit" type="primary" disabled={!isWhole} loading={draft.isPending}>{words.save}</Button></div>
    </form>
  );
}

interface LinesProps {
  lines: readonly Line[];
  kind: Kind;
  options: { value: string; label: string }[];
  set: (change: (before: readonly Line[]) => readonly Line[]) => void;
}

function Lines({ lines, kind, options, set }: LinesProps) {
  const words = useWords(documents);
  if (lines.length === 0) return <p className="dim">{words.noLines}</p>;
  const change = (at: number, part: Partial<Line>) => set((before) => before.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <ul className="stack">
      {lines.map((one, at) => (
        <li key={`${one.sku} ${at}`} className="doc-line">
          <span className="cut"><b className="mono">{one.sku}</b> {one.name}</span>
          <Select value={one.warehouse || undefined} placeholder={words.warehouse} aria-label={`${words.warehouse} ${one.sku}`} options={options} onChange={(warehouse) => change(at, { warehouse })} />
          {kind === "count" ? null : <InputNumber<number> value={one.quantity} placeholder={words.quantity} aria-label={`${words.quantity} ${one.sku}`} precision={0} onChange={(quantity) => change(at, { quantity })} />}
          {mayBeFrozen(kind) ? <Checkbox checked={one.isFrozen} onChange={(event) => change(at, { isFrozen: event.target.checked })}>{words.frozen}</Checkbox> : null}
          <Button size="small" aria-label={`${words.remove} ${one.sku}`} onClick={() => set((before) => before.filter((_, index) => index !== at))}>×</Button>
        </li>
      ))}
    </ul>
  );
}

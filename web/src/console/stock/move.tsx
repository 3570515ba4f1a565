/** Moving stock: say what and why, see what would change, confirm. The same preview is what is booked. */
import { useState } from "react";
import { Button, Drawer, Input, InputNumber, Segmented, Select } from "antd";
import { newKey } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { MoveLine, MovePreview, Moves } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { stock } from "@/words/stock";
import { Effect } from "./effect";
import { useMove, usePreview, useWarehouses } from "./queries";

type Act = Moves["act"];
const ACTS: readonly Act[] = ["adjust", "stocktake", "receive", "transfer", "protect", "freeze", "thaw"];
const NUMBER = /^[+-]?\d{1,9}$/;

interface Draft {
  act: Act;
  sku: string;
  warehouse: string;
  quantity: number | null;
  to: string;
  text: string;
  isMany: boolean;
  reason: string;
}

export function MoveDrawer({ sku, onClose }: { sku: string; onClose: () => void }) {
  const words = useWords(stock);
  return (
    <Drawer open mask={false} size={640} title={words.adjust} onClose={onClose}>
      <Form sku={sku} onDone={onClose} />
    </Drawer>
  );
}

/** Lines of a paste: code, warehouse, units; by tabs, commas or blanks. The number of the first line that is none. */
export function linesOf(text: string, to: string): MoveLine[] | number {
  const found: MoveLine[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parts = line.trim().split(/[\t,，;；\s]+/);
    const [code, warehouse, units] = parts;
    if (!code || !warehouse || !units || !NUMBER.test(units)) return at + 1;
    found.push({ sku: code, warehouse, quantity: Number(units), to });
  }
  return found;
}

function Form({ sku, onDone }: { sku: string; onDone: () => void }) {
  const words = useWords(stock);
  const [draft, setDraft] = useState<Draft>({ act: "adjust", sku, warehouse: "", quantity: null, to: "", text: "", isMany: false, reason: "" });
  const [seen, setSeen] = useState<{ preview: MovePreview; key: string }>();
  const preview = usePreview();
  const tell = useTold();
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }));
    setSeen(undefined);
  };
  const to = draft.act === "transfer" ? draft.to : "";
  const lines = draft.isMany ? linesOf(draft.text, to) : [{ sku: draft.sku.trim(), warehouse: draft.warehouse, quantity: draft.quantity ?? 0, to }];
  const isWhole = Array.isArray(lines) && lines.length > 0 && draft.reason.trim().length >= 4 && (draft.act !== "transfer" || to !== "")
    && (draft.isMany || (draft.sku.trim() !== "" && draft.warehouse !== "" && draft.quantity !== null));
  const body: Moves = { act: draft.act, reason: draft.reason.trim(), lines: Array.isArray(lines) ? lines : [], is_partial: false, token: "" };
  const look = () => preview.mutate(body, { onSuccess: (found) => setSeen({ preview: found, key: newKey() }), onError: tell.failed });
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (isWhole) look(); }}>
      <Fields draft={draft} set={set} />
      {typeof lines === "number" ? <p className="bad" role="alert">{words.unreadable(lines)}</p> : null}
      <div className="do"><Button htmlType="submit" type={seen ? "default" : "primary"} disabled={!isWhole} loading={preview.isPending}>{words.look}</Button></div>
      {seen ? <Confirm seen={seen} body={body} onDone={onDone} onStale={look} /> : null}
    </form>
  );
}

function Fields({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  const words = useWords(stock);
  const common = useWords(shared);
  const houses = useWarehouses();
  const options = (houses.data?.warehouses ?? []).map((one) => ({ value: one.code, label: one.name || one.code }));
  const means = words[`${draft.act}Means`];
  const title = (act: Act) => (act === "adjust" ? words.adjustAct : words[act]);
  return (
    <>
      <Select value={draft.act} aria-label={words.act} options={ACTS.map((act) => ({ value: act, label: title(act) }))} onChange={(act) => set({ act })} />
      <Segmented<boolean> value={draft.isMany} options={[{ value: false, label: words.one }, { value: true, label: words.several }]} onChange={(isMany) => set({ isMany })} />
      {draft.isMany ? (
        <Input.TextArea rows={6} className="mono" value={draft.text} placeholder={words.lines} aria-label={words.lines} onChange={(event) => set({ text: event.target.value })} />
      ) : (
        <>
          <Input className="mono" value={draft.sku} placeholder={words.sku} aria-label={words.sku} maxLength={64} onChange={(event) => set({ sku: event.target.value })} />
          <Select value={draft.warehouse || undefined} placeholder={words.warehouse} aria-label={words.warehouse} options={options} onChange={(warehouse) => set({ warehouse })} />
          <InputNumber<number> value={draft.quantity} placeholder={words.quantity} aria-label={words.quantity} precision={0} style={{ width: "100%" }} onChange={(quantity) => set({ quantity })} />
        </>
      )}
      <p className="dim">{means}</p>
      {draft.act === "transfer" ? (
        <Select value={draft.to || undefined} placeholder={words.to} aria-label={words.to} options={options.filter((one) => one.value !== draft.warehouse)} onChange={(to) => set({ to })} />
      ) : null}
      <Input value={draft.reason} placeholder={common.reasonNeeded} aria-label={common.reason} maxLength={500} onChange={(event) => set({ reason: event.target.value })} />
    </>
  );
}

function Confirm({ seen, body, onDone, onStale }: { seen: { preview: MovePreview; key: string }; body: Moves; onDone: () => void; onStale: () => void }) {
  const words = useWords(stock);
  const move = useMove();
  const tell = useTold();
  const { done = 0, refused = 0 } = seen.preview.counts;
  const book = () => move.mutate({ body: { ...body, token: seen.preview.token, is_partial: refused > 0 }, key: seen.key }, {
    onSuccess: (found) => { tell.done(found.is_known ? words.known : words.booked(found.booked)); onDone(); },
    onError: (error) => {
      if (asProblem(error).code === "preview_stale") { tell.warn(words.stale); onStale(); } else tell.failed(error);
    },
  });
  return (
    <>
      <Effect preview={seen.preview} />
      <div className="do">
        <Button type="primary" disabled={done === 0} loading={move.isPending} onClick={book}>{refused > 0 ? words.partly(done) : words.book(done)}</Button>
      </div>
    </>
  );
}

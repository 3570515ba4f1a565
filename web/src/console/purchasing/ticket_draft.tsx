/** Drafting a ticket by hand: of whom, where to, which goods. Nothing is ordered before somebody orders it. */
import { useState } from "react";
import { Button, Drawer, Input, InputNumber, Select } from "antd";
import { useWarehouses } from "@/console/stock/queries";
import { GoodsFinder } from "@/shared/goods_finder";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { purchasing } from "@/words/purchasing";
import { shared } from "@/words/shared";
import { useDraft, useSuppliers } from "./queries";

export interface Wanted {
  sku: string;
  name: string;
  quantity: number | null;
  /** Minor units; null: what the supplier takes. */
  cost: number | null;
}

interface TicketDrawerProps {
  onClose: () => void;
  onDone: (number: string) => void;
}

export function TicketDrawer({ onClose, onDone }: TicketDrawerProps) {
  const words = useWords(purchasing);
  return <Drawer open mask={false} size={620} title={words.create} onClose={onClose}><Form onDone={onDone} /></Drawer>;
}

function Form({ onDone }: { onDone: (number: string) => void }) {
  const words = useWords(purchasing);
  const common = useWords(shared);
  const tell = useTold();
  const draft = useDraft();
  const houses = (useWarehouses().data?.warehouses ?? []).filter((one) => one.is_active).map((one) => ({ value: one.code, label: one.name || one.code }));
  const suppliers = (useSuppliers().data?.suppliers ?? []).filter((one) => one.is_active).map((one) => ({ value: one.code, label: one.name || one.code }));
  const [supplier, setSupplier] = useState("");
  const [house, setHouse] = useState("");
  const [reason, setReason] = useState("");
  const [lines, setLines] = useState<readonly Wanted[]>([]);
  const warehouse = house || houses[0]?.value || "";
  const isWhole = supplier !== "" && warehouse !== "" && reason.trim().length >= 4 && lines.length > 0 && lines.every((one) => one.quantity);
  const save = () => draft.mutate(
    { supplier, warehouse, reason: reason.trim(), lines: lines.map((one) => ({ sku: one.sku, quantity: one.quantity ?? 0, cost: one.cost })) },
    { onSuccess: (made) => { tell.done(words.draftedAs(made.number)); onDone(made.number); }, onError: tell.failed },
  );
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (isWhole) save(); }}>
      <Select value={supplier || undefined} placeholder={words.supplier} aria-label={words.supplier} options={suppliers} onChange={setSupplier} />
      <Select value={warehouse || undefined} placeholder={words.toWarehouse} aria-label={words.toWarehouse} options={houses} onChange={setHouse} />
      <Input value={reason} placeholder={common.reasonNeeded} aria-label={common.reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      <WantedLines lines={lines} set={setLines} />
      <div className="do"><Button htmlType="submit" type="primary" disabled={!isWhole} loading={draft.isPending}>{words.save}</Button></div>
    </form>
  );
}

interface WantedLinesProps {
  lines: readonly Wanted[];
  set: (change: (before: readonly Wanted[]) => readonly Wanted[]) => void;
}

/** The goods of a draft with their units; each SKU once. */
export function WantedLines({ lines, set }: WantedLinesProps) {
  const words = useWords(purchasing);
  const add = (sku: string, name: string) => set((before) => (before.some((one) => one.sku === sku) ? before : [...before, { sku, name, quantity: null, cost: null }]));
  return (
    <>
      {lines.length === 0 ? <p className="dim">{words.noLines}</p> : (
        <ul className="stack">
          {lines.map((one) => (
            <li key={one.sku} className="buy-line">
              <span className="cut"><b className="mono">{one.sku}</b> {one.name}</span>
              <InputNumber<number>
                value={one.quantity} min={1} max={1_000_000_000} precision={0} placeholder={words.quantity} aria-label={`${words.quantity} ${one.sku}`}
                onChange={(quantity) => set((before) => before.map((other) => (other.sku === one.sku ? { ...other, quantity } : other)))}
              />
              <Button size="small" aria-label={`${words.remove} ${one.sku}`} onClick={() => set((before) => before.filter((other) => other.sku !== one.sku))}>×</Button>
            </li>
          ))}
        </ul>
      )}
      <GoodsFinder label={words.addGoods} onFound={(goods) => add(goods.sku, goods.title)} />
    </>
  );
}

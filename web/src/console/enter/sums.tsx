/** How it is paid, what comes on and off, and what it comes to by the formula of all orders. */
import { Button, Checkbox, Input, Segmented } from "antd";
import { money } from "@/shared/money";
import { useWords } from "@/words/language";
import { enter } from "@/words/enter";
import type { EnterWords } from "@/words/enter";
import { entered } from "./draft";
import type { Draft } from "./draft";
import { Field } from "./field";
import type { Wrong } from "./field";
import { useLook } from "./queries";

interface SumsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  wrong: Wrong;
  verb: string;
  isSending: boolean;
}

export function Sums({ draft, change, wrong, verb, isSending }: SumsProps) {
  const words = useWords(enter) as EnterWords;
  const look = useLook(entered(draft)).data;
  return (
    <section className="card" aria-labelledby="enter-money">
      <h2 id="enter-money">{words.money}</h2>
      <div className="body stack">
        <Segmented<Draft["payment"]> block value={draft.payment} onChange={(payment) => change({ payment })} aria-label={words.payment} options={[{ value: "paid", label: words.paid }, { value: "unpaid", label: words.unpaid }, { value: "cod", label: words.cod }]} />
        <div className="enter-amounts">
          <Field name="freight" label={words.freight} wrong={wrong}>{(told) => <Input {...told} inputMode="decimal" maxLength={20} value={draft.freight} onChange={(event) => change({ freight: event.target.value })} />}</Field>
          <Field name="discount" label={words.orderDiscount} wrong={wrong}>{(told) => <Input {...told} inputMode="decimal" maxLength={20} value={draft.discount} onChange={(event) => change({ discount: event.target.value })} />}</Field>
          <Field name="currency" label={words.currency} wrong={wrong}>{(told) => <Input {...told} maxLength={3} value={draft.currency} onChange={(event) => change({ currency: event.target.value.toUpperCase() })} />}</Field>
        </div>
        {wrong["account"] || draft.account ? <Field name="account" label={words.account} wrong={wrong}>{(told) => <Input {...told} maxLength={200} value={draft.account} onChange={(event) => change({ account: event.target.value })} />}</Field> : null}
        <Field name="note" label={words.note} wrong={wrong}>{(told) => <Input.TextArea {...told} autoSize={{ minRows: 2 }} maxLength={2000} value={draft.note} onChange={(event) => change({ note: event.target.value })} />}</Field>
        <Checkbox checked={draft.isRush} onChange={(event) => change({ isRush: event.target.checked })}>{words.rush}</Checkbox>
        <p className="line" aria-live="polite"><span>{words.total}</span><span className="grow" />{typeof look?.total === "number" && draft.lines.length > 0 ? <b className="enter-total" data-testid="total">{money(look.total, look.currency)}</b> : <span className="dim">{words.pending}</span>}</p>
        <Button type="primary" block htmlType="submit" loading={isSending} disabled={draft.lines.length === 0}>{verb}</Button>
        <p className="dim only-wide">{words.keys}</p>
      </div>
    </section>
  );
}

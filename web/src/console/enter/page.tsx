/** An order that somebody takes on the phone, in under a minute: receiver pasted, goods found, sums by the server. */
import { useState } from "react";
import { App, Button, Checkbox, Input, Segmented } from "antd";
import { useNavigate } from "@tanstack/react-router";
import { newKey } from "@/api/client";
import { asProblem } from "@/api/problem";
import { money } from "@/shared/money";
import { useKeys } from "@/shell/keys";
import { Page } from "@/shell/page";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { enter } from "@/words/enter";
import type { EnterWords } from "@/words/enter";
import { entered, isEmpty, useDraft } from "./draft";
import type { Draft } from "./draft";
import { Goods } from "./goods";
import { useCreate, useLook } from "./queries";
import { Receiver } from "./receiver";
import "./enter.css";

export default function Enter() {
  const words = useWords(enter) as EnterWords;
  const { draft, wasKept, change, clear } = useDraft();
  const sending = useSending(draft, clear);
  const look = useLook(entered(draft));
  return (
    <Page title={words.title} sub={words.sub} actions={isEmpty(draft) ? null : <Button onClick={clear}>{words.clearDraft}</Button>}>
      {wasKept && !isEmpty(draft) ? <p className="alert info" role="status">{words.draftBack}</p> : null}
      <form className="two" onSubmit={(event) => {
        event.preventDefault();
        sending.send();
      }}>
        <div className="col">
          <Receiver draft={draft} change={change} wrong={sending.wrong} />
          <Goods draft={draft} change={change} wrong={sending.wrong} />
        </div>
        <aside className="col">
          <Sums draft={draft} change={change} wrong={sending.wrong} total={look.data?.total ?? null} currency={look.data?.currency ?? "CNY"} isSending={sending.isSending} />
        </aside>
      </form>
    </Page>
  );
}

/** Send it once, however often the button is pressed; what is wrong is told beside its field. */
function useSending(draft: Draft, clear: () => void) {
  const words = useWords(enter) as EnterWords;
  const language = useLanguage();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const create = useCreate();
  const [key, setKey] = useState(newKey);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const send = () => {
    if (create.isPending) return;
    create.mutate({ order: entered(draft), key }, {
      onSuccess: (made) => {
        setKey(newKey());
        setWrong({});
        clear();
        void message.success(made.number ? words.created(made.number) : made.state === "parked" ? words.parked : words.waiting);
        if (made.number) void navigate({ to: "/orders/$number", params: { number: made.number } });
      },
      onError: (error) => {
        const problem = asProblem(error);
        setKey(newKey());
        setWrong(Object.fromEntries(Object.entries(problem.facts).map(([field, text]) => [field, oneLanguage(String(text), language)])));
        void message.error(oneLanguage(problem.detail, language));
      },
    });
  };
  useKeys({ send });
  return { send, wrong, isSending: create.isPending };
}

interface SumsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  wrong: Record<string, string>;
  total: number | null;
  currency: string;
  isSending: boolean;
}

function Sums({ draft, change, wrong, total, currency, isSending }: SumsProps) {
  const words = useWords(enter) as EnterWords;
  return (
    <section className="card">
      <h2>{words.money}</h2>
      <div className="body stack">
        <Segmented<Draft["payment"]> block value={draft.payment} onChange={(payment) => change({ payment })} aria-label={words.payment} options={[{ value: "paid", label: words.paid }, { value: "unpaid", label: words.unpaid }, { value: "cod", label: words.cod }]} />
        <label htmlFor="enter-freight">{words.freight}<Input id="enter-freight" inputMode="decimal" value={draft.freight} status={wrong["freight"] ? "error" : ""} onChange={(event) => change({ freight: event.target.value })} /></label>
        <label htmlFor="enter-discount">{words.orderDiscount}<Input id="enter-discount" inputMode="decimal" value={draft.discount} status={wrong["discount"] ? "error" : ""} onChange={(event) => change({ discount: event.target.value })} /></label>
        <label htmlFor="enter-note">{words.note}<Input.TextArea id="enter-note" autoSize={{ minRows: 2 }} maxLength={2000} value={draft.note} onChange={(event) => change({ note: event.target.value })} /></label>
        <Checkbox checked={draft.isRush} onChange={(event) => change({ isRush: event.target.checked })}>{words.rush}</Checkbox>
        <p className="line"><span>{words.total}</span><span className="grow" />{total === null ? <span className="dim">{words.pending}</span> : <b className="enter-total" data-testid="total">{money(total, currency)}</b>}</p>
        <Button type="primary" block htmlType="submit" loading={isSending} disabled={draft.lines.length === 0}>{words.create}</Button>
      </div>
    </section>
  );
}

/** A new erasure: whose, what it would be about, why, and the number of orders typed: then it is done for good. */
import { useState } from "react";
import { App, Button, Drawer, Input } from "antd";
import type { ErasurePreview } from "@/api/generated/schema";
import { newKey } from "@/api/client";
import { asProblem } from "@/api/problem";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { erasures } from "@/words/erasures";
import { shared } from "@/words/shared";
import { useErase, useLook } from "./queries";
import type { Wish } from "./queries";

const REASON_MIN = 4;

export function Erase({ onClose }: { onClose: () => void }) {
  const words = useWords(erasures);
  const common = useWords(shared);
  const language = useLanguage();
  const [orders, setOrders] = useState("");
  const [phone, setPhone] = useState("");
  const look = useLook();
  const wish: Wish = { orders: orders.split(/[\s,，、;；]+/).filter(Boolean), phone: phone.trim() };
  const isEmpty = wish.orders.length === 0 && !wish.phone;
  const change = (set: (text: string) => void) => (text: string) => { set(text); look.reset(); };
  return (
    <Drawer open mask={false} size={560} title={words.add} onClose={onClose}>
      <div className="stack">
        <p className="soft">{words.addMeans}</p>
        <label className="stack"><span>{words.numbers}</span>
          <Input.TextArea value={orders} rows={3} maxLength={20_000} onChange={(event) => change(setOrders)(event.target.value)} />
        </label>
        <label className="stack"><span>{words.phone}</span>
          <Input value={phone} inputMode="tel" autoComplete="off" maxLength={40} onChange={(event) => change(setPhone)(event.target.value)} />
        </label>
        <div className="do">
          <Button type={look.data ? "default" : "primary"} disabled={isEmpty} loading={look.isPending} onClick={() => look.mutate(wish)}>{words.look}</Button>
          <Button onClick={onClose}>{common.cancel}</Button>
        </div>
        {look.error ? <p className="bad" role="alert">{oneLanguage(asProblem(look.error).detail, language)}</p> : null}
        {look.data ? <Ahead key={look.submittedAt} wish={wish} found={look.data} onClose={onClose} onAgain={() => look.mutate(wish)} /> : null}
      </div>
    </Drawer>
  );
}

function Ahead({ wish, found, onClose, onAgain }: { wish: Wish; found: ErasurePreview; onClose: () => void; onAgain: () => void }) {
  const words = useWords(erasures);
  const language = useLanguage();
  const { message } = App.useApp();
  const erase = useErase();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [key] = useState(newKey);
  const out = found.rows.filter((row) => row.why_not);
  const mayDo = found.order_count > 0 && reason.trim().length >= REASON_MIN && typed.trim() === String(found.order_count);
  const failed = (error: unknown) => {
    void message.error(oneLanguage(asProblem(error).detail, language));
    if (asProblem(error).code === "preview_stale") onAgain();
  };
  const send = () => erase.mutate({ wish, reason: reason.trim(), count: found.order_count, key }, {
    onSuccess: () => { void message.success(words.begun); onClose(); }, onError: failed,
  });
  return (
    <>
      <h3>{found.order_count > 0 ? words.would(found.order_count) : words.wouldNone}</h3>
      {found.order_count > 0 ? (
        <dl className="kv">
          <dt>{words.vouchers}</dt><dd>{found.vouchers}</dd>
          <dt>{words.labels}</dt><dd>{found.labels}</dd>
          <dt>{words.notes}</dt><dd>{found.notes}</dd>
          <dt>{words.deliveries}</dt><dd>{found.deliveries}</dd>
          <dt>{words.cases}</dt><dd>{found.cases}</dd>
          <dt>{words.files}</dt><dd>{found.export_files}</dd>
        </dl>
      ) : null}
      {found.shared_vouchers > 0 ? <p className="soft">{words.sharedMeans(found.shared_vouchers)}</p> : null}
      {out.length > 0 ? (
        <div className="alert warn">
          <p>{words.leftOut(out.length)}</p>
          <ul className="stack">{out.map((row) => <li key={row.id} className="line"><span className="mono">{row.number}</span><span>{words.why(row.why_not)}</span></li>)}</ul>
        </div>
      ) : null}
      {found.order_count > 0 ? (
        <>
          <label className="stack"><span>{words.reason}</span>
            <Input value={reason} maxLength={500} placeholder={words.reasonHint} onChange={(event) => setReason(event.target.value)} />
          </label>
          <label className="stack"><span>{words.type(found.order_count)}</span>
            <Input value={typed} inputMode="numeric" autoComplete="off" maxLength={6} onChange={(event) => setTyped(event.target.value)} />
          </label>
          <p className="soft">{words.forGood}</p>
          <div className="do"><Button type="primary" danger disabled={!mayDo} loading={erase.isPending} onClick={send}>{words.doIt(found.order_count)}</Button></div>
        </>
      ) : null}
    </>
  );
}

/** Where it goes: masked, in clear for a minute to whoever has the right and says why. */
import { useEffect, useState } from "react";
import { Button, Input } from "antd";
import type { OrderDetail, ReceiverView } from "@/api/generated/schema";
import { useNow } from "@/shared/clock";
import { useTold } from "@/shared/told";
import { useMay, useMe } from "@/shell/me";
import { useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { shared } from "@/words/shared";
import { useClear } from "./queries";

const CLEAR_MS = 60_000;

export function Receiver({ found }: { found: OrderDetail }) {
  const words = useWords(bilingual) as OrderWords;
  const common = useWords(shared);
  const may = useMay();
  const [clear, setClear] = useState<ReceiverView>();
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (!clear) return undefined;
    const timer = window.setTimeout(() => setClear(undefined), CLEAR_MS);
    return () => window.clearTimeout(timer);
  }, [clear]);
  const receiver = clear ?? found.receiver;
  const isHidden = useMe().hidden.includes("receiver");
  return (
    <section className="card" id="receiver">
      <h2>
        {words.receiver}<span className="grow" />
        {clear ? <Countdown onCover={() => setClear(undefined)} /> : may("pii:read") ? <button type="button" className="bare order-link" onClick={() => setAsking(!isAsking)}>{common.showClear}</button> : null}
      </h2>
      <div className="body">
        {isAsking && !clear ? (
          <Ask number={found.order.number} onClear={(found) => {
            setClear(found);
            setAsking(false);
          }} />
        ) : null}
        {isHidden ? <p className="dim">{words.receiverHidden}</p> : <dl className="kv">
          <dt>{words.name}</dt><dd>{receiver.name}</dd>
          <dt>{words.phone}</dt><dd className="mono">{clear?.phone ? <a href={`tel:${clear.phone}`}>{clear.phone}</a> : receiver.phone}</dd>
          <dt>{words.address}</dt>
          <dd>{[receiver.province, receiver.city, receiver.district].filter(Boolean).join(" ")}<br />{clear ? receiver.detail : <span className="dim">{receiver.detail}（{words.covered}）</span>}</dd>
          {receiver.postcode ? <><dt>{words.postcode}</dt><dd className="mono">{receiver.postcode}</dd></> : null}
        </dl>}
      </div>
    </section>
  );
}

function Countdown({ onCover }: { onCover: () => void }) {
  const words = useWords(bilingual) as OrderWords;
  const [until] = useState(() => Date.now() + CLEAR_MS);
  const now = useNow("second");
  return <button type="button" className="bare order-link" onClick={onCover}>{words.coversIn(Math.max(0, Math.ceil((until - now) / 1000)))}</button>;
}

function Ask({ number, onClear }: { number: string; onClear: (receiver: ReceiverView) => void }) {
  const words = useWords(bilingual) as OrderWords;
  const common = useWords(shared);
  const told = useTold();
  const [reason, setReason] = useState("");
  const clear = useClear(number);
  const ask = () => clear.mutate(reason, { onSuccess: onClear, onError: told.failed });
  return (
    <div className="stack order-ask">
      <Input autoFocus value={reason} aria-label={common.reason} placeholder={common.reasonNeeded} maxLength={200} onChange={(event) => setReason(event.target.value)} onPressEnter={ask} />
      <Button disabled={reason.trim().length < 4} loading={clear.isPending} onClick={ask}>{common.showClear}</Button>
      <small className="dim">{words.showMeans}</small>
    </div>
  );
}

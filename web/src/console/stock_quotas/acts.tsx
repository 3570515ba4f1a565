/** What may be done with a quota that is not over: another quantity, or closing it, each with a reason. */
import { useState } from "react";
import { Button, Input, InputNumber } from "antd";
import type { QuotaView } from "@/api/generated/schema";
import { count } from "@/shared/money";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { quotas } from "@/words/quotas";
import { shared } from "@/words/shared";
import { useClose, useResize } from "./queries";

export function Acts({ row }: { row: QuotaView }) {
  const words = useWords(quotas);
  const common = useWords(shared);
  const tell = useTold();
  const resize = useResize(row.number);
  const close = useClose(row.number);
  const [asked, setAsked] = useState<"resize" | "close">();
  const [quantity, setQuantity] = useState<number | null>(row.quantity);
  const [reason, setReason] = useState("");
  const isWhole = reason.trim().length >= 4 && (asked === "close" || (quantity !== null && quantity !== row.quantity));
  const over = (text: string) => ({ onSuccess: () => { setAsked(undefined); setReason(""); tell.done(text); }, onError: tell.failed });
  const send = () => {
    if (!isWhole) return;
    if (asked === "close") close.mutate(reason.trim(), over(words.closedNow));
    else resize.mutate({ quantity: quantity ?? 0, reason: reason.trim() }, over(words.resized));
  };
  if (!asked) {
    return (
      <div className="do">
        <Button onClick={() => setAsked("resize")}>{words.resize}</Button>
        <Button danger onClick={() => setAsked("close")}>{words.close}</Button>
      </div>
    );
  }
  return (
    <form className="card" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <h2>{asked === "close" ? words.close : words.resize}</h2>
      <div className="body stack">
        <p className={asked === "close" ? "warn" : "dim"}>{asked === "close" ? words.closeMeans(count(row.kept), count(row.drawn)) : words.resizeMeans}</p>
        {asked === "resize" ? <InputNumber<number> autoFocus value={quantity} min={0} max={1_000_000_000} precision={0} aria-label={words.newQuantity} style={{ width: "12rem" }} onChange={setQuantity} /> : null}
        <Input autoFocus={asked === "close"} value={reason} placeholder={common.reasonNeeded} aria-label={common.reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        <div className="do">
          <Button htmlType="submit" type="primary" danger={asked === "close"} disabled={!isWhole} loading={resize.isPending || close.isPending}>{asked === "close" ? words.close : words.resize}</Button>
          <Button onClick={() => setAsked(undefined)}>{common.cancel}</Button>
        </div>
      </div>
    </form>
  );
}

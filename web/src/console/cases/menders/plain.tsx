/** What needs a reason, a warehouse or nothing at all: replay, discard, resend, give up, give an account its warehouse. */
import { useState } from "react";
import { Button, Input, Select } from "antd";
import { useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { shared } from "@/words/shared";
import { Effect } from "../effect";
import type { Here } from "../queries";
import type { MenderProps } from "./shapes";
import { WISH, wayName } from "./shapes";

export function Plain({ found, mend, isLooking, onLook, onDone }: MenderProps) {
  const words = useWords(cases);
  const common = useWords(shared);
  const [reason, setReason] = useState("");
  const [warehouse, setWarehouse] = useState("");
  const needsReason = mend.mend === "discard" || mend.mend === "give_up";
  const isReady = (!needsReason || reason.trim().length >= 4) && (mend.mend !== "warehouse" || warehouse !== "");
  return (
    <>
      <div className="body options">
        {mend.mend === "warehouse" ? <Select aria-label={words.warehouse} value={warehouse || null} onChange={(value: string) => { setWarehouse(value); onLook(false); }} options={mend.choices.map((one) => ({ value: one.key, label: `${one.key} ${one.title}` }))} className="pick" /> : null}
        {needsReason ? <label><span className="dim block">{words.reason} · {words.reasonMeans}</span><Input value={reason} maxLength={500} placeholder={common.reasonNeeded} onChange={(event) => setReason(event.target.value)} /></label> : null}
        {isLooking ? null : <Button type="primary" disabled={!isReady} onClick={() => onLook(true)} className="next">{words.look} ↓</Button>}
      </div>
      {isLooking && isReady ? <Effect id={found.id} mend={mend.mend as Here} wish={{ ...WISH, warehouse, reason }} name={wayName(mend.mend, words)} onDone={onDone} /> : null}
    </>
  );
}

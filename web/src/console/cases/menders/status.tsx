/** What a platform's status word means, for its account: what waits for the word goes on. */
import { useState } from "react";
import { Button, Input, Select } from "antd";
import { useTitles } from "@/shared/titles";
import { useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { Effect } from "../effect";
import type { MenderProps } from "./shapes";
import { WISH } from "./shapes";

const MILESTONES = ["placed", "paid", "allocated", "label_printed", "picked", "packed", "handed_over", "collected", "in_transit", "out_for_delivery", "delivered", "confirmed", "failed", "returning", "returned", "lost", "cancelled", "refunded"];

export function Status({ found, mend, isLooking, onLook, onDone }: MenderProps) {
  const words = useWords(cases);
  const title = useTitles();
  const [dictionary, setDictionary] = useState(mend.choices[0]?.key ?? "");
  const [milestone, setMilestone] = useState("");
  const [reason, setReason] = useState("");
  const told = String((mend.told as Record<string, unknown>)["word"] ?? "");
  const known: Record<string, unknown> = words;
  const meaning = (name: string) => (typeof known[`m_${name}`] === "string" ? String(known[`m_${name}`]) : "");
  const means = meaning(milestone);
  const isReady = dictionary !== "" && milestone !== "";
  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    onLook(false);
  };
  return (
    <>
      <div className="body options">
        <label><span className="dim block">{words.word}</span><Input className="mono" disabled value={told} /></label>
        <div><span className="dim block">{words.dictionary}</span><Select aria-label={words.dictionary} value={dictionary} onChange={change(setDictionary)} options={mend.choices.map((one) => ({ value: one.key, label: one.title }))} className="pick" /></div>
        <div><span className="dim block">{words.milestone}</span><Select aria-label={words.milestone} showSearch value={milestone || null} onChange={change(setMilestone)} options={MILESTONES.map((value) => ({ value, label: `${title("milestones", value)} · ${meaning(value)}` }))} className="pick" /></div>
        {means ? <p className="whole soft">{words.meansNow(told, means)}</p> : null}
        <label><span className="dim block">{words.reason}</span><Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} /></label>
        {isLooking ? null : <Button type="primary" disabled={!isReady} onClick={() => onLook(true)} className="next">{words.look} ↓</Button>}
      </div>
      {isLooking && isReady ? <Effect id={found.id} mend="status" wish={{ ...WISH, dictionary, meaning: { milestone }, reason }} name={words.status} onDone={onDone} /> : null}
    </>
  );
}

/** Another value for what stands wrong in a message: its bytes stay, author and reason are kept. */
import { useState } from "react";
import { Button, Input } from "antd";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { shared } from "@/words/shared";
import { Effect } from "../effect";
import type { MenderProps } from "./shapes";
import { WISH } from "./shapes";

export function Correct({ found, mend, isLooking, onLook, onDone }: MenderProps) {
  const words = useWords(cases);
  const common = useWords(shared);
  const language = useLanguage();
  const told = mend.told as Record<string, string | number>;
  const text = (name: string) => String(told[name] ?? "");
  const [path, setPath] = useState(text("path"));
  const [value, setValue] = useState("");
  const [reason, setReason] = useState("");
  const isReady = path !== "" && value !== "" && reason.trim().length >= 2;
  const mending = text("mend");
  return (
    <>
      <div className="body options">
        {mending ? <p className="soft whole">{mending.includes(" | ") ? oneLanguage(mending, language) : mending.split(" / ")[language === "zh" ? 0 : 1]}</p> : null}
        <label><span className="dim block">{words.path}</span><Input className="mono" value={path} onChange={(event) => { setPath(event.target.value); onLook(false); }} /></label>
        <label><span className="dim block">{words.now}</span><Input className="mono" disabled value={text("value")} /></label>
        <label><span className="dim block">{words.instead}</span><Input autoFocus value={value} onChange={(event) => { setValue(event.target.value); onLook(false); }} /></label>
        <label><span className="dim block">{words.reason} · {words.reasonMeans}</span><Input value={reason} maxLength={500} placeholder={common.reasonNeeded} onChange={(event) => setReason(event.target.value)} /></label>
        {isLooking ? null : <Button type="primary" disabled={!isReady} onClick={() => onLook(true)} className="next">{words.look} ↓</Button>}
      </div>
      {isLooking && isReady ? <Effect id={found.id} mend="correct" wish={{ ...WISH, corrections: [{ path, value }], reason }} name={words.correct} onDone={onDone} /> : null}
    </>
  );
}

/** What is needed now and then: another house, putting away, the camera, the tones, the language, and the way out. */
import { habits } from "@/shell/habits";
import { useLanguage, useWords } from "@/words/language";
import { terminal as said } from "@/words/terminal";
import type { Sheet } from "./app";
import { hasCamera } from "./camera";
import { signOut } from "./line";
import type { Terminal, View } from "./terminal";
import { play } from "./tones";

export function Menu({ terminal, view, onSheet }: { terminal: Terminal; view: View; onSheet: (sheet: Sheet) => void }) {
  const words = useWords(said);
  const language = useLanguage();
  const leave = () => void signOut().finally(() => window.location.reload());
  return (
    <main className="sheet">
      <dl>
        <dt>{words.house}</dt><dd>{view.house}</dd>
        <dt>{words.device}</dt><dd><code>{view.device}</code></dd>
        <dt>{words.queued}</dt><dd data-testid="waiting">{view.waiting.length}</dd>
        {view.last ? <><dt>{words.lastCode}</dt><dd><code>{JSON.stringify(view.last.code).slice(1, -1)}</code></dd></> : null}
      </dl>
      {window.isSecureContext ? null : <p className="strip">{words.insecure}</p>}
      <LastAndUnits terminal={terminal} view={view} onDone={() => onSheet("")} />
      <button type="button" className="big-button" onClick={() => { terminal.choose({ mode: "put_away" }); onSheet(""); }}>{words.put_away}</button>
      {hasCamera() ? <button type="button" className="big-button" onClick={() => onSheet("camera")}>{words.camera}</button> : <p className="dim">{words.noCamera}</p>}
      <div className="two">
        {(["prefix", "suffix"] as const).map((name) => (
          <label key={name} className="typed">{words[name]}<input value={view[name]} maxLength={20} autoCapitalize="none" onChange={(event) => void terminal.set({ [name]: event.target.value })} /></label>
        ))}
      </div>
      <div className="two">
        <button type="button" className="big-button" onClick={() => play("done")}>{words.test}</button>
        <button type="button" className="big-button" lang={language === "zh" ? "en" : "zh-CN"} onClick={() => habits.set("language", language === "zh" ? "en" : "zh")}>{words.language}</button>
      </div>
      <div className="two">
        <button type="button" className="big-button" disabled={view.waiting.length > 0} onClick={() => terminal.leave()}>{words.house}</button>
        <button type="button" className="big-button" disabled={view.waiting.length > 0 || view.link !== "on"} onClick={leave}>{words.signOut}</button>
      </div>
      <button type="button" className="big-button on" onClick={() => onSheet("")}>{words.close}</button>
    </main>
  );
}

/** Take the last scan back; and how many the next one counts for. */
function LastAndUnits({ terminal, view, onDone }: { terminal: Terminal; view: View; onDone: () => void }) {
  const words = useWords(said);
  const { last, mode } = view;
  const isOurs = !view.stop && last !== null && !last.isHollow && last.judged.verdict === "right" && last.judged.reason !== "box_closed" && last.action === mode && (mode === "picked" || mode === "packed");
  const typed = (text: string) => terminal.choose({ units: /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 1 });
  if (mode === "out") return null;
  return (
    <div className="two">
      <label className="typed units">{words.quantity}<input value={view.units === 1 ? "" : view.units} placeholder="1" inputMode="numeric" maxLength={5} onChange={(event) => typed(event.target.value)} onKeyDown={(event) => { if (event.key === "Enter") onDone(); }} /></label>
      <button type="button" className="big-button" disabled={!isOurs} onClick={() => { if (last) void terminal.say("undone", "", last.id); onDone(); }}>{words.undo}</button>
    </div>
  );
}

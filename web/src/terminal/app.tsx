/** The frame of a terminal: what it does, whether the hub hears it, what was scanned last, and three actions for a glove. */
import type { ReactNode } from "react";
import { lazy, Suspense, useState, useSyncExternalStore } from "react";
import { useWords } from "@/words/language";
import { terminal as said } from "@/words/terminal";
import { Out, Pack, Put } from "./bench";
import { Camera } from "./camera";
import { ScanField } from "./field";
import { Glyph } from "./glyph";
import { House } from "./house";
import { Menu } from "./menu";
import { Pick } from "./pick";
import { taskAfter, toPutBack } from "./counters";
import { Short } from "./short";
import type { Mode, Terminal, View } from "./terminal";
import { Stop } from "./told";
import { unlockTones } from "./tones";

const WayIn = lazy(() => import("./way_in").then((found) => ({ default: found.WayIn })));
const ACTIONS = ["picked", "packed", "out"] as const;
export type Sheet = "" | "menu" | "short" | "camera";

interface Shown {
  terminal: Terminal;
  /** What is drawn instead of the hand terminal's own, where it is not one. */
  floor: ReactNode;
  home: string;
}

export function App({ terminal, floor, home }: Shown) {
  const words = useWords(said);
  const view = useSyncExternalStore(terminal.subscribe, () => terminal.view);
  if (view.state === "elsewhere") return <main className="pda still"><h1>{words.elsewhere}</h1><p>{words.elsewhereWhy}</p></main>;
  if (view.state === "opening") return <main className="pda still"><p>{words.opening}</p></main>;
  if (view.state === "house") return <House terminal={terminal} view={view} />;
  if (view.state === "on") return floor ?? <Floor terminal={terminal} view={view} />;
  return (
    <div className="pda-door">
      {view.waiting.length > 0 ? <p className="strip">{words.waits(view.waiting.length)}</p> : null}
      <Suspense fallback={null}><WayIn home={home} /></Suspense>
    </div>
  );
}

function Floor({ terminal, view }: { terminal: Terminal; view: View }) {
  const [sheet, setSheet] = useState<Sheet>("");
  const close = () => setSheet("");
  const isBare = sheet === "" || sheet === "camera";
  const scan = (code: string) => { if (isBare) void terminal.scan(code); };
  return (
    <div className="pda" data-link={view.link} onPointerDown={unlockTones}>
      <Bar terminal={terminal} view={view} onMenu={() => setSheet(sheet === "menu" ? "" : "menu")} />
      <Strip view={view} onPutBack={() => terminal.choose({ mode: "put_away" })} />
      {sheet === "menu" ? <Menu terminal={terminal} view={view} onSheet={setSheet} /> : null}
      {sheet === "short" ? <Short onShort={(reason) => { close(); void terminal.short(reason); }} onBack={close} /> : null}
      {isBare ? <main className="work">{view.stop ? <Stop stop={view.stop} /> : <Work terminal={terminal} view={view} />}</main> : null}
      {sheet === "camera" ? <Camera onCode={scan} onClose={close} /> : null}
      {isBare ? <Foot terminal={terminal} view={view} onShort={() => setSheet("short")} /> : null}
      <ScanField onCode={scan} />
    </div>
  );
}

function Work({ terminal, view }: { terminal: Terminal; view: View }) {
  if (view.mode === "picked") return <Pick terminal={terminal} view={view} />;
  if (view.mode === "packed") return <Pack terminal={terminal} view={view} />;
  return view.mode === "out" ? <Out terminal={terminal} view={view} /> : <Put terminal={terminal} view={view} />;
}

function Bar({ terminal, view, onMenu }: { terminal: Terminal; view: View; onMenu: () => void }) {
  const words = useWords(said);
  const wave = view.mode === "picked" ? terminal.wave?.number : undefined;
  return (
    <header className="top-bar">
      <span>{words[view.mode]} {wave ? <small>{wave}</small> : null}</span>
      <button type="button" onClick={onMenu}><span className="heard">{words.menu}</span><i className={view.link === "on" ? "" : "off"} /><span className="cut">{view.who} · {view.house}</span><Glyph name="menu" /></button>
    </header>
  );
}

/** What is not as it should be, the gravest first; nothing when all is well. */
function Strip({ view, onPutBack }: { view: View; onPutBack: () => void }) {
  const words = useWords(said);
  const count = view.waiting.length;
  if (view.link === "refused") return <p className="strip bad" role="status">{words.refusedLink(view.trouble)}</p>;
  if (view.link === "away") return <p className="strip" role="status" data-testid="away">{words.away(count)}</p>;
  if (view.gap > 0) return <p className="strip bad" role="status">{words.gap(view.gap)}</p>;
  if (count > 5) return <p className="strip" role="status">{words.sending(count)}</p>;
  const back = view.list ? toPutBack(view.list).reduce((sum, one) => sum + one.task.to_put_back, 0) : 0;
  if (back > 0 && view.mode !== "put_away") return <button type="button" className="strip" onClick={onPutBack}>{words.putBack(back)} ›</button>;
  return null;
}

function Foot({ terminal, view, onShort }: { terminal: Terminal; view: View; onShort: () => void }) {
  const words = useWords(said);
  const [wave, task] = [terminal.wave, terminal.task];
  const next = wave && task ? taskAfter(wave, task) : undefined;
  const isPicking = !view.stop && view.mode === "picked" && wave !== undefined && task !== undefined;
  const isHeld = !view.stop && (view.mode === "packed" || view.mode === "out") && view.box !== "";
  const hint: Record<Mode, string> = {
    picked: task ? words.scanMore(task.rest) : words.scanWave, packed: words.scanItem, out: view.box ? words.scanWaybill : words.scanOut, put_away: view.held ? words.scanPlace : words.scanPut,
  };
  return (
    <footer className="foot">
      <p className="scan-hint"><Glyph name="scan" />{view.units > 1 ? <b data-testid="units">× {view.units}</b> : null}{view.stop ? words.scanRight : hint[view.mode]}</p>
      {isPicking ? (
        <div className="two">
          <button type="button" className="big-button" onClick={onShort}>{words.short}</button>
          <button type="button" className="big-button" disabled={!next} onClick={() => next && terminal.choose({ task: next.task })}>{words.skip}</button>
        </div>
      ) : null}
      {isHeld ? <button type="button" className="big-button" onClick={() => terminal.choose({ box: "" })}>{view.mode === "out" ? words.otherParcel : words.otherBox}</button> : null}
      <nav className="three">
        {ACTIONS.map((mode) => (
          <button type="button" key={mode} className={mode === view.mode ? "big-button on" : "big-button"} aria-pressed={mode === view.mode} onClick={() => terminal.choose({ mode, box: "", held: "" })}>{words[mode]}</button>
        ))}
      </nav>
    </footer>
  );
}

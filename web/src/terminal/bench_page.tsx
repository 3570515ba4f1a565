/** The pack bench: what a box wants in pictures and large figures, or the wall whose slot lights up; a label prints by itself. */
import "./bench.css";
import { useEffect, useState, useSyncExternalStore } from "react";
import { bench as said } from "@/words/bench";
import { useWords } from "@/words/language";
import { terminal as handSaid } from "@/words/terminal";
import type { Sheet } from "./app";
import type { Box } from "./bench";
import { boxesOf, ready } from "./bench";
import { BoxAtHand } from "./bench_box";
import { BenchStop } from "./bench_stop";
import { BoxGoods } from "./bench_goods";
import { ScanField } from "./field";
import { Glyph } from "./glyph";
import { Menu } from "./menu";
import type { ListedWave } from "./scan";
import type { Terminal, View } from "./terminal";
import { unlockTones } from "./tones";
import { isSorted } from "./verdict";

export function BenchPage({ terminal }: { terminal: Terminal }) {
  const view = useSyncExternalStore(terminal.subscribe, () => terminal.view);
  const words = useWords(said);
  const [sheet, setSheet] = useState<Sheet>("");
  useEffect(() => { document.title = `${words.title} · Orderloom`; }, [words]);
  return (
    <div className="desk" data-link={view.link} onPointerDown={unlockTones}>
      <Head view={view} onMenu={() => setSheet(sheet === "menu" ? "" : "menu")} />
      {sheet === "menu" ? <Menu terminal={terminal} view={view} onSheet={setSheet} /> : <Desk terminal={terminal} view={view} />}
      <ScanField onCode={(code) => { if (sheet === "") void terminal.scan(code); }} />
    </div>
  );
}

function Head({ view, onMenu }: { view: View; onMenu: () => void }) {
  const [words, hand] = [useWords(said), useWords(handSaid)];
  const trouble = view.link === "away" ? hand.why_needs_hub : view.link === "refused" ? hand.refusedLink(view.trouble) : view.gap > 0 ? hand.gap(view.gap) : "";
  return (
    <>
      <header className="top-bar">
        <span>{words.title} <small>{view.station ? `${words.station} ${view.station}` : words.noStation}</small></span>
        <button type="button" onClick={onMenu}><span className="heard">{hand.menu}</span><i className={view.link === "on" ? "" : "off"} /><span className="cut">{view.who} · {view.house}</span><Glyph name="menu" /></button>
      </header>
      {trouble ? <p className="strip bad" role="status">{trouble}</p> : null}
    </>
  );
}

function Desk({ terminal, view }: { terminal: Terminal; view: View }) {
  const words = useWords(said);
  const all = boxesOf(view.list);
  const open = all.find(({ box }) => box.work.work === view.box && !box.work.is_boxed);
  const wave = view.list?.waves.find((one) => one.number === view.wave);
  const wall = !open && wave && isSorted(wave) ? wave : undefined;
  return (
    <div className="desk-body">
      <main className="desk-main">
        {view.stop ? <BenchStop terminal={terminal} view={view} stop={view.stop} box={open} /> : open ? <Filling terminal={terminal} view={view} now={open} /> : wall ? <Wall terminal={terminal} view={view} wave={wall} /> : <Choose terminal={terminal} view={view} />}
        <p className="scan-hint"><Glyph name="scan" />{view.units > 1 ? <b>× {view.units}</b> : null}{open ? words.hintBox : wall ? words.hintWall : words.hint}</p>
      </main>
      <aside className="desk-side">
        <LastTold view={view} />
        <BoxAtHand terminal={terminal} view={view} at={open ?? all.find(({ box }) => box.work.work === view.closed)} />
        <Stations terminal={terminal} view={view} />
        <Closed boxes={all.filter(({ box, wave: of }) => box.work.is_boxed && box.work.state !== "handed_over" && (!wave || of.number === wave.number))} />
      </aside>
    </div>
  );
}

function Filling({ terminal, view, now: { wave, box } }: { terminal: Terminal; view: View; now: Box }) {
  const [words, hand] = [useWords(said), useWords(handSaid)];
  return (
    <section className="card-open">
      <header>
        <div><small>{hand.box}{box.work.slot > 0 ? ` · ${words.slot(box.work.slot)}` : ""}</small><h1 data-testid="box"><code>{box.work.work}</code></h1></div>
        <p className="count"><b data-testid="packed">{box.work.packed}</b><span>{hand.of(box.work.units)}</span></p>
        <button type="button" className="big-button" onClick={() => terminal.choose({ box: "" })}>{words.other}</button>
      </header>
      <BoxGoods view={view} wave={wave} box={box} />
    </section>
  );
}

/** A slot a work: what it lacks, and the one that the last item is for lit. */
function Wall({ terminal, view, wave }: { terminal: Terminal; view: View; wave: ListedWave }) {
  const [words, hand] = [useWords(said), useWords(handSaid)];
  const works = wave.works.filter(({ work }) => work.is_live || work.is_boxed);
  const lit = view.last && !view.last.isHollow ? view.last.box?.work : undefined;
  const isDone = works.every(({ work }) => work.is_boxed);
  return (
    <section className="card-open">
      <header>
        <div><small>{words.wall}</small><h1><code>{wave.number}</code></h1></div>
        <p className="count"><b data-testid="wall-closed">{works.filter(({ work }) => work.is_boxed).length}</b><span>/ {works.length}</span></p>
        <button type="button" className="big-button" onClick={() => terminal.choose({ wave: "", box: "" })}>{words.leaveWave}</button>
      </header>
      {isDone ? <p className="told">{words.done}</p> : null}
      <ol className="wall" data-testid="wall">
        {works.map(({ work }) => (
          <li key={work.work} className={[work.work === lit ? "lit" : "", work.is_boxed ? "full" : ""].join(" ").trim()} data-slot={work.slot} aria-current={work.work === lit ? "true" : undefined}>
            <b>{work.slot}</b><span>{work.is_boxed ? words.full : work.picked === 0 ? words.empty : hand.waveUnits(work.packed, work.units)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Choose({ terminal, view }: { terminal: Terminal; view: View }) {
  const [words, hand] = [useWords(said), useWords(handSaid)];
  const open = boxesOf(view.list).filter((one) => !one.box.work.is_boxed && ready(one) > 0);
  const waves = view.list?.waves.filter((wave) => isSorted(wave) && open.some((one) => one.wave.number === wave.number)) ?? [];
  const alone = open.filter(({ wave }) => !isSorted(wave));
  return (
    <section className="choose">
      <h1>{open.length > 0 ? words.hint : hand.noBoxes}</h1>
      {open.length === 0 ? <p>{hand.noBoxesWhy}</p> : null}
      {waves.map((wave) => (
        <button type="button" key={wave.number} className="row" onClick={() => terminal.choose({ wave: wave.number, box: "" })}>
          <code>{wave.number}</code><b>{words.wall}</b><small>{hand.ready(open.filter((one) => one.wave.number === wave.number).reduce((sum, one) => sum + ready(one), 0))}</small>
        </button>
      ))}
      {alone.map((one) => (
        <button type="button" key={one.box.work.work} className="row" onClick={() => terminal.choose({ box: one.box.work.work })}>
          <code>{one.box.work.work}</code><b>{hand.waveUnits(one.box.work.packed, one.box.work.units)}</b><small>{hand.ready(ready(one))}</small>
        </button>
      ))}
    </section>
  );
}

/** What the last scan came to, and what becomes of the label of the box that it closed. */
function LastTold({ view }: { view: View }) {
  const [words, hand] = [useWords(said), useWords(handSaid)];
  const last = view.stop ? null : view.last;
  if (!last) return null;
  if (last.isHollow) return <p className="told hollow" role="status" data-testid="hollow">{hand.asking}</p>;
  const { reason, particulars } = last.judged;
  const slot = last.box?.slot ?? 0;
  const label = particulars["label"] ?? "";
  const isFine = ["printing", "asked", "printed_before", "buyer_fetches"].includes(label);
  return (
    <div role="status" data-testid="right" className="desk-told">
      <p className="told"><Glyph name="tick" /><b>{last.action !== "packed" ? words.isKept : slot > 0 ? words.into(slot) : words.intoBox}</b><small>{last.name || last.sku || last.code}</small></p>
      {reason === "box_closed" ? <p className="told"><b>{hand.boxDone}</b><small><code>{last.box?.work}</code></small></p> : null}
      {label ? <p className={isFine ? "told" : "told amber"} data-testid="label">{words.label(label, particulars["printer"] ?? "")}</p> : null}
    </div>
  );
}

function Stations({ terminal, view }: { terminal: Terminal; view: View }) {
  const words = useWords(said);
  const stations = view.list?.stations ?? [];
  return (
    <section>
      <h2>{words.station}</h2>
      {stations.length === 0 ? <p className="dim">{words.noPrinter}</p> : (
        <div className="stations">
          {["", ...stations].map((one) => <button type="button" key={one} aria-pressed={one === view.station} className={one === view.station ? "on" : ""} onClick={() => void terminal.set({ station: one })}>{one || words.noStation}</button>)}
        </div>
      )}
    </section>
  );
}

function Closed({ boxes }: { boxes: Box[] }) {
  const words = useWords(said);
  if (boxes.length === 0) return null;
  return (
    <section>
      <h2>{words.closed} {boxes.length}</h2>
      <ul className="closed">
        {boxes.map(({ box }) => <li key={box.work.work} className={box.label === "bought" ? "" : "amber"}><code>{box.work.work}</code><span>{words.labelState(box.label ?? "")}</span></li>)}
      </ul>
    </section>
  );
}

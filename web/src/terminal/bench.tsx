/** At the bench and at the door: the box that is filled, the one that leaves, and what goes onto a shelf. */
import { useWords } from "@/words/language";
import { terminal as said } from "@/words/terminal";
import { inTote } from "./verdict";
import { nameOf, toPutBack } from "./counters";
import { skuOf } from "./barcode";
import type { FloorList, ListedWave } from "./scan";
import type { Terminal, View } from "./terminal";
import { Told } from "./told";

interface Seen {
  terminal: Terminal;
  view: View;
}
export type Box = { wave: ListedWave; box: ListedWave["works"][number] };

export function boxesOf(list: FloorList | null): Box[] {
  return list?.waves.flatMap((wave) => wave.works.filter(({ work }) => work.is_live || work.is_boxed).map((box) => ({ wave, box }))) ?? [];
}

export const ready = ({ wave, box }: Box) => Object.keys(box.wants).reduce((sum, sku) => sum + inTote(wave, box.work.work, sku), 0);

export function Pack({ terminal, view }: Seen) {
  const words = useWords(said);
  const open = boxesOf(view.list).filter((one) => !one.box.work.is_boxed && ready(one) > 0);
  const now = boxesOf(view.list).find(({ box }) => box.work.work === view.box);
  if (now && !now.box.work.is_boxed) return <Filling view={view} now={now} />;
  return (
    <div className="choose">
      <Told last={view.last} text={words.rightItem} />
      <h1>{open.length > 0 ? words.chooseBox : words.noBoxes}</h1>
      {open.length === 0 ? <p>{words.noBoxesWhy}</p> : null}
      {open.map((one) => (
        <button type="button" key={one.box.work.work} className="row" onClick={() => terminal.choose({ box: one.box.work.work })}>
          <code>{one.box.work.work}</code><b>{words.waveUnits(one.box.work.packed, one.box.work.units)}</b>
          <small>{one.box.work.slot > 0 ? `${words.slot(one.box.work.slot)} · ` : ""}{words.ready(ready(one))}</small>
        </button>
      ))}
    </div>
  );
}

function Filling({ view, now: { wave, box } }: { view: View; now: Box }) {
  const words = useWords(said);
  return (
    <>
      <div className="loc">
        <small>{words.box}{box.work.slot > 0 ? <b>{words.slot(box.work.slot)}</b> : null}</small>
        <div className="big long" data-testid="box">{box.work.work}</div>
      </div>
      <div className="item">
        <div className="count"><b data-testid="packed">{box.work.packed}</b><span>{words.of(box.work.units)}</span></div>
        <ul className="lines">
          {Object.entries(box.wants).map(([sku, wants]) => (
            <li key={sku} className={(box.has[sku] ?? 0) >= wants ? "full" : ""}>
              <span className="cut">{nameOf({ ...(view.list as FloorList), waves: [wave] }, sku) || sku}</span><code>{box.has[sku] ?? 0} / {wants}</code>
            </li>
          ))}
        </ul>
        <Told last={view.last} text={words.rightItem} />
      </div>
    </>
  );
}

export function Out({ terminal, view }: Seen) {
  const words = useWords(said);
  const boxed = boxesOf(view.list).filter(({ box }) => box.work.is_boxed && box.work.state !== "handed_over");
  return (
    <div className="choose">
      <h1>{view.box ? words.scanWaybill : words.scanOut}</h1>
      {view.box ? (
        <>
          <code className="large">{view.box}</code>
          <label className="typed">{words.carrier}<input value={view.carrier} maxLength={40} autoCapitalize="none" onChange={(event) => void terminal.set({ carrier: event.target.value.trim() })} /></label>
        </>
      ) : <p>{words.toLeave(boxed.length)}</p>}
      <Told last={view.last} text={words.isOut} />
    </div>
  );
}

export function Put({ view }: Seen) {
  const words = useWords(said);
  const back = view.list ? toPutBack(view.list) : [];
  const sku = view.list && view.held ? skuOf(view.list, view.held) : "";
  return (
    <div className="choose">
      <h1>{view.held ? words.scanPlace : words.scanPut}</h1>
      {view.held ? <div className="row"><b>{nameOf(view.list, sku) || sku || view.held}</b><code>{sku || view.held}</code></div> : null}
      <Told last={view.last} text={words.isPut} />
      {back.map(({ wave, task }) => (
        <div className="row" key={task.task}><b>{task.name}</b><code>{task.sku} ×{task.to_put_back}</code><small>{wave.tote} → {task.place}</small></div>
      ))}
    </div>
  );
}

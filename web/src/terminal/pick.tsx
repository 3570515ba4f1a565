/** At the shelf: where to go, what to take, how many; and the choice of a wave before it. */
import { useWords } from "@/words/language";
import { terminal as said } from "@/words/terminal";
import { openWaves, taskAfter } from "./counters";
import type { ListedWave, PickTaskView } from "./scan";
import type { Terminal, View } from "./terminal";
import { Told } from "./told";

const DOTS_MAX = 12;

export function Pick({ terminal, view }: { terminal: Terminal; view: View }) {
  const words = useWords(said);
  const [wave, task] = [terminal.wave, terminal.task];
  if (!wave || !task) return <Waves terminal={terminal} view={view} />;
  const tasks = wave.tasks.filter((one) => one.quantity > one.short);
  const next = taskAfter(wave, task);
  return (
    <>
      <div className="loc">
        <small>{words.goTo}<b>{words.nth(tasks.filter((one) => one.rest === 0).length + 1, tasks.length)}</b></small>
        <div className={task.place.length > 12 ? "big long" : "big"} data-testid="place">{task.place}</div>
      </div>
      <div className="item">
        <div><div className="name">{task.name}</div><code>{task.sku}</code></div>
        <Count task={task} />
        <Dots task={task} hollow={view.waiting.filter((scan) => scan.subject === task.task && scan.told === "yes").reduce((sum, scan) => sum + scan.quantity, 0)} />
        <Told last={view.last} text={words.rightItem} />
        {next ? <div className="next"><span>{words.next}</span><code>{next.place}</code><span className="cut">{next.name} ×{next.rest}</span></div> : null}
      </div>
    </>
  );
}

function Count({ task }: { task: PickTaskView }) {
  const words = useWords(said);
  return (
    <div className="count">
      <b data-testid="picked">{task.picked}</b><span>{words.of(task.quantity - task.short)}</span>
      <em>{task.lot ? <>{words.lot(task.lot)}<br />{task.expires_on ? words.fefo : null}</> : null}{task.slot > 0 ? <strong>{words.slot(task.slot)}</strong> : null}</em>
    </div>
  );
}

/** One a unit, the ones that the hub has not acknowledged hollow; of many units a bar. */
function Dots({ task, hollow }: { task: PickTaskView; hollow: number }) {
  const all = task.quantity - task.short;
  if (all > DOTS_MAX) return <progress className="bar" max={all} value={task.picked} aria-hidden="true" />;
  const kind = (at: number) => (at >= task.picked ? "" : at >= task.picked - hollow ? "hollow" : "on");
  return <div className="dots" aria-hidden="true">{Array.from({ length: all }, (_, at) => <i key={at} className={kind(at)} />)}</div>;
}

function Waves({ terminal, view }: { terminal: Terminal; view: View }) {
  const words = useWords(said);
  const open = view.list ? openWaves(view.list) : [];
  const isDone = view.wave !== "" && !open.some((one) => one.number === view.wave);
  const sum = (wave: ListedWave, of: (task: PickTaskView) => number) => wave.tasks.reduce((units, task) => units + of(task), 0);
  return (
    <div className="choose">
      {isDone ? <div className="told" data-testid="wave-done"><b>{words.waveDone}</b><small>{view.wave}</small></div> : null}
      <h1>{open.length > 0 ? words.chooseWave : isDone ? words.noWaves : view.list ? words.noWaves : words.opening}</h1>
      {open.length === 0 ? <p>{words.noWavesWhy}</p> : null}
      {open.map((wave) => (
        <button type="button" key={wave.number} className="row" onClick={() => terminal.choose({ wave: wave.number, task: "" })}>
          <code>{wave.number}</code><b>{words.waveUnits(sum(wave, (one) => one.picked), sum(wave, (one) => one.quantity - one.short))}</b>
          <small>{words.tasks(new Set(wave.tasks.filter((one) => one.rest > 0).map((one) => one.place)).size)}</small>
        </button>
      ))}
    </div>
  );
}

/** Which works are to be picked first, each with the figures that make it so. */
import type { WorkPriorities, WorkPriority } from "@/api/generated/schema";
import { Scrolls } from "@/shared/scrolls";
import { Show } from "@/shared/states/show";
import { whenExact } from "@/shared/when";
import { floorNow } from "@/words/floor_now";
import { useLanguage, useWords } from "@/words/language";
import { useTurns } from "./queries";

const SHOWN = 20;
type Words = (typeof floorNow)["zh"] | (typeof floorNow)["en"];

export function Turns({ warehouse }: { warehouse: string }) {
  const words = useWords(floorNow);
  const query = useTurns(warehouse);
  return (
    <section className="card floor-card" aria-label={words.turns}>
      <h2>{words.turns}</h2>
      <Show query={query}>
        {(found) => (
          <>
            <p className="dim">{toldOf(found, words)}</p>
            {found.of ? <Table rows={found.works.slice(0, SHOWN)} /> : null}
            {found.of ? <p className="dim">{words.turnsMeans}</p> : null}
          </>
        )}
      </Show>
    </section>
  );
}

function toldOf(found: WorkPriorities, words: Words): string {
  if (!found.of) return words.noTurns;
  return found.pace_tenths ? words.of(String(found.of), (found.pace_tenths / 10).toFixed(1)) : words.ofUnmeasured(String(found.of));
}

const HOUR = 60;
const DAY = 24 * HOUR;

/** Minutes as people say them, in two steps at most; below zero what is too late, or more urgent. */
function span(minutes: number, words: Words): string {
  const size = Math.abs(minutes);
  const said = size >= DAY ? words.days(Math.floor(size / DAY), Math.floor((size % DAY) / HOUR)) : size >= HOUR ? words.hours(Math.floor(size / HOUR), size % HOUR) : words.mins(size);
  return minutes < 0 ? `−${said}` : said;
}

function Table({ rows }: { rows: WorkPriority[] }) {
  const words = useWords(floorNow);
  const language = useLanguage();
  return (
    <Scrolls label={words.turns}>
      <table className="floor-table">
        <thead><tr>{[words.work, words.minutes, words.why, words.due, words.doneIn].map((one) => <th key={one} scope="col">{one}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.work}>
              <td>{row.work}</td><td>{span(row.minutes, words)}</td>
              <td>{row.reasons.map((one) => `${words[one.why]} ${span(one.minutes, words)}`).join(" · ")}</td><td>{whenExact(row.due_at, language)}</td>
              <td>{words.inMinutes(span(row.done_in, words))}{row.is_late ? <span className="warn"> {words.isLate}</span> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
}

/** Stations with their pace and scale, and works that nobody moved for two hours. */
import { Link } from "@tanstack/react-router";
import type { StationView, StuckWork } from "@/api/generated/schema";
import { Scrolls } from "@/shared/scrolls";
import { whenExact } from "@/shared/when";
import { floorNow } from "@/words/floor_now";
import { useLanguage, useWords } from "@/words/language";

export function Stations({ rows }: { rows: StationView[] }) {
  const words = useWords(floorNow);
  const language = useLanguage();
  return (
    <section className="card floor-card" aria-label={words.stations}>
      <h2>{words.stations}</h2>
      <p className="dim">{rows.length ? words.stationsMeans : words.noStations}</p>
      {rows.length ? (
        <Scrolls label={words.stations}>
          <table className="floor-table">
            <thead><tr>{[words.station, words.pace, words.scans, words.wrong, words.weight, words.last].map((one) => <th key={one} scope="col">{one}</th>)}</tr></thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.station}>
                  <td>{row.station}</td><td>{(row.per_minute_tenths / 10).toFixed(1)}</td><td>{row.scans}</td><td>{row.wrong}</td>
                  <td>{row.weight_g === null || row.weight_g === undefined ? "-" : `${row.weight_g} g`}</td><td>{whenExact(row.last_at, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolls>
      ) : null}
    </section>
  );
}

const STATES = ["allocated", "recalling", "released", "picking", "packed"] as const;

export function Stuck({ rows }: { rows: StuckWork[] }) {
  const words = useWords(floorNow);
  const language = useLanguage();
  const nameOf = (state: string) => { const known = STATES.find((one) => one === state); return known ? words[known] : state; };
  return (
    <section className="card floor-card" aria-label={words.stuck}>
      <h2>{words.stuck}{rows.length ? ` ${rows.length}` : ""}</h2>
      <p className="dim">{rows.length ? words.stuckMeans : words.noStuck}</p>
      {rows.length ? (
        <Scrolls label={words.stuck}>
          <table className="floor-table">
            <thead><tr>{[words.work, words.state, words.wave, words.since].map((one) => <th key={one} scope="col">{one}</th>)}</tr></thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.work}>
                  <td><Link to="/orders/$number" params={{ number: row.order }}>{row.work}</Link></td><td>{nameOf(row.state)}</td>
                  <td>{row.wave ? <Link to="/works/waves" search={{ peek: row.wave }}>{row.wave}</Link> : "-"}</td><td>{whenExact(row.since, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolls>
      ) : null}
    </section>
  );
}

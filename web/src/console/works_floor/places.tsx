/** Places in the order of the walk, the warmer the more they were picked from in the last hour. */
import type { CSSProperties } from "react";
import type { HotPlace } from "@/api/generated/schema";
import { warmth } from "@/console/stock_heat/warmth";
import { floorNow } from "@/words/floor_now";
import { useWords } from "@/words/language";

export function Places({ rows }: { rows: HotPlace[] }) {
  const words = useWords(floorNow);
  const most = Math.max(1, ...rows.map((row) => row.picks));
  return (
    <section className="card floor-card" aria-label={words.places}>
      <h2>{words.places}</h2>
      <p className="dim">{rows.length ? words.placesMeans : words.noPlaces}</p>
      <ul className="floor-places">
        {rows.map((row) => (
          <li key={row.place} style={{ "--warm": warmth(row.picks, most) } as CSSProperties} title={words.cell(row.place, String(row.picks), String(row.open_units))}>
            <span>{row.place}</span>
            <b>{row.picks}{row.open_units ? ` + ${row.open_units}` : ""}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

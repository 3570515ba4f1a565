/** The map itself: a table, so that it is read by ear and copied as well as it is seen. */
import type { CSSProperties } from "react";
import { Link } from "@tanstack/react-router";
import type { HeatMap, HeatRow } from "@/api/generated/schema";
import { Scrolls } from "@/shared/scrolls";
import { Empty } from "@/shared/states";
import { hourOf, whenExact } from "@/shared/when";
import { heat } from "@/words/heat";
import { useLanguage, useWords } from "@/words/language";
import { STEPS_SHOWN, warmth } from "./warmth";

const warm = (degree: number) => ({ "--warm": degree }) as CSSProperties;

export function Map({ found }: { found: HeatMap }) {
  const words = useWords(heat);
  if (found.rows.length === 0) return <Empty title={words.empty} text={words.emptyMeans} />;
  return (
    <Scrolls label={words.title}>
      <table className="heat" aria-label={words.table}>
        <thead>
          <tr>
            <th className="first" scope="col">{words.sku}</th>
            {found.columns.map((column, at) => <th key={column} scope="col">{head(column, at)}</th>)}
            <th scope="col">{words.total}</th>
          </tr>
        </thead>
        <tbody>{found.rows.map((row) => <Row key={row.sku} row={row} found={found} />)}</tbody>
      </table>
    </Scrolls>
  );
}

/** An hour by its clock; a day by its number, the first of a month with it. */
function head(column: string, at: number): string {
  if (column.includes("T")) return hourOf(new Date(column));
  const [, month, day] = column.split("-");
  return at === 0 || day === "01" ? `${Number(month)}/${Number(day)}` : String(Number(day));
}

function Row({ row, found }: { row: HeatRow; found: HeatMap }) {
  const words = useWords(heat);
  const language = useLanguage();
  return (
    <tr>
      <th className="first" scope="row"><Link to="/stock/$sku" params={{ sku: row.sku }}>{row.sku}</Link>{row.name ? <span title={row.name}>{row.name}</span> : null}</th>
      {row.cells.map((cell, at) => {
        const column = found.columns[at] ?? "";
        const units = cell.units + cell.in_bundles;
        const when = column.includes("T") ? whenExact(column, language) : column;
        const title = words.cell(row.sku, when, String(units)) + (cell.in_bundles ? words.inBundles(String(cell.in_bundles)) : "");
        return <td key={column} className={units ? "" : "none"} style={warm(warmth(units, found.most))} title={title}>{units}</td>;
      })}
      <td className="total">{row.units + row.in_bundles}</td>
    </tr>
  );
}

export function Scale() {
  const words = useWords(heat);
  return <span className="heat-scale" aria-hidden="true">{words.fewer}{STEPS_SHOWN.map((degree) => <i key={degree} style={warm(degree)} />)}{words.more}</span>;
}

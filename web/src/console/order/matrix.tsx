/** Milestones by systems: each one's own word, when it said it and how late, and what should have been said by now. */
import { useState } from "react";
import { CircleCheck, Circle, CircleDashed } from "lucide-react";
import type { CellView, FindingView, LagLimits, MissingView, OrderDetail } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { useNow } from "@/shared/clock";
import { useIsPhone } from "@/shared/phone";
import { useLanguage, useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { lasting, title } from "./facts";

const USUAL = 11;

export function Matrix({ found }: { found: OrderDetail }) {
  const words = useWords(bilingual) as OrderWords;
  const isPhone = useIsPhone();
  const [isWhole, setWhole] = useState(false);
  const explained = found.explained;
  if (!explained) return null;
  const said = explained.findings.filter((one) => one.at || one.missing.length > 0);
  const later = explained.findings.filter((one) => !one.at && one.missing.length === 0).slice(0, USUAL);
  const rows = isWhole ? explained.findings : said;
  const lag = explained.lag;
  return (
    <section className="card" id="milestones">
      <h2>
        {words.milestones} <small className="only-wide">{words.milestonesMean}</small><span className="grow" />
        <small className="only-wide">{words.upTo(lasting(lag.notice_seconds, words))} <span className="warn strong">{words.over(lasting(lag.notice_seconds, words))}</span> <span className="bad strong">{words.over(lasting(lag.bad_seconds, words))}</span></small>
      </h2>
      {isPhone ? <PhoneList found={found} rows={rows} lag={lag} /> : <Table found={found} rows={rows} lag={lag} />}
      {later.length > 0 && !(found.order.is_cancelled && !isWhole) ? (
        <p className="body soft">
          <CircleDashed aria-hidden="true" /> {isWhole ? null : `${words.laterSteps(later.length)} `}
          <button type="button" className="bare strong" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>{isWhole ? words.fold : words.unfold}</button>
        </p>
      ) : null}
    </section>
  );
}

interface Rows {
  found: OrderDetail;
  rows: readonly FindingView[];
  lag: LagLimits;
}

function systemsOf(rows: readonly FindingView[]): string[] {
  return [...new Set(rows.flatMap((row) => [...row.cells.map((cell) => cell.system), ...row.missing.map((one) => one.system)]))];
}

function Mark({ row }: { row: FindingView }) {
  return row.at ? <CircleCheck aria-hidden="true" className="good" /> : row.missing.length > 0 ? <Circle aria-hidden="true" className="warn" /> : <CircleDashed aria-hidden="true" className="dim" />;
}

function Table({ found, rows, lag }: Rows) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const systems = systemsOf(rows);
  return (
    <div className="order-wide">
      <table className="order-matrix">
        <thead>
          <tr><th scope="col">{words.milestone}</th><th scope="col" className="hub">{words.hub}<small>{words.hubMeans}</small></th>{systems.map((one) => <th key={one} scope="col" className="mono">{one}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.milestone}>
              <th scope="row"><span className="line"><Mark row={row} />{title(found, `milestone:${row.milestone}`, language)}</span></th>
              <td className="hub">{row.at ? <><When at={row.at} isExact /><small>{words.trusts(row.system)}</small></> : <span className="dim">—</span>}</td>
              {systems.map((system) => (
                <td key={system}><Cell cell={row.cells.find((one) => one.system === system)} missing={row.missing.find((one) => one.system === system)} lag={lag} /></td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ cell, missing, lag }: { cell: CellView | undefined; missing: MissingView | undefined; lag: LagLimits }) {
  if (cell) {
    return <><When at={cell.said_at} isExact /> <Lag seconds={cell.lag_seconds} lag={lag} /><small>{cell.native}</small></>;
  }
  return missing ? <Missing one={missing} /> : <span className="dim">—</span>;
}

function Lag({ seconds, lag }: { seconds: number; lag: LagLimits }) {
  const words = useWords(bilingual) as OrderWords;
  if (seconds === 0) return null;
  const look = seconds > lag.bad_seconds ? "bad strong" : seconds > lag.notice_seconds ? "warn" : "dim";
  return <span className={look}>+{lasting(seconds, words)}</span>;
}

function Missing({ one }: { one: MissingView }) {
  const words = useWords(bilingual) as OrderWords;
  const now = useNow();
  return <span className="order-missing">{words.missing(lasting((now - Date.parse(one.since)) / 1000, words))}</span>;
}

/** On a phone: who agrees in one line, and by name only those that differ. */
function PhoneList({ found, rows, lag }: Rows) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  return (
    <ul className="cards">
      {rows.map((row) => {
        const late = row.cells.filter((cell) => cell.lag_seconds > lag.notice_seconds);
        const agreeing = row.cells.filter((cell) => cell.lag_seconds <= lag.notice_seconds).map((cell) => cell.system);
        return (
          <li key={row.milestone} className="card-row">
            <span className="line"><Mark row={row} /><b>{title(found, `milestone:${row.milestone}`, language)}</b><When at={row.at} isExact /></span>
            <span className="soft">
              {agreeing.length > 1 ? words.agree(agreeing.join("、")) : agreeing.length === 1 ? `${agreeing[0]} ${row.cells[0]?.native ? `「${row.cells[0].native}」` : ""}` : ""}
              {late.map((cell) => <span key={cell.system} className={cell.lag_seconds > lag.bad_seconds ? "bad strong" : "warn"}> {words.late(cell.system, cell.native, lasting(cell.lag_seconds, words))}</span>)}
              {row.missing.map((one) => <Missing key={one.system} one={one} />)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** One ticket: its lines, how far it is, what may be done, and what happened. */
import "@/console/stock/stock.css";
import "./purchasing.css";
import { useState } from "react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { PurchaseView, SubjectFact } from "@/api/generated/schema";
import { Money, When } from "@/shared/cells";
import { count } from "@/shared/money";
import { Show } from "@/shared/states/show";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { purchasing } from "@/words/purchasing";
import type { PurchasingWords } from "@/words/purchasing";
import { Acts } from "./acts";
import { useLines, useTicket } from "./queries";
import { Receive } from "./receive";
import { Promised, StateTag } from "./ticket_columns";
import { WantedLines } from "./ticket_draft";
import type { Wanted } from "./ticket_draft";

const route = getRouteApi("/purchasing/tickets/$number");

export default function OneTicket() {
  const words = useWords(purchasing);
  const { number } = route.useParams();
  const query = useTicket(number);
  return (
    <>
      <nav className="crumb"><Link to="/purchasing">{words.title}</Link> / <Link to="/purchasing/tickets">{words.tickets}</Link> / <span className="mono">{number}</span></nav>
      <Page title={number} sub={query.data ? <>{query.data.supplier_name || query.data.supplier} → {query.data.warehouse} <StateTag state={query.data.state} words={words} /></> : undefined}>
        <Show query={query}>{(found) => <Whole ticket={found} />}</Show>
      </Page>
    </>
  );
}

function Whole({ ticket }: { ticket: PurchaseView }) {
  const words = useWords(purchasing);
  const may = useMay();
  const isWhole = ticket.lines_hidden === 0;
  const edits = isWhole && ticket.may.includes("lines") && may("purchasing:write");
  return (
    <div className="col">
      <p className="say">{ticket.reason}{ticket.closed_because ? ` · ${words.purchase_closed}：${ticket.closed_because}` : ""}</p>
      {isWhole ? null : <p className="alert warn">{words.hidden(ticket.lines_hidden)}</p>}
      {isWhole && may("purchasing:write") ? <Acts key={`acts ${ticket.changed_at}`} ticket={ticket} /> : null}
      {isWhole && ticket.may.includes("receive") && may("stock:write") ? <Receive key={ticket.lines.map((line) => line.rest).join()} ticket={ticket} /> : null}
      <section className="card">
        <h2>{words.lines} <Sums ticket={ticket} /></h2>
        <div className="body scrolls">{edits ? <Edit key={ticket.changed_at} ticket={ticket} /> : <Lines ticket={ticket} />}</div>
      </section>
      <section className="card"><h2>{words.history}</h2><div className="body"><History facts={ticket.history} words={words} /></div></section>
    </div>
  );
}

function Sums({ ticket }: { ticket: PurchaseView }) {
  const words = useWords(purchasing);
  const { promised_on: day, promised_first: first, waybill, receipts, amount, currency } = ticket;
  return (
    <span className="dim buy-sums">
      {day ? <span>{words.promised} <Promised day={day} isLate={ticket.is_late} words={words} /></span> : null}
      {first && first !== day ? <span>{words.first(first)}</span> : null}
      {waybill ? <span>{words.waybill} {waybill}</span> : null}
      {receipts > 0 ? <span>{words.receipts(receipts)}</span> : null}
      {amount && currency ? <span>{words.value} <Money minor={amount} currency={currency} /></span> : null}
    </span>
  );
}

function Lines({ ticket }: { ticket: PurchaseView }) {
  const words = useWords(purchasing);
  const hasFound = ticket.lines.some((line) => line.found > 0);
  const hasGone = ticket.lines.some((line) => line.cancelled > 0);
  return (
    <table className="plain">
      <thead><tr><th scope="col">{words.sku}</th><th scope="col">{words.name}</th><th scope="col" className="num">{words.cost}</th><th scope="col" className="num">{words.quantity}</th><th scope="col" className="num">{words.came}</th>{hasFound ? <th scope="col" className="num">{words.found}</th> : null}{hasGone ? <th scope="col" className="num">{words.gone}</th> : null}<th scope="col" className="num">{words.rest}</th></tr></thead>
      <tbody>
        {ticket.lines.map((line) => (
          <tr key={line.no}>
            <td className="mono whole">{line.sku}</td><td>{line.name}</td><td className="num">{line.cost && ticket.currency ? <Money minor={line.cost} currency={ticket.currency} /> : ""}</td>
            <td className="num">{count(line.quantity)}</td><td className="num">{count(line.received)}</td>{hasFound ? <td className="num warn">{count(line.found)}</td> : null}{hasGone ? <td className="num">{count(line.cancelled)}</td> : null}
            <td className="num"><b className={line.rest > 0 ? "warn" : ""}>{count(line.rest)}</b></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A draft's goods may still be changed. */
function Edit({ ticket }: { ticket: PurchaseView }) {
  const words = useWords(purchasing);
  const tell = useTold();
  const keep = useLines(ticket.number);
  const before = ticket.lines.map((line): Wanted => ({ sku: line.sku, name: line.name, quantity: line.quantity, cost: line.cost ?? null }));
  const [lines, setLines] = useState<readonly Wanted[]>(before);
  const isChanged = JSON.stringify(lines) !== JSON.stringify(before);
  const isWhole = isChanged && lines.length > 0 && lines.every((one) => one.quantity);
  const save = () => keep.mutate({ lines: lines.map((one) => ({ sku: one.sku, quantity: one.quantity ?? 0, cost: one.cost })) }, { onSuccess: () => tell.done(words.saved), onError: tell.failed });
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (isWhole) save(); }}>
      <WantedLines lines={lines} set={setLines} />
      {isChanged ? <div className="do"><Button htmlType="submit" disabled={!isWhole} loading={keep.isPending}>{words.saveLines}</Button></div> : null}
    </form>
  );
}

function History({ facts, words }: { facts: readonly SubjectFact[]; words: PurchasingWords }) {
  const title = (kind: string) => (kind in words ? String(words[kind as "purchase_drafted"]) : kind);
  const named = { promised_on: words.promised, waybill: words.waybill, note: words.note, reason: "" };
  const said = ({ facts: told }: SubjectFact) => Object.entries(named).flatMap(([key, name]) => (typeof told[key] === "string" && told[key] ? [`${name} ${String(told[key])}`.trim()] : [])).join(" · ");
  return (
    <ol className="buy-history">
      {facts.map((fact) => (
        <li key={fact.seq}><b>{title(fact.kind)}</b> <span className="soft">{fact.actor.slice(fact.actor.indexOf(":") + 1)}</span> <When at={fact.at} /> <span className="soft">{said(fact)}</span></li>
      ))}
    </ol>
  );
}

/** One document: its lines, how far it is, what may be done, and what happened. */
import "@/console/stock/stock.css";
import "./stock_documents.css";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { StockDocumentView, SubjectFact } from "@/api/generated/schema";
import { Money, When } from "@/shared/cells";
import { count } from "@/shared/money";
import { Show } from "@/shared/states/show";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { documents } from "@/words/stock_documents";
import type { DocumentWords } from "@/words/stock_documents";
import { person, StateTag } from "./columns";
import { Count } from "./count";
import { LinesTable } from "./lines";
import { useDocument } from "./queries";
import { Steps } from "./steps";
import { Transit } from "./transit";

const route = getRouteApi("/stock/documents/$number");

export default function OneDocument() {
  const words = useWords(documents);
  const { number } = route.useParams();
  const query = useDocument(number);
  return (
    <>
      <nav className="crumb"><Link to="/stock">{words.back}</Link> / <Link to="/stock/documents">{words.title}</Link> / <span className="mono">{number}</span></nav>
      <Page title={number} sub={query.data ? <>{words[query.data.kind]} <StateTag state={query.data.state} words={words} /></> : undefined}>
        <Show query={query}>{(found) => <Whole document={found} />}</Show>
      </Page>
    </>
  );
}

function Whole({ document }: { document: StockDocumentView }) {
  const words = useWords(documents);
  return (
    <div className="col">
      <p className="say">{document.reason}</p>
      {document.lines_hidden > 0 ? <p className="alert warn">{words.hidden(document.lines_hidden)}</p> : null}
      {document.may.includes("count") ? <Count key={document.changed_at} document={document} /> : null}
      {document.may.includes("receive") ? <Transit key={document.changed_at} document={document} /> : null}
      <Steps document={document} />
      <section className="card">
        <h2>{words.lines} <Sums document={document} /></h2>
        <div className="body scrolls"><LinesTable document={document} /></div>
      </section>
      <section className="card"><h2>{words.history}</h2><div className="body"><History facts={document.history} words={words} /></div></section>
    </div>
  );
}

function Sums({ document }: { document: StockDocumentView }) {
  const words = useWords(documents);
  return (
    <span className="dim">
      {document.to ? `${words.to} ${document.to} · ` : ""}{words.maker} {person(document.maker)}
      {document.units > 0 ? ` · ${words.units} ${count(document.units)}` : ""}
      {document.amount ? <> · {words.value} <Money minor={document.amount} currency={document.currency} /></> : null}
    </span>
  );
}

function History({ facts, words }: { facts: readonly SubjectFact[]; words: DocumentWords }) {
  const title = (kind: string) => (kind in words ? String(words[kind as "document_drafted"]) : kind);
  return (
    <ol className="doc-history">
      {facts.map((fact) => {
        const { reason } = fact.facts as { reason?: unknown };
        return <li key={fact.seq}><b>{title(fact.kind)}</b> <span className="soft">{person(fact.actor)}</span> <When at={fact.at} />{typeof reason === "string" ? <span className="soft"> {reason}</span> : null}</li>;
      })}
    </ol>
  );
}

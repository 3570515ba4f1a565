/** What is to be printed: what waits for its printer, what nobody is sure of, and the printers themselves. */
import { useMemo } from "react";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { PrintJob, Printer } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { Views } from "@/shared/views";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { print } from "@/words/print";
import { shared } from "@/words/shared";
import { card, columns } from "./columns";
import { Detail } from "./detail";
import { useJobs, usePrinters } from "./queries";
import { STATES } from "./search";
import "./print.css";
import type { Search } from "./search";

const route = getRouteApi("/works/print");
const keyOf = (row: PrintJob) => String(row.id);
const ALIVE_MS = 60_000;

export default function Printing() {
  const words = useWords(print);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const query = useJobs(here);
  const rows = query.data?.jobs;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const drawn = useMemo(() => columns(words), [words]);
  const peeked = rows?.find((row) => row.id === here.peek);
  return (
    <Page title={words.title} sub={words.sub}>
      <nav className="crumb"><Link to="/works">{words.back}</Link> / {words.title}</nav>
      <Printers />
      <section className="card">
        <Views chosen={here.state} parts={STATES} all={words.open} nameOf={(state) => words[state]} onChoose={(state) => go({ state, after: undefined, peek: undefined })} />
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.title} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)} cursor={here.peek === undefined ? undefined : String(here.peek)}
            onOpen={(row) => go({ peek: row.id })} empty={<Nothing isFiltered={here.state !== undefined} onClear={() => go({ state: undefined, after: undefined })} />}
            foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
          />
        )}
      </section>
      {peeked ? <Detail key={peeked.id} job={peeked} onClose={() => go({ peek: undefined })} /> : null}
    </Page>
  );
}

function Printers() {
  const words = useWords(print);
  const query = usePrinters();
  if (!query.data) return null;
  return (
    <section className="card printers" aria-label={words.printers}>
      {query.data.printers.length === 0 ? <Empty title={words.noPrinter} text={words.noPrinterMeans} /> : null}
      <ul className="stack">
        {query.data.printers.map((one) => (
          <li key={one.name} className="line">
            <b className="mono">{one.name}</b><Standing printer={one} now={query.dataUpdatedAt} />
            <span className="dim">{one.warehouse}{one.station ? ` · ${words.station} ${one.station}` : ""} · {one.form} · {one.size}{one.is_automatic ? ` · ${words.automatic}` : ""}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Standing({ printer, now }: { printer: Printer; now: number }) {
  const words = useWords(print);
  if (!printer.is_active) return <Tag text={words.off} tone="" />;
  if (!printer.asked_at) return <Tag text={words.never} tone="held" />;
  const isAlive = now - Date.parse(printer.asked_at) < ALIVE_MS;
  return <Tag text={isAlive ? words.alive : words.silent} tone={isAlive ? "good" : "bad"} />;
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const words = useWords(print);
  const common = useWords(shared);
  return isFiltered ? (
    <Empty title={words.filterEmpty} action={<button type="button" className="bare" onClick={onClear}>{common.clearFilters}</button>} />
  ) : (
    <Empty title={words.empty} text={words.emptyMeans} />
  );
}

/** What a supplier sees: stock and sales of the SKUs they bring, and their own tickets. To read only; buyers see it by supplier. */
import "@/console/stock/stock.css";
import "./purchasing.css";
import { useMemo } from "react";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { VmiRow, VmiTicket } from "@/api/generated/schema";
import { CopyButton, Cut } from "@/shared/cells";
import { ListFilters } from "@/shared/list_filters";
import { count } from "@/shared/money";
import { Empty, Failed } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { purchasing } from "@/words/purchasing";
import type { PurchasingWords } from "@/words/purchasing";
import { PurchasingParts } from "./purchasing_parts";
import { useSuppliers, useVmi, useVmiTickets } from "./queries";
import type { Search } from "./search";
import { Promised, StateTag } from "./ticket_columns";

const route = getRouteApi("/purchasing/vmi");
const keyOf = (row: VmiRow) => `${row.supplier} ${row.sku}`;

export default function Vmi() {
  const words = useWords(purchasing);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const query = useVmi(here.supplier ?? "", here.q ?? "");
  const rows = query.data?.skus;
  const isBuyer = useMay()("purchasing:read");
  const drawn = useMemo(() => columns(words, isBuyer), [words, isBuyer]);
  return (
    <Page title={words.vmi} sub={words.vmiSub}>
      <PurchasingParts />
      <div className="col">
        <section className="card">
          <Filters here={here} go={go} />
          {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
          {query.error && !rows ? null : (
            <List
              label={words.vmi} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)} empty={<Empty title={words.nothingVmi} text={words.nothingVmiMeans} />}
              foot={query.data?.is_more ? <p className="dim buy-all">{words.more}</p> : null}
            />
          )}
        </section>
        <Tickets supplier={here.supplier ?? ""} />
      </div>
    </Page>
  );
}

function Filters({ here, go }: { here: Search; go: (change: Partial<Search>) => void }) {
  const words = useWords(purchasing);
  const isBuyer = useMay()("purchasing:read");
  const suppliers = (useSuppliers(isBuyer).data?.suppliers ?? []).map((one) => ({ value: one.code, label: one.name || one.code }));
  const choices = isBuyer ? [{ label: words.supplier, value: here.supplier ?? "", options: suppliers, any: words.anySupplier, onChange: (supplier: string | undefined) => go({ supplier }) }] : [];
  return <ListFilters finds={[{ label: words.find, q: here.q, onFind: (q) => go({ q }) }]} choices={choices} />;
}

function mean(row: VmiRow): string {
  return (row.mean_hundredths / 100).toFixed(1);
}

function lasts(row: VmiRow, words: PurchasingWords) {
  const days = row.days_left ?? undefined;
  if (days === undefined) return <span className="soft">{words.nothingSells}</span>;
  return <span className={days <= row.lead_days ? "warn" : ""}>{words.days(days)}</span>;
}

function columns(words: PurchasingWords, isBuyer: boolean): readonly Column<VmiRow>[] {
  return [
    { key: "sku", title: words.sku, width: 150, isFixed: true, render: (row) => (isBuyer ? <Link to="/stock/$sku" params={{ sku: row.sku }} className="mono cut">{row.sku}</Link> : <span className="line"><b className="mono cut">{row.sku}</b><CopyButton text={row.sku} label={words.copySku(row.sku)} /></span>) },
    { key: "name", title: words.name, render: (row) => <span className="buy-goods"><Cut text={row.name} />{isBuyer ? <Cut text={row.supplier_name || row.supplier} className="soft" /> : null}</span> },
    { key: "hand", title: words.onHand, width: 90, align: "right", render: (row) => count(row.on_hand) },
    { key: "available", title: words.available, width: 90, align: "right", render: (row) => <span className={row.available < 0 ? "bad" : ""}>{count(row.available)}</span> },
    { key: "coming", title: words.coming, width: 90, align: "right", render: (row) => count(row.on_purchase) },
    { key: "sold", title: words.sold, width: 110, align: "right", render: (row) => count(row.sold_7_days) },
    { key: "mean", title: words.mean, width: 80, align: "right", render: (row) => mean(row) },
    { key: "left", title: words.daysLeft, width: 90, align: "right", render: (row) => lasts(row, words) },
    { key: "point", title: words.point, width: 90, align: "right", render: (row) => count(row.point) },
    { key: "wanted", title: words.wanted, width: 100, align: "right", render: (row) => (row.wanted > 0 ? <b className="warn">{count(row.wanted)}</b> : "") },
  ];
}

function card(row: VmiRow, words: PurchasingWords) {
  return (
    <>
      <span className="line"><b className="mono cut">{row.sku}</b><Cut text={row.name} />{lasts(row, words)}</span>
      <span className="line"><span>{words.onHand} {count(row.on_hand)} · {words.available} {count(row.available)} · {words.coming} {count(row.on_purchase)}</span></span>
      <span className="line dim"><span>{words.mean} {mean(row)} · {words.point} {count(row.point)}</span>{row.wanted > 0 ? <b className="warn">{words.wanted} {count(row.wanted)}</b> : null}</span>
    </>
  );
}

function Tickets({ supplier }: { supplier: string }) {
  const words = useWords(purchasing);
  const isBuyer = useMay()("purchasing:read");
  const query = useVmiTickets(supplier);
  return (
    <section className="card">
      <h2>{isBuyer ? words.tickets : words.yourTickets}</h2>
      <div className="body"><Show query={query}>{({ tickets }) => (tickets.length === 0 ? <p className="dim">{words.noVmiTickets}</p> : <ul className="stack">{tickets.map((one) => <Ticket key={one.number} ticket={one} />)}</ul>)}</Show></div>
    </section>
  );
}

function Ticket({ ticket }: { ticket: VmiTicket }) {
  const words = useWords(purchasing);
  return (
    <li className="buy-ticket">
      <span className="buy-head"><b className="mono">{ticket.number}</b><StateTag state={ticket.state} words={words} /><span>→ {ticket.warehouse}</span><span className="dim">{words.promised}</span><Promised day={ticket.promised_on} isLate={ticket.is_late} words={words} />{ticket.waybill ? <span className="dim">{words.waybill} {ticket.waybill}</span> : null}</span>
      <ul>
        {ticket.lines.map((line) => <li key={line.no} className="buy-own"><span className="cut"><span className="mono">{line.sku}</span> {line.name}</span><span className="dim">{words.quantity} {count(line.quantity)} · {words.came} {count(line.received)} · {words.rest} {count(line.rest)}</span></li>)}
      </ul>
    </li>
  );
}

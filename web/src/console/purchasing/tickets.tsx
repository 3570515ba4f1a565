/** Purchase tickets, the newest first: what is waited for, and what is late. */
import "./purchasing.css";
import { useMemo } from "react";
import { getRouteApi } from "@tanstack/react-router";
import { Button } from "antd";
import type { PurchaseRow } from "@/api/generated/schema";
import { useWarehouses } from "@/console/stock/queries";
import { ListFilters } from "@/shared/list_filters";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { Views } from "@/shared/views";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { purchasing } from "@/words/purchasing";
import { shared } from "@/words/shared";
import { PurchasingParts } from "./purchasing_parts";
import { useSuppliers, useTickets } from "./queries";
import { STATES } from "./search";
import type { Search } from "./search";
import { card, columns, stateWord } from "./ticket_columns";
import { TicketDrawer } from "./ticket_draft";

const route = getRouteApi("/purchasing/tickets");
const keyOf = (row: PurchaseRow) => row.number;
const UNFILTERED: Partial<Search> = { state: undefined, supplier: undefined, warehouse: undefined, q: undefined, after: undefined };

export default function Tickets() {
  const words = useWords(purchasing);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const open = (number: string) => void navigate({ to: "/purchasing/tickets/$number", params: { number } });
  const query = useTickets(here);
  const rows = query.data?.tickets;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const drawn = useMemo(() => columns(words), [words]);
  const isFiltered = here.state !== undefined || here.supplier !== undefined || here.q !== undefined || here.warehouse !== undefined;
  const actions = may("purchasing:write") ? <Button type="primary" onClick={() => go({ create: true })}>{words.create}</Button> : null;
  return (
    <Page title={words.tickets} sub={words.ticketsSub} actions={actions}>
      <PurchasingParts />
      <section className="card">
        <Views chosen={here.state} parts={STATES} all={words.all} nameOf={(one) => stateWord(one, words)} onChoose={(state) => go({ state, after: undefined })} />
        <Filters here={here} go={go} />
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.tickets} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)} onOpen={(row) => open(row.number)}
            empty={<Nothing isFiltered={isFiltered} onClear={() => go(UNFILTERED)} />}
            foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
          />
        )}
      </section>
      {here.create ? <TicketDrawer onClose={() => go({ create: undefined })} onDone={open} /> : null}
    </Page>
  );
}

function Filters({ here, go }: { here: Search; go: (change: Partial<Search>) => void }) {
  const words = useWords(purchasing);
  const houses = (useWarehouses().data?.warehouses ?? []).map((one) => ({ value: one.code, label: one.name || one.code }));
  const suppliers = (useSuppliers().data?.suppliers ?? []).map((one) => ({ value: one.code, label: one.name || one.code }));
  return (
    <ListFilters
      finds={[{ label: words.findTicket, q: here.q, onFind: (q) => go({ q, after: undefined }) }]}
      choices={[
        { label: words.supplier, value: here.supplier ?? "", options: suppliers, any: words.anySupplier, onChange: (supplier) => go({ supplier, after: undefined }) },
        { label: words.warehouse, value: here.warehouse ?? "", options: houses, any: words.anyWarehouse, onChange: (warehouse) => go({ warehouse, after: undefined }) },
      ]}
    />
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const words = useWords(purchasing);
  const common = useWords(shared);
  if (!isFiltered) return <Empty title={words.noTickets} text={words.noTicketsMeans} />;
  return <Empty title={words.filterEmpty} action={<Button onClick={onClear}>{common.clearFilters}</Button>} />;
}

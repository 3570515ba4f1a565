/** What is to be bought and why, most urgent first: a click drafts a ticket for a line, or for all of a supplier's. */
import "@/console/stock/stock.css";
import "./purchasing.css";
import { useMemo } from "react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { SuggestionPage, SuggestionView } from "@/api/generated/schema";
import { useWarehouses } from "@/console/stock/queries";
import { ListFilters } from "@/shared/list_filters";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { purchasing } from "@/words/purchasing";
import { shared } from "@/words/shared";
import { PurchasingParts } from "./purchasing_parts";
import { useDraft, useSuggestions, useSuppliers } from "./queries";
import type { Search } from "./search";
import { card, columns } from "./suggestion_columns";

const route = getRouteApi("/purchasing");
const keyOf = (row: SuggestionView) => row.sku;

export default function Suggestions() {
  const words = useWords(purchasing);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const query = useSuggestions(here);
  const rule = query.data?.rule;
  const sub = rule ? words.suggestionsSub((rule.safety_percent / 100).toFixed(1), rule.cover_days) : undefined;
  return (
    <Page title={words.suggestions} sub={sub}>
      <PurchasingParts />
      <section className="card">
        <Filters here={here} go={go} />
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={query.data ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !query.data ? null : <Rows page={query.data} here={here} go={go} />}
      </section>
    </Page>
  );
}

interface Part {
  here: Search;
  go: (change: Partial<Search>) => void;
}

/** The warehouse that goods come to: the one that is chosen, else the first that works. */
function useTarget(here: Search) {
  const houses = useWarehouses().data?.warehouses ?? [];
  const options = houses.filter((one) => one.is_active).map((one) => ({ value: one.code, label: one.name || one.code }));
  return { options, target: here.to ?? options[0]?.value ?? "" };
}

function Filters({ here, go }: Part) {
  const words = useWords(purchasing);
  const suppliers = useSuppliers();
  const { options, target } = useTarget(here);
  const brought = (suppliers.data?.suppliers ?? []).filter((one) => one.is_active).map((one) => ({ value: one.code, label: one.name || one.code }));
  return (
    <ListFilters
      finds={[{ label: words.find, q: here.q, onFind: (q) => go({ q, after: undefined }) }]}
      choices={[
        { label: words.supplier, value: here.supplier ?? "", options: brought, any: words.anySupplier, onChange: (supplier) => go({ supplier, after: undefined }) },
        { label: words.toWarehouse, value: target, options: options.map((one) => ({ ...one, label: `→ ${one.label}` })), onChange: (to) => go({ to }) },
      ]}
    />
  );
}

function Rows({ page, here, go }: Part & { page: SuggestionPage | undefined }) {
  const words = useWords(purchasing);
  const may = useMay();
  const { target } = useTarget(here);
  const take = useTake(target);
  const canDraft = may("purchasing:write") && target !== "";
  const rows = page?.suggestions;
  const way = usePages(here.after, page?.next, rows?.length ?? 0, (after) => go({ after }));
  const drawn = useMemo(() => columns(words, canDraft ? { label: words.draft, isBusy: take.isPending, act: (row) => take.draft([row]) } : undefined), [words, canDraft, take]);
  const isFiltered = here.supplier !== undefined || here.q !== undefined;
  return (
    <>
      {canDraft && rows && rows.length > 0 ? <All rows={rows} supplier={here.supplier} isBusy={take.isPending} onDraft={take.draft} /> : null}
      <List
        label={words.suggestions} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words, canDraft ? <Button size="small" disabled={!row.supplier} onClick={() => take.draft([row])}>{words.draft}</Button> : null)}
        empty={<Nothing isFiltered={isFiltered} onClear={() => go({ supplier: undefined, q: undefined, after: undefined })} />}
        foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(page?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
      />
    </>
  );
}

/** Drafts a ticket of rows that one supplier brings, and goes to it. */
function useTake(warehouse: string) {
  const words = useWords(purchasing);
  const tell = useTold();
  const draft = useDraft();
  const navigate = route.useNavigate();
  const { mutate, isPending } = draft;
  return useMemo(() => ({
    isPending,
    draft: (rows: readonly SuggestionView[]) => mutate(
      { supplier: rows[0]?.supplier ?? "", warehouse, reason: words.draftReason, lines: rows.map((row) => ({ sku: row.sku, quantity: row.quantity, cost: null })) },
      { onSuccess: (made) => { tell.done(words.draftedAs(made.number)); void navigate({ to: "/purchasing/tickets/$number", params: { number: made.number } }); }, onError: tell.failed },
    ),
  }), [isPending, mutate, warehouse, words, tell, navigate]);
}

function All({ rows, supplier, isBusy, onDraft }: { rows: readonly SuggestionView[]; supplier: string | undefined; isBusy: boolean; onDraft: (rows: readonly SuggestionView[]) => void }) {
  const words = useWords(purchasing);
  if (!supplier) return <p className="dim buy-all">{words.pickSupplier}</p>;
  return <div className="do buy-all"><Button type="primary" loading={isBusy} onClick={() => onDraft(rows)}>{words.draftAll(rows.length)}</Button></div>;
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const words = useWords(purchasing);
  const common = useWords(shared);
  if (isFiltered) return <Empty title={words.filterEmpty} action={<Button onClick={onClear}>{common.clearFilters}</Button>} />;
  return <Empty title={words.nothingToBuy} text={words.nothingToBuyMeans} action={<Link to="/purchasing/suppliers">{words.suppliers}</Link>} />;
}

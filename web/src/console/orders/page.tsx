/** Find and move many: what is late, why is this one not moving, who has it? */
import type { ReactNode } from "react";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { getRouteApi, useNavigate, useRouter } from "@tanstack/react-router";
import { Button } from "antd";
import { ArrowUp, Download, Plus } from "lucide-react";
import type { OrderRow } from "@/api/generated/schema";
import { api } from "@/api/client";
import { asProblem } from "@/api/problem";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { Selection, useChosen } from "@/shared/table/selection";
import { whenExact } from "@/shared/when";
import { useKeys } from "@/shell/keys";
import { useMay, useMe } from "@/shell/me";
import { Page } from "@/shell/page";
import { useLanguage, useWords } from "@/words/language";
import { orders } from "@/words/orders";
import { shared } from "@/words/shared";
import { BulkBar } from "./bulk";
import type { ColumnName } from "./columns";
import { card, columns, needsOf, seen, usual } from "./columns";
import { Display } from "./display";
import { Export } from "./export";
import { Tokens, useFilterName } from "./filters";
import { Find } from "./find";
import { Missing } from "./numbers";
import { Peek } from "./peek";
import { useNewer, useOrders, useStanding, useViews } from "./queries";
import type { Filters, Search, Sort } from "./search";
import { NO_FILTERS, filtersOf } from "./search";
import { Views } from "./views";
import "./orders.css";

const route = getRouteApi("/orders");
const keyOf = (row: OrderRow) => row.id;
const nameOf = (row: OrderRow) => row.number;
const NONE: readonly OrderRow[] = [];
const HABIT = "orders.columns";

/** Which columns the user chose; the usual ones before that. */
function useColumns(): [readonly ColumnName[], (names: readonly ColumnName[]) => void] {
  const me = useMe();
  const kept = me.preferences[HABIT] as unknown;
  const language = useLanguage();
  const [names, setNames] = useState<readonly ColumnName[]>(() => {
    const known = Array.isArray(kept) ? seen(me).filter((name) => kept.includes(name)).toSorted((a, b) => kept.indexOf(a) - kept.indexOf(b)) : [];
    return known.length > 0 ? known : usual(me, language);
  });
  return [names, (chosen) => {
    setNames(chosen);
    void api.PUT("/api/v1/me/preferences", { body: { preferences: { [HABIT]: chosen } as never } });
  }];
}

export default function Orders() {
  const words = useWords(orders);
  const language = useLanguage();
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const history = useRouter().history;
  const may = useMay();
  const [names, setNames] = useColumns();
  const [selection] = useState(() => new Selection());
  const [isAll, setAll] = useState(false);
  const [cursor, setCursor] = useState<string>();
  const [open, setOpen] = useState<"" | "filter" | "export">("");
  const boxRef = useRef<HTMLInputElement>(null);
  const sort: Sort = here.sort ?? "-recorded";
  const filters = useMemo(() => filtersOf(here), [here]);
  const needs = useDeferredValue(needsOf(names));
  const query = useOrders(here, needs);
  const { rows, leftOf, fresh } = useRows(here, needs, query.data?.orders, query.data?.as_of);
  const views = useViews().data ?? [];
  const chosen = useChosen(selection);
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const change = (some: Partial<Filters>) => go({ ...some, after: undefined, peek: undefined });
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const onSort = (next: Sort) => go({ sort: next === "-recorded" ? undefined : next, after: undefined });
  const drawn = columns(names, words, language, sort, onSort);
  const openOrder = (row: OrderRow, isAside: boolean) => (isAside ? void window.open(`/orders/${row.number}`, "_blank") : history.push(`/orders/${row.number}`));
  const peeked = rows?.find((row) => row.number === here.peek);
  const refresh = () => (here.after ? go({ after: undefined }) : void query.refetch());
  const canExport = may("orders:export") || may("orders:export-closed");
  useListKeys({
    rows: rows ?? NONE, cursor, setCursor, selection, boxRef, onPeek: (row) => go({ peek: here.peek === row.number ? undefined : row.number }), onOpen: openOrder,
    onFilter: () => setOpen("filter"), onNew: refresh, onExport: () => canExport && setOpen("export"),
    onView: () => { const at = views.findIndex((view) => view.id === here.view); document.querySelectorAll<HTMLElement>(".views [role=tab]")[(at + 2) % (views.length + 1)]?.click(); },
    onNext: way.onNext, onPrevious: way.onPrevious,
  });
  return (
    <Page title={words.title} actions={<Actions onExport={canExport ? () => setOpen("export") : undefined} />}>
      <section className="card orders">
        <Views views={views} here={here} filters={filters} sort={sort} go={go} />
        <Bar here={here} filters={filters} change={change} boxRef={boxRef} isAdding={open === "filter"} onAdding={(isOn) => setOpen(isOn ? "filter" : "")} asOf={sort.endsWith("ship_by") ? query.data?.as_of : null} fresh={here.after ? 0 : fresh} onFresh={refresh}>
          <Display names={names} onNames={setNames} />
        </Bar>
        {query.error ? <Trouble error={query.error} since={rows ? query.dataUpdatedAt : undefined} onRetry={() => void query.refetch()} onNarrow={() => change({ placed: "7d" })} /> : null}
        {filters.numbers ? <Missing numbers={query.data?.missing ?? []} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.title} columns={drawn} rows={rows} keyOf={keyOf} nameOf={nameOf} card={card} cursor={cursor} selection={selection} lookOf={(row) => (leftOf.has(row.id) ? "left" : "")}
            onOpen={(row, { isAside }) => openOrder(row, isAside)} empty={<Nothing isFiltered={Object.keys(filters).length > 0} emptied={query.data?.emptied_by ?? []} onClear={() => change(NO_FILTERS)} />}
            foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
          />
        )}
      </section>
      <BulkBar selection={selection} filters={filters} asOf={query.data?.as_of ?? null} isAll={isAll} onAll={setAll} onExport={() => setOpen("export")} />
      {open === "export" ? <Export chosen={isAll ? [] : chosen} filters={filters} sort={sort} columns={names} onClose={() => setOpen("")} /> : null}
      {peeked ? <Peek key={peeked.id} row={peeked} onClose={() => go({ peek: undefined })} onOpen={() => openOrder(peeked, false)} /> : null}
    </Page>
  );
}

interface BarProps {
  here: Search;
  filters: Filters;
  change: (some: Partial<Filters>) => void;
  boxRef: React.RefObject<HTMLInputElement | null>;
  isAdding: boolean;
  onAdding: (isOn: boolean) => void;
  asOf: string | null | undefined;
  fresh: number;
  onFresh: () => void;
  children: ReactNode;
}

function Bar({ here, filters, change, boxRef, isAdding, onAdding, asOf, fresh, onFresh, children }: BarProps) {
  const words = useWords(orders);
  const language = useLanguage();
  return (
    <div className="filters">
      <Find key={here.view ?? ""} value={here.q ?? ""} boxRef={boxRef} onFind={(q) => change({ q: q || undefined })} onNumbers={(numbers) => change({ numbers, q: undefined })} />
      <Tokens filters={filters} change={change} isAdding={isAdding} onAdding={onAdding} />
      {Object.keys(filters).length > 0 ? <Button type="text" size="small" onClick={() => change(NO_FILTERS)}>{words.clear}</Button> : null}
      <span className="grow" />
      {asOf ? <span className="dim">{words.asOf(whenExact(asOf, language))}</span> : null}
      {fresh > 0 ? <button type="button" className="fresh" aria-live="polite" onClick={onFresh}><ArrowUp aria-hidden="true" />{words.fresh(fresh)}</button> : null}
      {children}
    </div>
  );
}

/** The rows of the page with what has changed since put in their places; none moves, none vanishes while it is looked at. */
function useRows(here: Search, needs: string, page: readonly OrderRow[] | undefined, asOf: string | null | undefined) {
  const ids = useMemo(() => (page ?? NONE).map((row) => row.id), [page]);
  const standing = useStanding(here, needs, ids).data?.orders;
  const newer = useNewer(here, here.after ? undefined : asOf).data;
  return useMemo(() => {
    const now = new Map((standing ?? NONE).map((row) => [row.id, row]));
    const isAsked = standing !== undefined && ids.some((id) => now.has(id));
    return {
      rows: page?.map((row) => now.get(row.id) ?? row), leftOf: new Set(isAsked ? ids.filter((id) => !now.has(id)) : []),
      fresh: (newer ?? []).filter((id) => !ids.includes(id)).length,
    };
  }, [page, ids, standing, newer]);
}

interface ListKeys {
  rows: readonly OrderRow[];
  cursor: string | undefined;
  setCursor: (id: string | undefined) => void;
  selection: Selection;
  boxRef: React.RefObject<HTMLInputElement | null>;
  onPeek: (row: OrderRow) => void;
  onOpen: (row: OrderRow, isAside: boolean) => void;
  onFilter: () => void;
  onNew: () => void;
  onExport: () => void;
  onView: () => void;
  onNext: () => void;
  onPrevious?: (() => void) | undefined;
}

/** The list without a mouse: the cursor crosses pages. */
function useListKeys({ rows, cursor, setCursor, selection, boxRef, onPeek, onOpen, onFilter, onNew, onExport, onView, onNext, onPrevious }: ListKeys): void {
  const at = rows.findIndex((row) => row.id === cursor);
  const row = rows[at];
  const ids = rows.map((one) => one.id);
  const move = (step: number) => {
    const to = rows[at + step];
    if (to) setCursor(to.id);
    else if (step > 0 && at === rows.length - 1) onNext();
    else if (step < 0 && at === 0) onPrevious?.();
  };
  useKeys({
    down: () => move(1), up: () => move(-1), peek: () => row && onPeek(row), open: () => row && onOpen(row, false), openTab: () => row && onOpen(row, true),
    tick: () => row && selection.toggle(row.id), tickRange: () => row && selection.extend(row.id, ids), find: () => boxRef.current?.focus(), filter: onFilter, views: onView, showNew: onNew, export: onExport,
  });
}

function Trouble({ error, since, onRetry, onNarrow }: { error: unknown; since: number | undefined; onRetry: () => void; onNarrow: () => void }) {
  const words = useWords(orders);
  const isWide = asProblem(error).code === "narrow_time";
  return (
    <>
      <Failed error={error} since={since} onRetry={isWide ? undefined : onRetry} />
      {isWide ? <p className="state"><Button type="primary" onClick={onNarrow}>{words.narrow}</Button></p> : null}
    </>
  );
}

function Nothing({ isFiltered, emptied, onClear }: { isFiltered: boolean; emptied: readonly string[]; onClear: () => void }) {
  const words = useWords(orders);
  const common = useWords(shared);
  const nameOf = useFilterName();
  if (!isFiltered) return <Empty title={words.empty} text={words.emptyMeans} />;
  return <Empty title={words.filterEmpty} text={emptied.length > 0 ? words.drop(emptied.map(nameOf).join("、")) : null} action={<Button onClick={onClear}>{common.clearFilters}</Button>} />;
}

function Actions({ onExport }: { onExport: (() => void) | undefined }) {
  const words = useWords(orders);
  const navigate = useNavigate();
  const mayEnter = useMay()("orders:enter");
  return (
    <>
      {onExport ? <Button icon={<Download aria-hidden="true" />} onClick={onExport}>{words.export}</Button> : null}
      {mayEnter ? <Button type="primary" icon={<Plus aria-hidden="true" />} onClick={() => void navigate({ to: "/orders/new" })}>{words.manual}</Button> : null}
    </>
  );
}

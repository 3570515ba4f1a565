/** Stock documents, the newest first: what waits for whom. */
import { useMemo } from "react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { DocumentRow } from "@/api/generated/schema";
import { ListFilters } from "@/shared/list_filters";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { Views } from "@/shared/views";
import { useWarehouses } from "@/console/stock/queries";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { documents } from "@/words/stock_documents";
import { card, columns } from "./columns";
import { DraftDrawer } from "./draft";
import { useDocuments } from "./queries";
import { KINDS, STATES } from "./search";
import type { Search } from "./search";

const route = getRouteApi("/stock/documents");
const keyOf = (row: DocumentRow) => row.number;

export default function Documents() {
  const words = useWords(documents);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const open = (number: string) => void navigate({ to: "/stock/documents/$number", params: { number } });
  const query = useDocuments(here);
  const rows = query.data?.documents;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const drawn = useMemo(() => columns(words), [words]);
  const isFiltered = here.state !== undefined || here.kind !== undefined || here.q !== undefined || here.warehouse !== undefined;
  const actions = may("stock:write") ? <Button type="primary" onClick={() => go({ create: true })}>{words.create}</Button> : null;
  return (
    <>
      <nav className="crumb"><Link to="/stock">{words.back}</Link> / {words.title}</nav>
      <Page title={words.title} sub={words.sub} actions={actions}>
        <section className="card">
          <Views chosen={here.state} parts={STATES} all={words.all} nameOf={(one) => words[one]} onChoose={(state) => go({ state, after: undefined })} />
          <Filters here={here} go={go} />
          {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
          {query.error && !rows ? null : (
            <List
              label={words.title} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)} onOpen={(row) => open(row.number)}
              empty={<Nothing isFiltered={isFiltered} onClear={() => go({ state: undefined, kind: undefined, q: undefined, warehouse: undefined, after: undefined })} />}
              foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
            />
          )}
        </section>
        {here.create ? <DraftDrawer onClose={() => go({ create: undefined })} onDone={open} /> : null}
      </Page>
    </>
  );
}

function Filters({ here, go }: { here: Search; go: (change: Partial<Search>) => void }) {
  const words = useWords(documents);
  const houses = useWarehouses();
  const options = (houses.data?.warehouses ?? []).map((one) => ({ value: one.code, label: one.name || one.code }));
  return (
    <ListFilters
      finds={[{ label: words.find, q: here.q, onFind: (q) => go({ q, after: undefined }) }]}
      choices={[
        { label: words.kind, value: here.kind ?? "", options: KINDS.map((kind) => ({ value: kind, label: words[kind] })), any: words.anyKind, onChange: (value) => go({ kind: KINDS.find((one) => one === value), after: undefined }) },
        { label: words.warehouse, value: here.warehouse ?? "", options, any: words.anyWarehouse, onChange: (warehouse) => go({ warehouse, after: undefined }) },
      ]}
    />
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const words = useWords(documents);
  const common = useWords(shared);
  if (!isFiltered) return <Empty title={words.empty} text={words.emptyMeans} />;
  return <Empty title={words.filterEmpty} action={<Button onClick={onClear}>{common.clearFilters}</Button>} />;
}

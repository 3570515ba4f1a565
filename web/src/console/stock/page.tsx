/** What can be sold and why not more: SKU by SKU, those in trouble in front. */
import "./stock.css";
import { useMemo } from "react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { BoardRow } from "@/api/generated/schema";
import { ListFilters } from "@/shared/list_filters";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { Views } from "@/shared/views";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { stock } from "@/words/stock";
import { card, columns } from "./columns";
import { MoveDrawer } from "./move";
import { Reach } from "./reach";
import { useBoard, useWarehouses } from "./queries";
import { STATES } from "./search";
import type { Search } from "./search";
import { StockParts } from "./stock_parts";

const route = getRouteApi("/stock");
const keyOf = (row: BoardRow) => row.sku;

export default function Stock() {
  const words = useWords(stock);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const query = useBoard(here);
  const rows = query.data?.rows;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const drawn = useMemo(() => columns(words), [words]);
  const isFiltered = here.state !== undefined || here.q !== undefined || here.warehouse !== undefined;
  const actions = may("stock:write") ? <Button type="primary" onClick={() => go({ move: "*" })}>{words.adjust}</Button> : null;
  return (
    <Page title={words.title} sub={words.sub} actions={actions}>
      <StockParts />
      <div className="col"><section className="card">
        <Tabs state={here.state} go={go} />
        <Filters here={here} go={go} />
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.title} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)}
            onOpen={(row) => void navigate({ to: "/stock/$sku", params: { sku: row.sku } })}
            empty={<Nothing isFiltered={isFiltered} onClear={() => go({ state: undefined, q: undefined, warehouse: undefined, after: undefined })} />}
            foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
          />
        )}
      </section>
      <Reach /></div>
      {here.move ? <MoveDrawer sku={here.move === "*" ? "" : here.move} onClose={() => go({ move: undefined })} /> : null}
    </Page>
  );
}

interface Part {
  go: (change: Partial<Search>) => void;
}

function Tabs({ state, go }: Part & { state: Search["state"] }) {
  const words = useWords(stock);
  return (
    <Views chosen={state} parts={STATES} all={words.all} nameOf={(one) => words[one]} onChoose={(one) => go({ state: one, after: undefined })} />
  );
}

function Filters({ here, go }: Part & { here: Search }) {
  const words = useWords(stock);
  const houses = useWarehouses();
  const options = (houses.data?.warehouses ?? []).map((one) => ({ value: one.code, label: one.name || one.code }));
  return (
    <ListFilters
      finds={[{ label: words.find, q: here.q, onFind: (q) => go({ q, after: undefined }) }]}
      choices={[{ label: words.warehouse, value: here.warehouse ?? "", options, any: words.anyWarehouse, onChange: (warehouse) => go({ warehouse, after: undefined }) }]}
    />
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const words = useWords(stock);
  const common = useWords(shared);
  return isFiltered ? (
    <Empty title={words.filterEmpty} action={<button type="button" className="bare" onClick={onClear}>{common.clearFilters}</button>} />
  ) : (
    <Empty title={words.empty} text={words.emptyMeans} action={<Link to="/products">{words.toProducts}</Link>} />
  );
}

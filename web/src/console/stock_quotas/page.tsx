/** Quotas, the newest first: what is kept for whom, how much was drawn, and what is missing. */
import { useMemo } from "react";
import { getRouteApi } from "@tanstack/react-router";
import { Button } from "antd";
import type { QuotaView } from "@/api/generated/schema";
import { StockParts } from "@/console/stock/stock_parts";
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
import { quotas } from "@/words/quotas";
import { shared } from "@/words/shared";
import { card, columns } from "./columns";
import { PlanDrawer } from "./plan";
import { useQuotas } from "./queries";
import { STATES } from "./search";
import type { Search } from "./search";

const route = getRouteApi("/stock/quotas");
const keyOf = (row: QuotaView) => row.number;
const UNFILTERED = { state: undefined, sku: undefined, warehouse: undefined, campaign: undefined, after: undefined } satisfies Search;

export default function Quotas() {
  const words = useWords(quotas);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const query = useQuotas(here);
  const rows = query.data?.quotas;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const drawn = useMemo(() => columns(words), [words]);
  const isFiltered = [here.state, here.sku, here.warehouse, here.campaign].some((one) => one !== undefined);
  const create = may("stock:write") ? <Button type="primary" onClick={() => go({ create: "*" })}>{words.create}</Button> : null;
  return (
    <Page title={words.title} sub={words.sub} actions={create}>
      <StockParts />
      <section className="card">
        <Views chosen={here.state} parts={STATES} all={words.all} nameOf={(one) => words[one]} onChoose={(state) => go({ state, after: undefined })} />
        <Filters here={here} go={go} />
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.title} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)}
            onOpen={(row) => void navigate({ to: "/stock/quotas/$number", params: { number: row.number } })}
            empty={<Nothing isFiltered={isFiltered} onClear={() => go(UNFILTERED)} />}
            foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
          />
        )}
      </section>
      {here.create ? <PlanDrawer sku={here.create === "*" ? "" : here.create} onClose={() => go({ create: undefined })} /> : null}
    </Page>
  );
}

function Filters({ here, go }: { here: Search; go: (change: Partial<Search>) => void }) {
  const words = useWords(quotas);
  const houses = useWarehouses();
  const options = (houses.data?.warehouses ?? []).map((one) => ({ value: one.code, label: one.name || one.code }));
  const find = (key: "sku" | "campaign", label: string) => ({ label, q: here[key], onFind: (q: string | undefined) => go({ [key]: q, after: undefined }) });
  return (
    <ListFilters
      finds={[find("sku", words.findSku), find("campaign", words.findCampaign)]}
      choices={[{ label: words.warehouse, value: here.warehouse ?? "", options, any: words.anyWarehouse, onChange: (warehouse) => go({ warehouse, after: undefined }) }]}
    />
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const words = useWords(quotas);
  const common = useWords(shared);
  if (!isFiltered) return <Empty title={words.empty} text={words.emptyMeans} />;
  return <Empty title={words.filterEmpty} action={<Button onClick={onClear}>{common.clearFilters}</Button>} />;
}

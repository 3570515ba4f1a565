/** Waves of the warehouses that are run here, the newest first: how far each is, and a new one. */
import { useMemo } from "react";
import { Button } from "antd";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { WaveRow } from "@/api/generated/schema";
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
import { shared } from "@/words/shared";
import { waves } from "@/words/waves";
import { card, columns } from "./columns";
import { Detail } from "./detail";
import { Plan } from "./plan";
import { useWaves } from "./queries";
import { STATES } from "./search";
import type { Search } from "./search";

const route = getRouteApi("/works/waves");
const keyOf = (row: WaveRow) => row.number;

export default function Waves() {
  const words = useWords(waves);
  const may = useMay();
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const query = useWaves(here);
  const rows = query.data?.waves;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const drawn = useMemo(() => columns(words), [words]);
  const clear = () => go({ state: undefined, warehouse: undefined, after: undefined });
  return (
    <>
      <nav className="crumb"><Link to="/works">{words.back}</Link> / {words.title}</nav>
      <Page title={words.title} sub={words.sub} actions={may("works:write") ? <Button type="primary" onClick={() => go({ plan: true })}>{words.plan}</Button> : null}>
        <section className="card">
          <Views chosen={here.state} parts={STATES} all={words.all} nameOf={(state) => words[state]} onChoose={(state) => go({ state, after: undefined })} />
          <Houses here={here} go={go} />
          {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
          {query.error && !rows ? null : (
            <List
              label={words.title} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)} cursor={here.peek} onOpen={(row) => go({ peek: row.number })}
              empty={<Nothing isFiltered={here.state !== undefined || here.warehouse !== undefined} onClear={clear} />}
              foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
            />
          )}
        </section>
      </Page>
      {here.peek ? <Detail key={here.peek} number={here.peek} onClose={() => go({ peek: undefined })} /> : null}
      {here.plan ? <Plan onClose={() => go({ plan: undefined })} onDone={(peek) => go({ plan: undefined, peek })} /> : null}
    </>
  );
}

function Houses({ here, go }: { here: Search; go: (change: Partial<Search>) => void }) {
  const words = useWords(waves);
  const houses = useWarehouses().data?.warehouses.filter((one) => one.is_floor) ?? [];
  if (houses.length < 2) return null;
  const options = houses.map((one) => ({ value: one.code, label: one.name || one.code }));
  return <ListFilters finds={[]} choices={[{ label: words.warehouse, value: here.warehouse ?? "", options, any: words.anyWarehouse, onChange: (warehouse) => go({ warehouse, after: undefined }) }]} />;
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const words = useWords(waves);
  const common = useWords(shared);
  if (!isFiltered) return <Empty title={words.empty} text={words.emptyMeans} />;
  return <Empty title={words.filterEmpty} action={<Button onClick={onClear}>{common.clearFilters}</Button>} />;
}

/** Does what we say arrive? The outbox by state, newest first. */
import { useMemo } from "react";
import { getRouteApi } from "@tanstack/react-router";
import { Detail } from "@/shared/delivery/detail";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { Views } from "@/shared/views";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { deliveries } from "@/words/deliveries";
import { shared } from "@/words/shared";
import type { DeliveryView } from "@/api/generated/schema";
import { card, columns } from "./columns";
import { useDeliveries } from "./queries";
import { STATES } from "./search";
import type { Search } from "./search";

const route = getRouteApi("/deliveries");
const keyOf = (row: DeliveryView) => row.id;

export default function Deliveries() {
  const words = useWords(deliveries);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const query = useDeliveries(here);
  const rows = query.data?.deliveries;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const drawn = useMemo(() => columns(words), [words]);
  return (
    <Page title={words.title} sub={words.sub}>
      <section className="card">
        <Views chosen={here.state} parts={STATES} all={words.all} nameOf={(state) => words[state]} onChoose={(state) => go({ state, after: undefined })} />
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.title} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)} cursor={here.peek}
            onOpen={(row) => go({ peek: row.id })} empty={<Nothing isFiltered={here.state !== undefined} onClear={() => go({ state: undefined, after: undefined })} />}
            foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
          />
        )}
      </section>
      {here.peek ? <Detail key={here.peek} id={here.peek} onClose={() => go({ peek: undefined })} /> : null}
    </Page>
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const words = useWords(deliveries);
  const common = useWords(shared);
  return isFiltered ? (
    <Empty title={words.filterEmpty} action={<button type="button" className="bare" onClick={onClear}>{common.clearFilters}</button>} />
  ) : (
    <Empty title={words.empty} text={words.emptyMeans} />
  );
}

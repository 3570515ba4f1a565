/** What is to be picked, packed and handed over by people: works of warehouses that have no system, oldest first. */
import "./works.css";
import { useMemo } from "react";
import { Button } from "antd";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { HandWork } from "@/api/generated/schema";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { Views } from "@/shared/views";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { works } from "@/words/works";
import { card, columns } from "./columns";
import { Detail } from "./detail";
import { useWorks } from "./queries";
import { Rescue } from "./rescue";
import { STATES } from "./search";
import type { Search } from "./search";

const route = getRouteApi("/works");
const keyOf = (row: HandWork) => row.number;

export default function Works() {
  const words = useWords(works);
  const may = useMay();
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const query = useWorks(here);
  const rows = query.data?.works;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const drawn = useMemo(() => columns(words), [words]);
  const toPrint = `/api/v1/works/pick-list/paper${here.warehouse ? `?warehouse=${encodeURIComponent(here.warehouse)}` : ""}`;
  return (
    <Page title={words.title} sub={words.sub} actions={<><Button href="/terminal/">{words.terminal}</Button> <Button href="/bench/">{words.bench}</Button> {may("works:write") ? <Rescue /> : null} <Button href={toPrint} target="_blank">{words.pickList}</Button></>}>
      <nav className="line works-ways" aria-label={words.ways}>
        <Link to="/works/floor">{words.floor}</Link><Link to="/works/waves">{words.waves}</Link><Link to="/works/together">{words.together}</Link><Link to="/works/print">{words.printJobs}</Link><Link to="/works/doubts">{words.doubts}</Link>
      </nav>
      <section className="card">
        <Views chosen={here.state} parts={STATES} all={words.open} nameOf={(state) => words[state]} onChoose={(state) => go({ state, after: undefined })} />
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.title} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)} cursor={here.peek}
            onOpen={(row) => go({ peek: row.number })} empty={<Nothing state={here.state} onClear={() => go({ state: undefined, after: undefined })} />}
            foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
          />
        )}
      </section>
      {here.peek ? <Detail key={here.peek} number={here.peek} onClose={() => go({ peek: undefined })} /> : null}
    </Page>
  );
}

function Nothing({ state, onClear }: { state: Search["state"]; onClear: () => void }) {
  const words = useWords(works);
  const common = useWords(shared);
  return state ? (
    <Empty title={words.filterEmpty} action={<button type="button" className="bare" onClick={onClear}>{common.clearFilters}</button>} />
  ) : (
    <Empty title={words.empty} text={words.emptyMeans} />
  );
}

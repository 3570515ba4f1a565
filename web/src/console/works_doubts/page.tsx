/** Labels and couriers whose answer was lost, oldest first: asked again, found, or given up - never bought twice. */
import { useMemo } from "react";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { DoubtedRequest } from "@/api/generated/schema";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { doubts } from "@/words/print";
import { card, columns } from "./columns";
import { Detail } from "./detail";
import { useDoubts } from "./queries";

const route = getRouteApi("/works/doubts");
const keyOf = (row: DoubtedRequest) => row.number;

export default function Doubts() {
  const words = useWords(doubts);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const query = useDoubts();
  const rows = query.data?.doubts;
  const drawn = useMemo(() => columns(words), [words]);
  const peeked = rows?.find((row) => row.number === here.peek);
  const look = (peek: string | undefined) => void navigate({ search: { peek } });
  return (
    <Page title={words.title} sub={words.sub}>
      <nav className="crumb"><Link to="/works">{words.back}</Link> / {words.title}</nav>
      <section className="card">
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.title} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)} cursor={here.peek}
            onOpen={(row) => look(row.number)} empty={<Empty title={words.empty} text={words.emptyMeans} />}
            foot={query.data?.is_more ? <p className="dim">{words.more}</p> : null}
          />
        )}
      </section>
      {peeked ? <Detail key={peeked.number} row={peeked} onClose={() => look(undefined)} /> : null}
    </Page>
  );
}

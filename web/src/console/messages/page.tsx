/** The inbox as it came: is all read, and what stands apart, why? */
import { useMemo, useState } from "react";
import { getRouteApi } from "@tanstack/react-router";
import type { MessageView } from "@/api/generated/schema";
import { MessageAccount } from "@/shared/message_account";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { Selection } from "@/shared/table/selection";
import { useTitles } from "@/shared/titles";
import { To } from "@/shared/to";
import { Views } from "@/shared/views";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { messages } from "@/words/messages";
import type { MessageWords } from "@/words/messages";
import { shared } from "@/words/shared";
import { Bulk } from "./bulk";
import { card, columns } from "./columns";
import { Filters } from "./filters";
import { useAccount, useMessages } from "./queries";
import { STATES } from "./search";
import type { Search } from "./search";
import "./messages.css";

const route = getRouteApi("/messages");
const keyOf = (row: MessageView) => row.id;

export default function Messages() {
  const words = useWords(messages) as MessageWords;
  const title = useTitles();
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, after: undefined, ...change }) });
  const [selection] = useState(() => new Selection());
  const query = useMessages(here);
  const account = useAccount();
  const rows = query.data?.messages;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const caseTitle = useMemo(() => (kind: string) => title("cases", kind), [title]);
  const drawn = useMemo(() => columns(words, caseTitle), [words, caseTitle]);
  const open = (row: MessageView) => void navigate({ to: "/messages/$id", params: { id: row.id } });
  return (
    <Page title={words.title} sub={words.sub}>
      <div className="col messages">
        {account.data ? <MessageAccount account={account.data} /> : null}
        <section className="card">
          <Views chosen={here.state} parts={STATES} all={words.all} nameOf={(state) => words[state]} onChoose={(state) => go({ state })} />
          <Filters here={here} go={go} />
          {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
          {query.error && !rows ? null : (
            <List
              label={words.title} columns={drawn} rows={rows} keyOf={keyOf} nameOf={(row) => `${row.account} ${row.topic}`} card={(row) => card(row, words, caseTitle)} onOpen={open}
              selection={may("messages:write") ? selection : undefined}
              empty={<Nothing isFiltered={Object.values(here).some((value) => value !== undefined)} onClear={() => void navigate({ search: {} })} />}
              foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
            />
          )}
        </section>
      </div>
      <Bulk selection={selection} />
    </Page>
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const words = useWords(messages) as MessageWords;
  const common = useWords(shared);
  return isFiltered ? (
    <Empty title={words.filtered} action={<button type="button" className="bare" onClick={onClear}>{common.clearFilters}</button>} />
  ) : (
    <Empty title={words.none} text={words.noneMeans} action={<To href="/connections/new">{words.connect}</To>} />
  );
}

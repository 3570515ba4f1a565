/** Who saw whose personal data, when and why: the newest first. */
import { getRouteApi } from "@tanstack/react-router";
import type { UnmaskingView } from "@/api/generated/schema";
import { Cut, When } from "@/shared/cells";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { SettingsPage } from "@/shell/settings";
import { useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { useUnmaskings } from "./queries";

const route = getRouteApi("/settings/unmaskings");
const keyOf = (row: UnmaskingView) => `${row.at} ${row.order} ${row.message} ${row.who}`;
const who = (row: UnmaskingView) => row.who.replace(/^(user|token):/, "");
const asCard = (row: UnmaskingView) => (
  <div className="stack">
    <div className="line"><b>{who(row)}</b><span className="mono">{row.order}</span><span className="grow" /><When at={row.at} /></div>
    <p className="soft">{row.reason}</p>
  </div>
);

export default function Unmaskings() {
  const words = useWords(settings);
  const { after } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useUnmaskings(after);
  const rows = query.data?.unmaskings;
  const way = usePages(after, query.data?.next, rows?.length ?? 0, (next) => void navigate({ search: { after: next } }));
  const columns: Column<UnmaskingView>[] = [
    { key: "at", title: words.seenAt, width: 130, render: (row) => <When at={row.at} isExact /> },
    { key: "who", title: words.seenBy, width: 180, render: (row) => <Cut text={who(row)} /> },
    { key: "what", title: words.seenWhat, width: 220, render: (row) => (row.order ? <span className="mono">{row.order}</span> : words.seenMessage) },
    { key: "why", title: words.seenWhy, render: (row) => <Cut text={row.reason} /> },
  ];
  return (
    <SettingsPage title={words.unmaskings}>
      <section className="card">
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.unmaskings} columns={columns} rows={rows} keyOf={keyOf} card={asCard}
            empty={<Empty title={words.seenNothing} text={words.seenMeans} />}
            foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
          />
        )}
      </section>
    </SettingsPage>
  );
}

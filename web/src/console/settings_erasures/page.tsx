/** People who were forgotten on request, and a new one: looked at first, then done for good. */
import { useState } from "react";
import { getRouteApi } from "@tanstack/react-router";
import { Button } from "antd";
import type { ErasureView } from "@/api/generated/schema";
import { Cut, Tag, When } from "@/shared/cells";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { SettingsPage } from "@/shell/settings";
import { useWords } from "@/words/language";
import { erasures } from "@/words/erasures";
import { Erase } from "./erase";
import { useErasures } from "./queries";

const route = getRouteApi("/settings/erasures");
const who = (row: ErasureView) => row.by.replace(/^(user|token):/, "");

export default function Erasures() {
  const words = useWords(erasures);
  const { after } = route.useSearch();
  const navigate = route.useNavigate();
  const [isAsking, setAsking] = useState(false);
  const query = useErasures(after);
  const rows = query.data?.erasures;
  const way = usePages(after, query.data?.next, rows?.length ?? 0, (next) => void navigate({ search: { after: next } }));
  const state = (row: ErasureView) => (row.ended_at ? <Tag text={row.refused > 0 ? words.partly(row.done, row.refused) : words.ended} tone={row.refused > 0 ? "warn" : "good"} /> : <Tag text={words.running} />);
  const emptied = (row: ErasureView) => words.emptied(row);
  const columns: Column<ErasureView>[] = [
    { key: "at", title: words.at, width: 130, render: (row) => <When at={row.at} isExact /> },
    { key: "who", title: words.by, width: 140, render: (row) => <Cut text={who(row)} /> },
    { key: "orders", title: words.orders, width: 70, align: "right", render: (row) => row.orders },
    { key: "state", title: words.state, width: 150, render: state },
    { key: "emptied", title: words.gone, render: (row) => <Cut text={emptied(row)} /> },
    { key: "why", title: words.reason, render: (row) => <Cut text={row.reason} /> },
  ];
  const card = (row: ErasureView) => (
    <div className="stack">
      <div className="line"><b>{who(row)}</b><span>{words.count(row.orders)}</span>{state(row)}<span className="grow" /><When at={row.at} /></div>
      <p className="soft">{emptied(row)}</p>
      <p className="soft">{row.reason}</p>
    </div>
  );
  return (
    <SettingsPage title={words.title} actions={<Button type="primary" danger onClick={() => setAsking(true)}>{words.add}</Button>}>
      <section className="card">
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.title} columns={columns} rows={rows} keyOf={(row) => row.id} card={card}
            empty={<Empty title={words.none} text={words.means} />}
            foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
          />
        )}
      </section>
      {isAsking ? <Erase onClose={() => setAsking(false)} /> : null}
    </SettingsPage>
  );
}

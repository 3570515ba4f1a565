/** Where one is signed in; one place or all the others can be ended. */
import { Button } from "antd";
import type { SessionView } from "@/api/generated/schema";
import { agent } from "@/shared/agent";
import { Cut, Tag, When } from "@/shared/cells";
import { Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { useEnd, useSessions } from "./queries";

export function Sessions() {
  const words = useWords(settings);
  const told = useTold();
  const query = useSessions();
  const end = useEnd();
  const rows = query.data?.sessions;
  const ending = (id: string | null) => end.mutate(id, {
    onSuccess: (done) => told.done(words.ended(done.ended)),
    onError: told.failed,
  });
  const device = (row: SessionView) => (
    <span className="line" title={row.device}><Cut text={agent(row.device) || words.program} />{row.is_this ? <Tag text={words.thisOne} tone="brand" /> : null}</span>
  );
  const out = (row: SessionView) => (row.is_this ? null : <Button size="small" onClick={() => ending(row.id)}>{words.end}</Button>);
  const asCard = (row: SessionView) => (
    <div className="line">{device(row)}<span className="grow" /><When at={row.used_at ?? row.since} />{out(row)}</div>
  );
  const columns: Column<SessionView>[] = [
    { key: "device", title: words.device, render: device },
    { key: "address", title: words.address, width: 140, render: (row) => <span className="mono">{row.address}</span> },
    { key: "since", title: words.since, width: 110, render: (row) => <When at={row.since} /> },
    { key: "used", title: words.lastUsed, width: 110, render: (row) => (row.used_at ? <When at={row.used_at} /> : words.never) },
    { key: "end", title: "", width: 100, align: "right", render: out },
  ];
  return (
    <section className="card">
      <header>
        <h2>{words.sessions}</h2><span className="grow" />
        {rows && rows.length > 1 ? <Button size="small" danger loading={end.isPending} onClick={() => ending(null)}>{words.endOthers}</Button> : null}
      </header>
      <p className="body soft">{words.sessionsMeans}</p>
      {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
      {query.error && !rows ? null : (
        <List
          label={words.sessions} columns={columns} rows={rows} keyOf={(row) => row.id} empty={null}
          card={asCard}
        />
      )}
    </section>
  );
}

/** Webhook endpoints: who gets the hub's events, whether they are heard, and each one's log. */
import type { ReactNode } from "react";
import { useState } from "react";
import { Button } from "antd";
import { getRouteApi } from "@tanstack/react-router";
import type { SubscriberView } from "@/api/generated/schema";
import { Cut, When } from "@/shared/cells";
import { Detail } from "@/shared/delivery/detail";
import { Once } from "@/shared/once";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { useMay } from "@/shell/me";
import { SettingsPage } from "@/shell/settings";
import { settings } from "@/words/settings";
import { useWords } from "@/words/language";
import { webhooks } from "@/words/webhooks";
import { EndpointForm } from "./form";
import { Log } from "./log";
import { One, StateOf, waits } from "./one";
import { useSubscribers } from "./queries";
import type { Search } from "./search";

const route = getRouteApi("/settings/webhooks");
const keyOf = (row: SubscriberView) => row.code;

export default function Webhooks() {
  const words = useWords(webhooks);
  const title = useWords(settings).webhooks;
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const query = useSubscribers();
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState("");
  const may = useMay();
  const rows = query.data?.subscribers;
  const chosen = rows?.find((row) => row.code === here.code);
  const add = may("accounts:write") ? <Button type="primary" onClick={() => setAdding(true)}>{words.add}</Button> : null;
  return (
    <SettingsPage title={title} actions={here.code || rows?.length === 0 ? null : add}>
      {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
      {chosen ? (
        <div className="col">
          <div className="crumb"><button type="button" className="bare" onClick={() => go({ code: undefined, state: undefined, after: undefined, peek: undefined })}>{words.back}</button></div>
          <One row={chosen} onGone={() => go({ code: undefined })} />
          <Log here={here} go={go} />
        </div>
      ) : null}
      {chosen || (query.error && !rows) ? null : (
        <section className="card">
          <Endpoints rows={rows} onOpen={(row) => go({ code: row.code })} empty={<Empty title={words.none} text={words.means} action={add} />} />
        </section>
      )}
      {here.peek ? <Detail key={here.peek} id={here.peek} onClose={() => go({ peek: undefined })} /> : null}
      {isAdding ? <EndpointForm onClose={() => setAdding(false)} onSecret={setSecret} /> : null}
      {secret ? <Once title={words.secretTitle} means={words.secretMeans} text={secret} done={words.keptIt} onClose={() => setSecret("")} /> : null}
    </SettingsPage>
  );
}

function Endpoints({ rows, onOpen, empty }: { rows: readonly SubscriberView[] | undefined; onOpen: (row: SubscriberView) => void; empty: ReactNode }) {
  const title = useWords(settings).webhooks;
  const words = useWords(webhooks);
  const columns: Column<SubscriberView>[] = [
    { key: "code", title: words.code, width: 150, render: (row) => <button type="button" className="bare mono" onClick={() => onOpen(row)}>{row.code}</button> },
    { key: "title", title: words.title, width: 180, render: (row) => <Cut text={row.title} /> },
    { key: "url", title: words.url, render: (row) => <Cut text={row.url} className="mono soft" /> },
    { key: "state", title: words.state, width: 80, render: (row) => <StateOf row={row} /> },
    { key: "waiting", title: words.waiting, width: 76, align: "right", render: (row) => waits(row.waiting, words) },
    { key: "parked", title: words.parked, width: 76, align: "right", render: (row) => <span className={row.parked ? "bad strong" : ""}>{waits(row.parked, words)}</span> },
    { key: "heard", title: words.heard, width: 120, render: (row) => (row.heard_at ? <When at={row.heard_at} /> : <span className="dim">{words.never}</span>) },
  ];
  const asCard = (row: SubscriberView) => (
    <>
      <span className="line"><b className="mono">{row.code}</b><Cut text={row.title} /><StateOf row={row} /></span>
      <span className="line soft"><Cut text={row.url} className="mono" /></span>
      <span className="line dim"><span>{`${words.waiting} ${waits(row.waiting, words)} · ${words.parked} ${waits(row.parked, words)}`}</span>{row.heard_at ? <When at={row.heard_at} /> : words.never}</span>
    </>
  );
  return <List label={title} columns={columns} rows={rows} keyOf={keyOf} onOpen={onOpen} card={asCard} empty={empty} />;
}

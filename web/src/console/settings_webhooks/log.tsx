/** What was sent to one endpoint: event, order, tries, answer code; resend from the row. */
import { Button } from "antd";
import type { DeliveryView } from "@/api/generated/schema";
import { Cut, When } from "@/shared/cells";
import { Fault } from "@/shared/cells/fault";
import { useResend } from "@/shared/delivery/queries";
import { StateTag } from "@/shared/delivery/state";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { useTold } from "@/shared/told";
import { Views } from "@/shared/views";
import { useMay } from "@/shell/me";
import { deliveries } from "@/words/deliveries";
import { useWords } from "@/words/language";
import { webhooks } from "@/words/webhooks";
import { useLog } from "./queries";
import { STATES } from "./search";
import type { Search } from "./search";

const keyOf = (row: DeliveryView) => row.id;

export function Log({ here, go }: { here: Search; go: (change: Partial<Search>) => void }) {
  const words = useWords(webhooks);
  const states = useWords(deliveries);
  const query = useLog(here);
  const rows = query.data?.deliveries;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const columns: Column<DeliveryView>[] = [
    { key: "at", title: words.at, width: 130, render: (row) => <When at={row.created_at} /> },
    { key: "order", title: words.order, width: 190, render: (row) => <Cut text={row.order ?? words.trial} className="mono" /> },
    { key: "state", title: words.result, width: 90, render: (row) => <StateTag state={row.state} /> },
    { key: "status", title: words.status, width: 72, align: "right", render: (row) => <span className="mono">{row.status}</span> },
    { key: "tries", title: words.tries, width: 60, align: "right", render: (row) => row.attempts },
    { key: "error", title: words.error, render: (row) => <Fault text={row.last_error} /> },
    { key: "do", title: "", width: 84, align: "right", render: (row) => <Resend row={row} /> },
  ];
  return (
    <section className="card">
      <h2>{words.log}</h2>
      <Views chosen={here.state} parts={STATES} all={words.all} nameOf={(state) => states[state]} onChoose={(state) => go({ state, after: undefined })} />
      {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
      {query.error && !rows ? null : (
        <List
          label={words.log} columns={columns} rows={rows} keyOf={keyOf} cursor={here.peek} onOpen={(row) => go({ peek: row.id })} card={(row) => asCard(row, words)}
          empty={here.state ? <Empty title={words.filterEmpty} /> : <Empty title={words.noLog} text={words.noLogMeans} />}
          foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
        />
      )}
    </section>
  );
}

function asCard(row: DeliveryView, words: (typeof webhooks)["zh"] | (typeof webhooks)["en"]) {
  return (
    <>
      <span className="line"><StateTag state={row.state} /><span className="mono">{row.status}</span><When at={row.created_at} /></span>
      <span className="line"><Cut text={row.order ?? words.trial} className="mono" /><Fault text={row.last_error} /></span>
    </>
  );
}

function Resend({ row }: { row: DeliveryView }) {
  const words = useWords(webhooks);
  const { failed, done } = useTold();
  const resend = useResend();
  const isWriter = useMay()("deliveries:write");
  if (row.state === "due" || !isWriter) return null;
  return <Button size="small" loading={resend.isPending} onClick={() => resend.mutate(row.id, { onSuccess: () => done(words.resent), onError: failed })}>{words.resend}</Button>;
}

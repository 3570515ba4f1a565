/** Snapshots of stock, the newest first: how many figures differ, and whose new orders wait. */
import { useMemo } from "react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { SnapshotView } from "@/api/generated/schema";
import { StockParts } from "@/console/stock/stock_parts";
import { Limit, Tag, When } from "@/shared/cells";
import { count } from "@/shared/money";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { snapshots } from "@/words/snapshots";
import type { SnapshotWords } from "@/words/snapshots";
import { useSnapshots, useTake } from "./queries";

const route = getRouteApi("/stock/snapshots");
const keyOf = (row: SnapshotView) => row.number;

export default function Snapshots() {
  const words = useWords(snapshots);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const open = (number: string) => void navigate({ to: "/stock/snapshots/$number", params: { number } });
  const query = useSnapshots(here);
  const rows = query.data?.snapshots;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => void navigate({ search: { after } }));
  const drawn = useMemo(() => columns(words), [words]);
  return (
    <Page title={words.title} sub={words.sub} actions={<Take onTaken={open} />}>
      <StockParts />
      <section className="card">
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.title} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)} onOpen={(row) => open(row.number)}
            empty={<Empty title={words.none} text={words.noneMeans} />}
            foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
          />
        )}
      </section>
    </Page>
  );
}

function Take({ onTaken }: { onTaken: (number: string) => void }) {
  const words = useWords(snapshots);
  const may = useMay();
  const tell = useTold();
  const take = useTake();
  if (!may("stock:write")) return null;
  const go = () => take.mutate(undefined, { onSuccess: (asked) => { tell.done(words.taken); onTaken(asked.number); }, onError: tell.failed });
  return <Button type="primary" loading={take.isPending} onClick={go}>{words.take}</Button>;
}

/** Who asked for it: a person, or the clock of the hub. */
export const askedBy = (row: SnapshotView, words: SnapshotWords) => (row.scheduled_for ? words.byClock : row.by.slice(row.by.indexOf(":") + 1));

export function Waits({ row, words }: { row: SnapshotView; words: SnapshotWords }) {
  if (!row.ended_at) return <Tag text={words.now} tone="brand" title={words.running} />;
  return row.paused_until ? <span className="line"><Tag text={`${words.paused} ${count(row.tripped.length)}`} tone="bad" /><Limit due={row.paused_until} /></span> : null;
}

function columns(words: SnapshotWords): readonly Column<SnapshotView>[] {
  const units = (key: "compared" | "differ" | "explained", isLoud = false): Column<SnapshotView> => ({
    key, title: words[key], width: 110, align: "right", render: (row) => <span className={isLoud && row[key] > row.explained ? "warn strong" : ""}>{count(row[key])}</span>,
  });
  return [
    { key: "number", title: words.number, width: 160, isFixed: true, render: (row) => <Link to="/stock/snapshots/$number" params={{ number: row.number }} className="mono cut">{row.number}</Link> },
    { key: "began", title: words.began, width: 140, render: (row) => <When at={row.began_at} /> },
    { key: "by", title: words.by, width: 140, render: (row) => <span className="soft cut">{askedBy(row, words)}</span> },
    units("compared"), units("differ", true), { ...units("explained"), title: <span title={words.explainedMeans}>{words.explained}</span> },
    { key: "unread", title: words.unread, width: 90, align: "right", render: (row) => <span className={Object.keys(row.unread).length > 0 ? "warn" : "dim"} title={Object.keys(row.unread).join(" ")}>{Object.keys(row.unread).length}</span> },
    { key: "waits", title: words.paused, render: (row) => <Waits row={row} words={words} /> },
  ];
}

function card(row: SnapshotView, words: SnapshotWords) {
  return (
    <>
      <span className="line"><b className="mono cut">{row.number}</b><When at={row.began_at} /></span>
      <span className="line"><span>{`${words.compared} ${count(row.compared)} · ${words.differ} ${count(row.differ)} · ${words.explained} ${count(row.explained)}`}</span></span>
      <span className="line dim"><span className="cut">{askedBy(row, words)}</span><Waits row={row} words={words} /></span>
    </>
  );
}

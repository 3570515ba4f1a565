/** The queue: what is mine, what burns, what is the same fault? */
import { useMemo, useState } from "react";
import { Button } from "antd";
import { getRouteApi } from "@tanstack/react-router";
import type { CaseView } from "@/api/generated/schema";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { Selection } from "@/shared/table/selection";
import { useTitles } from "@/shared/titles";
import { useNow } from "@/shared/clock";
import { useKeys } from "@/shell/keys";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { shared } from "@/words/shared";
import { Bulk } from "./bulk";
import { card, columns } from "./columns";
import { useLine } from "./line";
import { Piles } from "./piles";
import { useCases, useKinds } from "./queries";
import { Together } from "./together";
import { Recovery } from "./recovery";
import { STATES } from "./search";
import type { Search } from "./search";
import "./cases.css";

const route = getRouteApi("/cases");
const keyOf = (row: CaseView) => row.id;

export default function Cases() {
  const words = useWords(cases);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, after: undefined, ...change }) });
  const isMine = here.person === "me";
  return (
    <Page title={words.title} sub={words.sub}>
      <section className="card">
        <div className="views" role="tablist">
          <Tab isOn={!here.tab && !here.state && !isMine} text={words.open} onPick={() => go({ tab: undefined, state: undefined, person: undefined })} />
          <Tab isOn={!here.tab && isMine} text={words.mine} onPick={() => go({ tab: undefined, state: undefined, person: "me" })} />
          {STATES.slice(1).map((state) => (
            <Tab key={state} isOn={!here.tab && here.state === state} text={words[state]} onPick={() => go({ tab: undefined, state, person: undefined })} />
          ))}
          <Tab isOn={here.tab === "recovery"} text={words.recovery} onPick={() => go({ tab: "recovery" })} />
        </div>
        {here.tab === "recovery" ? <Recovery by={here.by ?? "kind"} onBy={(by) => go({ by })} /> : <Queue here={here} go={go} />}
      </section>
    </Page>
  );
}

function Tab({ isOn, text, onPick }: { isOn: boolean; text: string; onPick: () => void }) {
  return <button type="button" role="tab" aria-selected={isOn} className={isOn ? "on" : ""} onClick={onPick}>{text}</button>;
}

function Queue({ here, go }: { here: Search; go: (change: Partial<Search>) => void }) {
  const words = useWords(cases);
  const title = useTitles();
  const line = useLine();
  const navigate = route.useNavigate();
  const may = useMay();
  const [selection] = useState(() => new Selection());
  const [cursor, setCursor] = useState<string>();
  const [isWhole, setWhole] = useState(false);
  const query = useCases(here);
  const kinds = useKinds(here);
  const rows = query.data?.cases;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const isPile = Boolean(here.kind) && !here.state && (rows?.length ?? 0) > 1 && !here.person && !here.owner && !here.severity && !here.account && !here.warehouse && !here.order;
  const drawn = useMemo(() => columns(words, title, line), [words, title, line]);
  const open = (row: CaseView) => void navigate({ to: "/cases/$id", params: { id: row.id } });
  const move = (by: number) => {
    const at = (rows ?? []).findIndex((row) => row.id === cursor) + by;
    setCursor(rows?.[Math.max(0, Math.min(rows.length - 1, at))]?.id);
  };
  const here1 = rows?.find((row) => row.id === cursor);
  useKeys({ down: () => move(1), up: () => move(-1), open: () => here1 && open(here1), mend: () => rows?.[0] && open(here1 ?? rows[0]), tick: () => here1 && selection.toggle(here1.id) });
  return (
    <div className="queue">
      <Piles kinds={kinds.data} here={here} go={go} />
      <div className="queue-list">
        {isPile ? <p className="pile-mend"><span className="grow" /><Button size="small" onClick={() => setWhole(true)}>{words.mendPile}</Button></p> : null}
        {isWhole && here.kind ? <Together chosen={{ ids: [], pile: { kind: here.kind, cause: here.cause ?? "" } }} onClose={() => setWhole(false)} onDone={() => selection.clear()} /> : null}
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.title} columns={drawn} rows={rows} keyOf={keyOf} nameOf={(row) => title("cases", row.kind)} card={(row) => card(row, title, line)} cursor={cursor} onOpen={open}
            selection={may("cases:write") ? selection : undefined}
            empty={<Nothing isFiltered={Object.values(here).some((value) => value !== undefined)} last={kinds.data?.last_mended ?? null} onClear={() => void navigate({ search: {} })} />}
            foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
          />
        )}
        <Bulk selection={selection} isClosed={here.state === "resolved"} />
      </div>
    </div>
  );
}

function Nothing({ isFiltered, last, onClear }: { isFiltered: boolean; last: { at: string; seconds: number } | null; onClear: () => void }) {
  const words = useWords(cases);
  const common = useWords(shared);
  const now = useNow();
  if (isFiltered) return <Empty title={words.filtered} action={<button type="button" className="bare" onClick={onClear}>{common.clearFilters}</button>} />;
  const told = last ? words.last(common.ago(Math.max(0, Math.floor((now - Date.parse(last.at)) / 60_000))), common.lasted(last.seconds)) : "";
  return <Empty title={words.none} text={told} />;
}

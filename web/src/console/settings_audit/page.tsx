/** The audit: is the log whole, and who did what when to which order. */
import { useState } from "react";
import { Button, Drawer } from "antd";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { FactPage, FactView } from "@/api/generated/schema";
import { Cut, When } from "@/shared/cells";
import { Empty, Failed } from "@/shared/states";
import { happened } from "@/shared/happened";
import { Show } from "@/shared/states/show";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { useTitles } from "@/shared/titles";
import { whenExact } from "@/shared/when";
import { SettingsPage } from "@/shell/settings";
import { audit } from "@/words/audit";
import { useLanguage, useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { order } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { Filters, useKind } from "./filters";
import { useAudit, useFacts } from "./queries";
import type { Search } from "./search";
import { Standing } from "./standing";

const route = getRouteApi("/settings/audit");
const keyOf = (row: FactView) => `${row.order_id} ${row.seq}`;
const who = (actor: string) => actor.replace(/^(user|token|cli):/, "");

export default function Audit() {
  const title = useWords(settings).audit;
  const query = useAudit();
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const go = (search: Search) => void navigate({ search });
  return (
    <SettingsPage title={title}>
      <div className="col">
        <Show query={query} rows={3}>{(found) => <Standing found={found} />}</Show>
        <Facts key={JSON.stringify({ ...here, after: undefined })} here={here} kinds={query.data?.kinds ?? []} go={go} />
      </div>
    </SettingsPage>
  );
}

function Facts({ here, kinds, go }: { here: Search; kinds: readonly string[]; go: (search: Search) => void }) {
  const words = useWords(audit);
  const kind = useKind();
  const name = useTitles();
  const orderWords = useWords(order) as OrderWords;
  const told = (row: FactView) => happened(row, name, orderWords);
  const query = useFacts(here);
  const [looked, setLooked] = useState<FactView>();
  const rows = query.data?.facts;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ ...here, after }));
  const isFiltered = Boolean(here.order ?? here.actor ?? here.kind ?? here.since ?? here.until);
  const asCard = (row: FactView) => (
    <><span className="line"><b>{told(row)}</b><When at={row.at} isExact /></span><span className="line soft"><span className="mono">{row.order}</span><Cut text={who(row.actor)} /></span></>
  );
  return (
    <section className="card">
      <h2>{words.facts}</h2>
      <Filters here={here} kinds={kinds} onFind={go} />
      {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
      {query.error && !rows ? null : (
        <List
          label={words.facts} columns={columns(words, kind, told)} rows={rows} keyOf={keyOf} cursor={looked ? keyOf(looked) : undefined} onOpen={setLooked} card={asCard}
          empty={<Empty title={isFiltered ? words.none : words.noneYet} text={isFiltered ? undefined : words.noneMeans} />}
          foot={<Foot page={query.data} shown={rows?.length ?? 0} from={way.from} onPrevious={way.onPrevious} onNext={way.onNext} />}
        />
      )}
      {looked ? <Fact row={looked} onClose={() => setLooked(undefined)} /> : null}
    </section>
  );
}

function columns(words: (typeof audit)["zh"] | (typeof audit)["en"], kind: (name: string) => string, told: (row: FactView) => string): Column<FactView>[] {
  return [
    { key: "at", title: words.at, width: 170, render: (row) => <When at={row.at} isExact /> },
    { key: "order", title: words.order, width: 210, render: (row) => <Link to="/orders/$number" params={{ number: row.order }} className="mono">{row.order}</Link> },
    { key: "kind", title: words.kind, width: 190, render: (row) => <Cut text={kind(row.kind)} /> },
    { key: "actor", title: words.actor, width: 170, render: (row) => <Cut text={who(row.actor)} /> },
    { key: "detail", title: words.detail, render: (row) => <Cut text={told(row)} /> },
  ];
}

interface FootProps { page: FactPage | undefined; shown: number; from: number; onPrevious?: (() => void) | undefined; onNext: () => void }

/** The pager, or how far was looked when a page ended before it was full. */
function Foot({ page, shown, from, onPrevious, onNext }: FootProps) {
  const words = useWords(audit);
  const language = useLanguage();
  if (!page) return null;
  const isCut = page.next !== null && shown < 50;
  return (
    <>
      {isCut && page.looked_back_to ? <p className="line"><span className="soft">{words.lookedTo(whenExact(page.looked_back_to, language))}</span><Button size="small" onClick={onNext}>{words.older}</Button></p> : null}
      {shown > 0 ? <Pager from={from} shown={shown} hasNext={Boolean(page.next)} onPrevious={onPrevious} onNext={onNext} /> : null}
    </>
  );
}

function Fact({ row, onClose }: { row: FactView; onClose: () => void }) {
  const words = useWords(audit);
  const kind = useKind();
  return (
    <Drawer open mask={false} size={640} title={kind(row.kind)} onClose={onClose}>
      <div className="stack">
        <dl className="kv">
          <dt>{words.order}</dt><dd className="mono">{`${row.order} #${row.seq}`}</dd>
          <dt>{words.at}</dt><dd><When at={row.at} isExact /></dd>
          <dt>{words.actor}</dt><dd>{row.actor}</dd>
          <dt>{words.hash}</dt><dd className="mono">{row.hash}</dd>
        </dl>
        <Link to="/orders/$number" params={{ number: row.order }}>{words.openOrder}</Link>
        <h3>{words.detail}</h3>
        <pre className="code">{JSON.stringify(row.facts, null, 2)}</pre>
      </div>
    </Drawer>
  );
}

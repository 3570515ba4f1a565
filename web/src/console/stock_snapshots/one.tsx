/** One snapshot: a sentence, who was asked, whose new orders wait, and every figure that differs with what explains it. */
import { getRouteApi, Link } from "@tanstack/react-router";
import type { DifferenceView, SnapshotDetail, SnapshotView } from "@/api/generated/schema";
import { Cut, Tag, When } from "@/shared/cells";
import { count } from "@/shared/money";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { Page } from "@/shell/page";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { snapshots } from "@/words/snapshots";
import type { SnapshotWords } from "@/words/snapshots";
import { askedBy } from "./page";
import { Paused } from "./paused";
import { useSnapshot } from "./queries";

const route = getRouteApi("/stock/snapshots/$number");

export default function OneSnapshot() {
  const words = useWords(snapshots);
  const { number } = route.useParams();
  const query = useSnapshot(number, route.useSearch());
  return (
    <>
      <nav className="crumb"><Link to="/stock">{words.back}</Link> / <Link to="/stock/snapshots">{words.title}</Link> / <span className="mono">{number}</span></nav>
      <Page title={number} sub={query.data ? <span className="line"><When at={query.data.snapshot.began_at} isExact /> {askedBy(query.data.snapshot, words)}</span> : undefined}>
        <Show query={query}>{(found) => <Whole found={found} />}</Show>
      </Page>
    </>
  );
}

function sentence(row: SnapshotView, words: SnapshotWords): string {
  if (!row.ended_at) return words.running;
  const said = row.differ === 0 ? words.agree(count(row.compared)) : words.say(count(row.compared), count(row.differ), count(row.explained));
  if (row.tripped.length === 0) return said;
  return said + (row.paused_until ? words.sayPaused(row.tripped.length) : words.wasPaused(row.tripped.length));
}

function Whole({ found }: { found: SnapshotDetail }) {
  const words = useWords(snapshots);
  const row = found.snapshot;
  return (
    <div className="col">
      <p className="say" role="status">{sentence(row, words)}</p>
      {row.tripped.length > 0 ? <Paused row={row} /> : null}
      {row.ended_at ? <Systems row={row} /> : null}
      {row.ended_at ? <section className="card"><h2>{words.rows}</h2><div className="body"><Differences found={found} /></div></section> : null}
    </div>
  );
}

function Systems({ row }: { row: SnapshotView }) {
  const words = useWords(snapshots);
  const language = useLanguage();
  const silent = Object.entries(row.unread);
  return (
    <section className="card">
      <h2>{words.systems}</h2>
      <div className="body stack">
        <p className="soft">{row.systems.length > 0 ? row.systems.join(language === "zh" ? "、" : ", ") : words.notThere}</p>
        {silent.map(([system, why]) => <p key={system} className="warn">{words.gaveNothing(system, oneLanguage(why, language))}</p>)}
      </div>
    </section>
  );
}

function Differences({ found }: { found: SnapshotDetail }) {
  const words = useWords(snapshots);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const way = usePages(here.after, found.next, found.rows.length, (after) => void navigate({ search: { after } }));
  return (
    <List
      label={words.rows} columns={columns(words)} rows={found.rows} keyOf={(row) => `${row.system} ${row.place} ${row.spelling} ${row.sku}`} card={(row) => card(row, words)} empty={<Empty title={words.noRows} />}
      foot={found.next || here.after ? <Pager from={way.from} shown={found.rows.length} hasNext={Boolean(found.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
    />
  );
}

const MEANINGS = ["physical", "net_of_orders", "atp", "shown"] as const;
const meaningOf = (row: DifferenceView, words: SnapshotWords) => (MEANINGS.some((one) => one === row.meaning) ? words[row.meaning as "atp"] : row.meaning);

function Units({ value, words }: { value: number | null; words: SnapshotWords }) {
  return value === null ? <span className="dim">{words.notSaid}</span> : <span className="figure">{count(value)}</span>;
}

function Why({ row, words }: { row: DifferenceView; words: SnapshotWords }) {
  if (row.explained) return <span className="soft">{row.explained in words ? words[row.explained as "in_flight"] : row.explained}</span>;
  return <Tag text={row.sku ? words.unexplained : words.unknownSku} tone="warn" />;
}

function Goods({ row }: { row: DifferenceView }) {
  if (!row.sku) return <Cut text={row.spelling} className="mono soft" />;
  return <Link to="/stock/$sku" params={{ sku: row.sku }} className="mono cut" title={row.spelling}>{row.sku}</Link>;
}

function columns(words: SnapshotWords): readonly Column<DifferenceView>[] {
  return [
    { key: "sku", title: words.sku, width: 180, isFixed: true, render: (row) => <Goods row={row} /> },
    { key: "system", title: words.system, width: 120, render: (row) => <Cut text={row.system} /> },
    { key: "place", title: words.place, width: 150, render: (row) => <Cut text={row.place} /> },
    { key: "meaning", title: words.meaning, width: 110, render: (row) => meaningOf(row, words) },
    { key: "ours", title: words.ours, width: 90, align: "right", render: (row) => <Units value={row.ours} words={words} /> },
    { key: "theirs", title: words.theirs, width: 90, align: "right", render: (row) => <b><Units value={row.theirs} words={words} /></b> },
    { key: "permille", title: <span title={words.permilleMeans}>{words.permille}</span>, width: 76, align: "right", render: (row) => <span className={row.explained ? "dim" : "bad strong"}>{count(row.permille)}</span> },
    { key: "why", title: words.why, render: (row) => <Why row={row} words={words} /> },
  ];
}

function card(row: DifferenceView, words: SnapshotWords) {
  return (
    <>
      <span className="line"><Goods row={row} /><span className={row.explained ? "dim" : "bad strong"}>{count(row.permille)} {words.permille}</span></span>
      <span className="line"><span className="cut">{row.system} {row.place}</span><span>{words.ours} <Units value={row.ours} words={words} /> · {words.theirs} <Units value={row.theirs} words={words} /></span></span>
      <span className="line"><span className="dim">{meaningOf(row, words)}</span><Why row={row} words={words} /></span>
    </>
  );
}

/** Better or worse than before, by whom, show me the rows. */
import { Link, getRouteApi } from "@tanstack/react-router";
import type { FigureBoard } from "@/api/generated/schema";
import { useNow } from "@/shared/clock";
import { Show } from "@/shared/states/show";
import { dayFrom, whenExact, dayOf } from "@/shared/when";
import { Page } from "@/shell/page";
import { insight } from "@/words/insight";
import { useLanguage, useWords } from "@/words/language";
import { Controls, bysOf } from "./controls";
import { titleOf } from "./figures";
import { Panel } from "./panel";
import { useBoard } from "./queries";
import { BOARDS } from "./search";
import type { BoardName, Search } from "./search";
import "./insight.css";

const route = getRouteApi("/insight/$board");
const CHARTS_MAX = 6;
const DAYS_SHOWN = 30;

export default function Insight() {
  const words = useWords(insight);
  const given = route.useParams().board;
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const board: BoardName = BOARDS.find((one) => one === given) ?? "overview";
  const search: Search = here.by && !bysOf(board).includes(here.by) ? { ...here, by: undefined } : here;
  const query = useBoard(board, search);
  const recovery = useBoard("recovery", search, board === "overview" && !search.account && !search.channel);
  const today = dayOf(new Date(useNow()));
  const until = search.to ?? today;
  const since = search.from ?? dayFrom(new Date(`${until}T12:00:00Z`), 1 - DAYS_SHOWN);
  return (
    <Page title={words.title} sub={query.data ? <Fresh board={query.data} /> : null}>
      <section className="card insight-head">
        <nav className="views" aria-label={words.boards}>
          {BOARDS.map((one) => (
            <Link key={one} to="/insight/$board" params={{ board: one }} search={here} className={one === board ? "on" : ""} aria-current={one === board ? "page" : undefined}>{words[one]}</Link>
          ))}
        </nav>
        <Controls board={board} search={search} since={since} until={until} onChange={(change) => void navigate({ search: (before) => ({ ...before, ...change }) })} />
      </section>
      <Show query={query} rows={12}>
        {(found) => <Panels board={found} more={board === "overview" ? recovery.data : undefined} search={search} until={until} />}
      </Show>
    </Page>
  );
}

/** The charts of the board; the overview has the median recovery time as well, which is asked for beside it. */
function Panels({ board, more, search, until }: { board: FigureBoard; more: FigureBoard | undefined; search: Search; until: string }) {
  const words = useWords(insight);
  const between = useLanguage() === "zh" ? "、" : ", ";
  const extra = more?.charts.filter((chart) => chart.name === "recovery_p50") ?? [];
  const charts = [...board.charts, ...extra].slice(0, CHARTS_MAX);
  return (
    <>
      <div className="panels">
        {charts.map((chart) => <Panel key={`${chart.name} ${chart.currency}`} chart={chart} board={board} search={search} until={until} />)}
      </div>
      {board.left_out.length ? <p className="dim left-out">{words.leftOut(board.left_out.map((name) => titleOf(name, words)).join(between))}</p> : null}
    </>
  );
}

function Fresh({ board }: { board: FigureBoard }) {
  const words = useWords(insight);
  const language = useLanguage();
  const time = whenExact(board.as_of, language);
  return board.is_behind ? <span className="warn">{words.behind(time)}</span> : <>{words.asOf(time)}</>;
}

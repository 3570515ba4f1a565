/** One figure: its number now and before, the chart, and one button away the same as a table with the way to the rows. */
import { Suspense, lazy, useMemo, useState } from "react";
import { useRouter } from "@tanstack/react-router";
import type { Chart, FigureBoard } from "@/api/generated/schema";
import { useTitles } from "@/shared/titles";
import { Loading } from "@/shared/states";
import { To, useOpens } from "@/shared/to";
import { useIsDark } from "@/shell/habits";
import { insight } from "@/words/insight";
import { useLanguage, useWords } from "@/words/language";
import { change, meaningOf, rowsOf, titleOf, told } from "./figures";
import { drawnParts, optionOf } from "./options";
import type { By, Search } from "./search";

/** Names are compared as one text, so that a chart is drawn anew only when one of them is another. */
const BETWEEN = "\n";
const Echart = lazy(() => import("./echart"));

interface PanelProps {
  chart: Chart;
  board: FigureBoard;
  search: Search;
  /** The last day that is shown. */
  until: string;
}

export function Panel({ chart, board, search, until }: PanelProps) {
  const words = useWords(insight);
  const language = useLanguage();
  const [isTable, setTable] = useState(false);
  const by = board.by as By;
  const hrefOf = (part?: string) => rowsOf(chart, part, by, search, board.since, until);
  const title = `${titleOf(chart.name, words)}${chart.currency ? ` ${chart.currency}` : ""}`;
  return (
    <section className="card panel" aria-label={title}>
      <header><h2>{title}</h2><small>{meaningOf(chart.name, words)}</small></header>
      <div className="panel-now">
        <To href={hrefOf()}><b>{told(chart.now, chart, language, true)}</b></To>
        <span className="soft">{change(chart.now, chart.before)}</span>
        <span className="dim">{words.was(told(chart.before, chart, language, true))}</span>
        <span className="grow" />
        <button type="button" className="bare dim" aria-pressed={isTable} onClick={() => setTable(!isTable)}>{isTable ? words.chart : words.data}</button>
      </div>
      <div className="body">
        {chart.points.length === 0 ? <p className="dim panel-none">{words.nothing}</p> : isTable ? <Table chart={chart} by={by} hrefOf={hrefOf} /> : <Drawn chart={chart} by={by} title={title} hrefOf={hrefOf} />}
      </div>
    </section>
  );
}

interface PartsProps {
  chart: Chart;
  by: By;
  hrefOf: (part?: string) => string;
}

function Drawn({ chart, by, title, hrefOf }: PartsProps & { title: string }) {
  const words = useWords(insight);
  const language = useLanguage();
  const isDark = useIsDark();
  const router = useRouter();
  const opens = useOpens();
  const nameOf = usePartName(by);
  const names = drawnParts(chart, by).map((point) => nameOf(point.part)).join(BETWEEN);
  const option = useMemo(() => optionOf(chart, { by, language, isDark, names: names.split(BETWEEN) }), [chart, by, language, isDark, names]);
  const open = (index: number) => {
    const part = drawnParts(chart, by)[index]?.part;
    if (part !== undefined && opens(hrefOf(part))) void router.navigate({ href: hrefOf(part) });
  };
  return (
    <Suspense fallback={<Loading rows={5} />}>
      <Echart option={option} label={`${title}. ${words.now} ${told(chart.now, chart, language, false)}, ${words.before} ${told(chart.before, chart, language, false)}. ${words.data}`} onPart={open} />
    </Suspense>
  );
}

function Table({ chart, by, hrefOf }: PartsProps) {
  const words = useWords(insight);
  const language = useLanguage();
  const nameOf = usePartName(by);
  return (
    <div className="panel-table" role="region" aria-label={words.data}>
      <table>
        <thead><tr><th scope="col">{words[by]}</th><th scope="col" className="num">{words.now}</th><th scope="col" className="num">{words.before}</th><th scope="col" className="num">{words.change}</th></tr></thead>
        <tbody>
          {chart.points.map((point) => (
            <tr key={point.part}>
              <th scope="row">{nameOf(point.part)}</th>
              <td className="num"><To href={hrefOf(point.part)}>{told(point.now, chart, language, false)}</To></td>
              <td className="num dim">{told(point.before, chart, language, false)}</td>
              <td className="num soft">{change(point.now, point.before)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a part is called: a day without its year, a channel or kind by its title. */
function usePartName(by: By): (part: string) => string {
  const title = useTitles();
  const words = useWords(insight);
  return (part: string) => {
    if (part === "") return words.unknownPart;
    if (by === "channel") return title("connectors", part);
    if (by === "kind") return title("cases", part);
    if (by === "month") return part.slice(0, 7);
    return by === "day" || by === "week" ? part.slice(5) : part;
  };
}

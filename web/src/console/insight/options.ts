/** What a chart looks like: the period before in grey, bars from zero, one axis, the theme's colours. */
import type { EChartsCoreOption } from "echarts/core";
import type { Chart } from "@/api/generated/schema";
import { token } from "@/shell/theme";
import type { Language } from "@/words/language";
import { insight } from "@/words/insight";
import { told } from "./figures";
import { isTime } from "./figures";
import type { By } from "./search";

const SIDEWAYS_MOST = 10;

interface Look {
  by: By;
  language: Language;
  isDark: boolean;
  /** What the drawn parts are called, in their order. */
  names: readonly string[];
}

/** The parts that are drawn: all of a time, the first of a place. */
export function drawnParts(chart: Chart, by: By) {
  return isTime(by) ? chart.points : chart.points.slice(0, SIDEWAYS_MOST);
}

export function optionOf(chart: Chart, { by, language, isDark, names: called }: Look): EChartsCoreOption {
  const points = drawnParts(chart, by);
  const isSideways = !isTime(by);
  const the = (name: string) => token(name, isDark);
  const names = { type: "category", data: called, axisLine: { lineStyle: { color: the("line-2") } }, axisTick: { show: false }, axisLabel: { color: the("ink-3"), hideOverlap: true }, inverse: isSideways };
  const values = {
    type: "value", min: 0, splitNumber: 3, ...(chart.unit === "permille" && chart.name === "on_time" ? { max: 1000, interval: 250 } : {}), splitLine: { lineStyle: { color: the("line") } },
    axisLabel: { color: the("ink-3"), formatter: (value: number) => told(value, chart, language, true).replace(/\.00$/, ""), hideOverlap: true },
  };
  const words = insight[language];
  const shape = isSideways || chart.unit === "count" || chart.unit === "money" ? bars(the) : lines(the);
  return {
    isSideways, animation: false, textStyle: { fontFamily: the("font"), fontSize: 12 }, grid: { left: 8, right: 12, top: 10, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: isSideways ? values : names, yAxis: isSideways ? names : values,
    tooltip: {
      trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow", shadowStyle: { color: the("hover"), opacity: 0.6 } }, backgroundColor: the("surface"), borderColor: the("line-2"), textStyle: { color: the("ink"), fontSize: 12 },
      formatter: (shown: { dataIndex: number }[]) => {
        const index = shown[0]?.dataIndex ?? 0;
        const point = points[index];
        return point ? `${called[index] ?? ""}\n${words.now} ${told(point.now, chart, language, false)}\n${words.before} ${told(point.before, chart, language, false)}` : "";
      },
    },
    series: [{ ...shape.before, data: points.map((point) => point.before) }, { ...shape.now, data: points.map((point) => point.now) }],
  };
}

type Colour = (name: string) => string;

function bars(the: Colour) {
  const bar = { type: "bar", barMaxWidth: 18, barGap: "0%", barCategoryGap: "28%", cursor: "pointer" };
  return { before: { ...bar, itemStyle: { color: the("line-2") } }, now: { ...bar, itemStyle: { color: the("brand") } } };
}

function lines(the: Colour) {
  const line = { type: "line", symbolSize: 4, connectNulls: false };
  return {
    before: { ...line, lineStyle: { color: the("line-2"), width: 2 }, itemStyle: { color: the("line-2") } },
    now: { ...line, lineStyle: { color: the("brand"), width: 2 }, itemStyle: { color: the("brand") } },
  };
}

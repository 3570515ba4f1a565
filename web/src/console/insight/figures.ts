/** How a figure of a chart is read: its name, what it means, its number in words, and the rows behind it. */
import type { Chart } from "@/api/generated/schema";
import { countShort, count, money, moneyShort } from "@/shared/money";
import { address } from "@/shared/address";
import { dayFrom } from "@/shared/when";
import type { Language } from "@/words/language";
import { insight } from "@/words/insight";
import { shared } from "@/words/shared";
import type { By, Search } from "./search";

type Words = (typeof insight)["zh"] | (typeof insight)["en"];
type Word = { [K in keyof Words]: Words[K] extends string ? K : never }[keyof Words];

const NAMES: Record<string, [Word, Word]> = {
  orders: ["cOrders", "mOrders"], cancelled: ["cCancelled", "mCancelled"], value: ["cValue", "mValue"], lag_p50: ["cLag50", "mLag"], lag_p95: ["cLag95", "mLag"],
  cases: ["cCases", "mCases"], case_rate: ["cRate", "mRate"], assigned: ["cAssigned", "mAssigned"], shipped: ["cShipped", "mShipped"], on_time: ["cOnTime", "mOnTime"],
  recovery_p50: ["cRecovery50", "mRecovery"], recovery_p90: ["cRecovery90", "mRecovery"], recovered: ["cRecovered", "mRecovered"],
};

export function titleOf(name: string, words: Words): string {
  const known = NAMES[name];
  return known ? words[known[0]] : name;
}

export function meaningOf(name: string, words: Words): string {
  const known = NAMES[name];
  return known ? words[known[1]] : "";
}

type Unit = Pick<Chart, "unit" | "currency">;

/** A number in the unit of its chart; `isShort` for cards and axes. */
export function told(value: number | null, { unit, currency }: Unit, language: Language, isShort: boolean): string {
  if (value === null) return insight[language].missing;
  if (unit === "money") return isShort ? moneyShort(value, currency, language) : money(value, currency);
  if (unit === "seconds") return shared[language].lasted(value);
  if (unit === "permille") return insight[language].percent((value / 10).toFixed(1).replace(/\.0$/, ""));
  return isShort ? countShort(value, language) : count(value);
}

/** How much more or less than before, as a sign and percent; empty where there is nothing to compare with. */
export function change(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return "";
  const percent = Math.round(((now - before) / before) * 100);
  return `${percent > 0 ? "+" : percent < 0 ? "−" : "±"}${Math.abs(percent)}%`;
}

/** The first and last day of a part by time. */
export function spanOf(part: string, by: By): [string, string] {
  const at = new Date(`${part}T12:00:00Z`);
  if (by === "week") return [part, dayFrom(at, 6)];
  if (by === "month") return [part, new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).toISOString().slice(0, 10)];
  return [part, part];
}

const TIMES: readonly By[] = ["day", "week", "month"];
export const isTime = (by: By) => TIMES.includes(by);

/** The page with the rows behind a part of a chart, under the same filters. */
export function rowsOf(chart: Chart, part: string | undefined, by: By, search: Search, since: string, until: string): string {
  const [from, to] = part !== undefined && isTime(by) ? spanOf(part, by) : [since, until];
  const place = part !== undefined && !isTime(by) ? { [by]: part } : {};
  const filters = { channel: search.channel, account: search.account, warehouse: search.warehouse, ...place };
  const span = `${from < since ? since : from}..${to > until ? until : to}`;
  return address(`/${chart.rows}`, chart.rows === "cases" ? { ...filters, opened: span, state: "any" } : { ...filters, placed: span });
}

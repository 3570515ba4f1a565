/** The controls that all boards share: the time, what it is shown by, and the places it is narrowed to. */
import { Button, Segmented, Select } from "antd";
import { Download } from "lucide-react";
import { useNow } from "@/shared/clock";
import { dayFrom, dayOf } from "@/shared/when";
import { useTitles } from "@/shared/titles";
import { insight } from "@/words/insight";
import { useWords } from "@/words/language";
import { fileAddress, usePlaces } from "./queries";
import { BYS } from "./search";
import type { BoardName, By, Search } from "./search";

/** What a board can be shown by. */
const CAN: Record<BoardName, readonly By[]> = {
  overview: BYS.filter((by) => by !== "kind"), orders: ["day", "week", "month", "channel", "account"], sync: ["day", "week", "month", "channel", "account"],
  cases: ["day", "week", "month", "channel", "account", "kind"], recovery: BYS, shipping: ["day", "week", "month", "channel", "account", "warehouse"],
};
const RANGES = [["days7", 7], ["days30", 30], ["days90", 90], ["year", 365]] as const;
const DAYS_BY_DAY = 93;

export const bysOf = (board: BoardName) => CAN[board];

interface ControlsProps {
  board: BoardName;
  search: Search;
  since: string;
  until: string;
  onChange: (change: Partial<Search>) => void;
}

export function Controls({ board, search, since, until, onChange }: ControlsProps) {
  const words = useWords(insight);
  const title = useTitles();
  const places = usePlaces();
  const now = new Date(useNow());
  const by = search.by ?? "day";
  const days = Math.round((Date.parse(until) - Date.parse(since)) / 86_400_000) + 1;
  /** A span that is too long for days is shown by weeks. */
  const span = (from: string, to: string) => {
    const length = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
    onChange({ from, to, ...(by === "day" && length > DAYS_BY_DAY ? { by: "week" as const } : {}) });
  };
  const recent = (length: number) => span(dayFrom(now, 1 - length), dayOf(now));
  const day = (label: string, value: string, set: (value: string) => void) => (
    <input type="date" className="day" aria-label={label} value={value} max={dayOf(now)} onChange={(event) => event.target.value && set(event.target.value)} />
  );
  const options = (codes: readonly string[], name: (code: string) => string) => codes.map((code) => ({ value: code, label: name(code) }));
  const choose = (key: "channel" | "account" | "warehouse", codes: readonly string[], name: (code: string) => string) => codes.length < 2 && !search[key] ? null : (
    <Select allowClear showSearch={{ optionFilterProp: "label" }} className="place" aria-label={words[key]} placeholder={words[key]} value={search[key] ?? null} options={options(codes, name)} onChange={(value: string | undefined) => onChange({ [key]: value || undefined })} />
  );
  return (
    <div className="filters insight-filters">
      <Segmented aria-label={words.range} value={RANGES.find(([, length]) => length === days && until === dayOf(now))?.[0] ?? ""} options={RANGES.map(([word]) => ({ value: word, label: words[word] }))} onChange={(word) => recent(RANGES.find(([one]) => one === word)?.[1] ?? 30)} />
      <span className="line">{day(words.from, since, (from) => span(from, until < from ? from : until))}–{day(words.to, until, (to) => span(since > to ? to : since, to))}</span>
      <Select aria-label={words.by} className="by" prefix={words.by} value={by} options={options(CAN[board], (one) => words[one as By])} onChange={(one) => onChange({ by: one as By })} />
      {board === "recovery" ? null : (
        <>
          {choose("channel", places.channels, (code) => title("connectors", code))}
          {choose("account", places.accounts, (code) => code)}
          {board === "shipping" ? choose("warehouse", places.warehouses, (code) => code) : null}
        </>
      )}
      <span className="grow" />
      <Button href={fileAddress(board, search)} icon={<Download aria-hidden="true" />}>{words.exports}</Button>
    </div>
  );
}

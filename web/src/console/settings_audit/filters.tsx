/** What is looked for among the facts: order, actor, kind, span of time. */
import { useState } from "react";
import { Button, DatePicker, Input, Select } from "antd";
import dayjs from "dayjs";
import { audit } from "@/words/audit";
import { useWords } from "@/words/language";
import type { Search } from "./search";

interface FilterProps {
  here: Search;
  kinds: readonly string[];
  onFind: (wanted: Search) => void;
}

/** What a kind of fact is called. */
export function useKind(): (kind: string) => string {
  const words = useWords(audit);
  return (kind) => {
    const text = words[kind as keyof typeof words];
    return typeof text === "string" ? text : kind;
  };
}

export function Filters({ here, kinds, onFind }: FilterProps) {
  const words = useWords(audit);
  const kind = useKind();
  const [typed, setTyped] = useState<Search>(here);
  const put = (change: Partial<Search>) => setTyped((before) => ({ ...before, ...change }));
  const find = (wanted: Search) => onFind({ ...wanted, after: undefined });
  const isAny = Boolean(here.order ?? here.actor ?? here.kind ?? here.since ?? here.until);
  return (
    <form className="filters" onSubmit={(event) => { event.preventDefault(); find(typed); }}>
      <Input className="in-filter" value={typed.order ?? ""} aria-label={words.order} placeholder={words.order} onChange={(event) => put({ order: event.target.value || undefined })} />
      <Input className="in-filter" value={typed.actor ?? ""} aria-label={words.actor} placeholder={words.actor} onChange={(event) => put({ actor: event.target.value || undefined })} />
      <Select
        allowClear aria-label={words.kind} placeholder={words.kind} value={typed.kind ?? null} popupMatchSelectWidth={false} showSearch={{ optionFilterProp: "label" }}
        options={kinds.map((one) => ({ value: one, label: kind(one) }))} onChange={(value: string | undefined) => put({ kind: value })}
      />
      <DatePicker.RangePicker
        showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" allowEmpty={[true, true]} placeholder={[words.from, words.to]} aria-label={`${words.from} ${words.to}`}
        value={[typed.since ? dayjs(typed.since) : null, typed.until ? dayjs(typed.until) : null]}
        onChange={(span) => put({ since: span?.[0]?.toISOString(), until: span?.[1]?.toISOString() })}
      />
      <Button htmlType="submit" type="primary">{words.find}</Button>
      {isAny ? <Button onClick={() => { setTyped({}); find({}); }}>{words.clear}</Button> : null}
    </form>
  );
}

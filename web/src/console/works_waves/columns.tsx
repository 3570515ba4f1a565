/** The columns of the waves table. */
import type { WaveRow } from "@/api/generated/schema";
import { Cut, Tag, When } from "@/shared/cells";
import { count } from "@/shared/money";
import type { Column } from "@/shared/table/list";
import type { waves } from "@/words/waves";

export type WaveWords = (typeof waves)["zh"] | (typeof waves)["en"];
const TONES = { planned: "warn", released: "brand", closed: "good", cancelled: "" } as const;

export function StateTag({ state, words }: { state: WaveRow["state"]; words: WaveWords }) {
  return <Tag text={words[state]} tone={TONES[state]} />;
}

/** People by their name. */
export const person = (name: string) => name.slice(name.indexOf(":") + 1);

export function Progress({ wave, words }: { wave: Pick<WaveRow, "units" | "picked" | "packed" | "short">; words: WaveWords }) {
  return (
    <>
      {words.progress(count(wave.picked), count(wave.units))} <span className="dim">{words.packed(count(wave.packed))}</span>
      {wave.short > 0 ? <> <Tag text={words.short(count(wave.short))} tone="bad" /></> : null}
    </>
  );
}

export function columns(words: WaveWords): readonly Column<WaveRow>[] {
  return [
    { key: "number", title: words.number, width: 170, render: (row) => <span className="mono">{row.number}</span> },
    { key: "warehouse", title: words.warehouse, width: 90, render: (row) => <Cut text={row.warehouse} className="mono" /> },
    { key: "state", title: words.state, width: 100, render: (row) => <StateTag state={row.state} words={words} /> },
    { key: "kind", title: words.kind, width: 150, render: (row) => <Cut text={words[row.kind]} /> },
    { key: "works", title: words.works, width: 90, render: (row) => count(row.works) },
    { key: "done", title: words.done, render: (row) => <Progress wave={row} words={words} /> },
    { key: "due", title: words.due, width: 120, render: (row) => <When at={row.due_at} /> },
    { key: "maker", title: words.maker, width: 130, render: (row) => <Cut text={person(row.maker)} /> },
    { key: "opened", title: words.opened, width: 110, render: (row) => <When at={row.opened_at} /> },
  ];
}

export function card(row: WaveRow, words: WaveWords) {
  return (
    <>
      <span className="line"><StateTag state={row.state} words={words} /><span className="mono">{row.number}</span><When at={row.due_at} /></span>
      <b><Progress wave={row} words={words} /></b>
      <span className="line dim"><span className="mono">{row.warehouse}</span><span>{words[row.kind]}</span><span>{words.works} {count(row.works)}</span></span>
    </>
  );
}

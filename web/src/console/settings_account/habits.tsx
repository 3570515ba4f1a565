/** What I am used to: language, looks, keys, the page that I begin with, and the columns that I chose. */
import { Button, Segmented, Select, Switch } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import { useTold } from "@/shared/told";
import type { Habits as Kept } from "@/shell/habits";
import { habits, useHabit } from "@/shell/habits";
import { LANDING } from "@/shell/landing";
import { meQuery, useMe } from "@/shell/me";
import { entriesFor } from "@/shell/nav";
import { useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { shell } from "@/words/shell";

const COLUMNS = "columns";

export function Habits() {
  const words = useWords(settings);
  const frame = useWords(shell);
  const told = useTold();
  const { preferences, scopes } = useMe();
  const keep = useKeep();
  const send = (changed: Record<string, unknown>) => keep.mutate(changed, {
    onSuccess: () => told.done(words.habitKept),
    onError: told.failed,
  });
  const columns = Object.keys(preferences).filter((name) => name.includes(COLUMNS));
  const pages = entriesFor(scopes).map((entry) => ({ value: entry.path, label: frame[entry.word] }));
  const landing = typeof preferences[LANDING] === "string" ? String(preferences[LANDING]) : "/";
  return (
    <section className="card">
      <h2>{words.habits}</h2>
      <dl className="kv body habits">
        <dt>{words.language}</dt><dd><One habit="language" label={words.language} options={[["zh", words.chinese], ["en", words.english]]} /></dd>
        <dt>{frame.theme}</dt><dd><One habit="theme" label={frame.theme} options={[["system", frame.themeSystem], ["light", frame.themeLight], ["dark", frame.themeDark]]} /></dd>
        <dt>{frame.density}</dt><dd><One habit="density" label={frame.density} options={[["dense", frame.dense], ["compact", frame.compact], ["comfortable", frame.comfortable]]} /></dd>
        <dt>{frame.keysOn}</dt><dd><Keys label={frame.keysOn} /></dd>
        <dt>{words.landing}</dt><dd><Select aria-label={words.landing} value={landing} options={pages} popupMatchSelectWidth={false} onChange={(path: string) => send({ [LANDING]: path === "/" ? null : path })} /></dd>
        <dt>{words.columns}</dt><dd><Button size="small" disabled={columns.length === 0} loading={keep.isPending} onClick={() => send(Object.fromEntries(columns.map((name) => [name, null])))}>{words.columnsReset}</Button></dd>
      </dl>
    </section>
  );
}

function useKeep() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (preferences: Record<string, unknown>) => got(api.PUT("/api/v1/me/preferences", { body: { preferences: preferences as Record<string, never> } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}

function One<K extends "language" | "theme" | "density">({ habit, label, options }: { habit: K; label: string; options: readonly (readonly [Kept[K], string])[] }) {
  const now = useHabit(habit);
  return <Segmented aria-label={label} size="small" value={now} options={options.map(([value, text]) => ({ value, label: text }))} onChange={(value) => habits.set(habit, value)} />;
}

function Keys({ label }: { label: string }) {
  const now = useHabit("keys");
  return <Switch size="small" aria-label={label} checked={now === "on"} onChange={(isOn) => habits.set("keys", isOn ? "on" : "off")} />;
}

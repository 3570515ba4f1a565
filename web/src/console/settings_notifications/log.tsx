/** Who was told what, and what became of it: newest first. */
import { Button } from "antd";
import { Link } from "@tanstack/react-router";
import type { NotificationRules, NotificationView } from "@/api/generated/schema";
import { Cut, Tag, When } from "@/shared/cells";
import { Fault } from "@/shared/cells/fault";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { useTold } from "@/shared/told";
import { Views } from "@/shared/views";
import { useMay } from "@/shell/me";
import { useLanguage, useWords } from "@/words/language";
import { notifications } from "@/words/notifications";
import { useAcknowledge, useLog } from "./queries";
import { useCalled } from "./rules";
import { STATES } from "./search";
import type { Search } from "./search";

const keyOf = (row: NotificationView) => row.id;
const TONES: Record<string, "" | "good" | "bad" | "warn"> = { sent: "good", parked: "bad", unreachable: "bad", given_up: "warn" };

export function Log({ found, here, go }: { found: NotificationRules | undefined; here: Search; go: (change: Partial<Search>) => void }) {
  const words = useWords(notifications);
  const query = useLog(here);
  const rows = query.data?.notifications;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const drawn = useColumns(found);
  return (
    <section className="card">
      <Views chosen={here.state} parts={STATES} all={words.all} nameOf={(one) => words[one]} onChoose={(one) => go({ state: one, after: undefined })} />
      {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
      {query.error && !rows ? null : (
        <List
          label={words.log} columns={drawn} rows={rows} keyOf={keyOf}
          card={(row) => asCard(row, drawn)}
          empty={here.state ? <Empty title={words.filterEmpty} /> : <Empty title={words.noLog} text={words.noLogMeans} />}
          foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
        />
      )}
    </section>
  );
}

function asCard(row: NotificationView, columns: readonly Column<NotificationView>[]) {
  const shown = (key: string) => columns.find((one) => one.key === key)?.render(row);
  return <><span className="line">{shown("who")}{shown("at")}</span><span className="line">{shown("state")}{shown("known")}</span></>;
}

function useColumns(found: NotificationRules | undefined): Column<NotificationView>[] {
  const words = useWords(notifications);
  const language = useLanguage();
  const called = useCalled(found);
  const rule = (name: string) => found?.rules.find((one) => one.name === name)?.title[language] ?? name;
  return [
    { key: "at", title: words.at, width: 120, render: (row) => <When at={row.created_at} /> },
    { key: "who", title: words.who, width: 190, render: (row) => <Cut text={row.recipient === "*" ? words.room(row.account ?? "") : called(row.recipient)} /> },
    { key: "by", title: words.by, width: 100, render: (row) => <Cut text={row.account ?? ""} className="mono" /> },
    { key: "state", title: words.state, width: 150, render: (row) => <Ended row={row} /> },
    { key: "rule", title: words.rule, width: 180, render: (row) => <Cut text={rule(row.rule)} /> },
    { key: "about", title: words.about, width: 190, render: (row) => <About row={row} /> },
    { key: "error", title: words.error, render: (row) => <Fault text={row.last_error} /> },
    { key: "known", title: "", width: 130, align: "right", render: (row) => <Known row={row} /> },
  ];
}

function Ended({ row }: { row: NotificationView }) {
  const words = useWords(notifications);
  const known = row.state as keyof typeof words;
  const text = words[known];
  const held = { quiet: words.held_quiet, throttle: words.held_throttle, messenger: words.held_messenger }[row.held_by] ?? "";
  return <span className="line"><Tag text={typeof text === "string" ? text : row.state} tone={TONES[row.state] ?? ""} /><span className="dim">{row.state === "waiting" ? held : row.together > 1 ? words.together(row.together) : ""}</span></span>;
}

function About({ row }: { row: NotificationView }) {
  const words = useWords(notifications);
  if (row.order) return <Link to="/orders/$number" params={{ number: row.order }} className="mono">{row.order}</Link>;
  if (row.case_id) return <Link to="/cases/$id" params={{ id: row.case_id }}>{words.openCase}</Link>;
  return null;
}

function Known({ row }: { row: NotificationView }) {
  const words = useWords(notifications);
  const { failed, done } = useTold();
  const send = useAcknowledge();
  const mayAct = useMay()("cases:write");
  if (row.acknowledged_by) return <Cut text={words.acknowledged(row.acknowledged_by.replace(/^(user|token):/, ""))} className="dim" />;
  if (!mayAct || row.ended_why) return null;
  return <Button size="small" loading={send.isPending} onClick={() => send.mutate(row.id, { onSuccess: () => done(words.done), onError: failed })}>{words.acknowledge}</Button>;
}

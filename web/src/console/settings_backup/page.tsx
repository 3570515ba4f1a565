/** Backups: could the hub be brought back, from when, and what is due. */
import type { ReactNode } from "react";
import { useState } from "react";
import { Button } from "antd";
import type { BackupRun, BackupState } from "@/api/generated/schema";
import { CopyButton, Cut, Tag, When } from "@/shared/cells";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { when } from "@/shared/when";
import { SettingsPage } from "@/shell/settings";
import { backup } from "@/words/backup";
import { useLanguage, useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { shared } from "@/words/shared";
import { Note } from "./note";
import { useBackups } from "./queries";

const COMMAND = 'orderloom backup note backup --bytes "$SIZE" --seconds "$SECONDS" --place "$PLACE"';
const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;
type Words = (typeof backup)["zh"] | (typeof backup)["en"];

/** Bytes in the unit that leaves one to three digits before the point. */
function sized(bytes: number): string {
  const step = bytes > 0 ? Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1) : 0;
  return `${(bytes / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${UNITS[step]}`;
}

export default function Backup() {
  const words = useWords(backup);
  const title = useWords(settings).backup;
  const query = useBackups();
  const [isNoting, setNoting] = useState(false);
  const add = <Button type="primary" onClick={() => setNoting(true)}>{words.note}</Button>;
  return (
    <SettingsPage title={title} actions={query.data?.runs.length ? add : null}>
      <Show query={query}>
        {(found) => (
          <div className="col">
            <Standing found={found} />
            <section className="card">
              <h2>{words.runs}</h2>
              <Runs rows={found.runs} empty={<Empty title={words.noRuns} text={words.noteMeans} action={add} />} />
            </section>
          </div>
        )}
      </Show>
      {isNoting ? <Note onClose={() => setNoting(false)} /> : null}
    </SettingsPage>
  );
}

function Standing({ found }: { found: BackupState }) {
  const words = useWords(backup);
  const language = useLanguage();
  const last = found.last_backup;
  const drill = found.last_drill;
  const told = (run: BackupRun) => when(run.ended_at, language);
  return (
    <section className="card">
      <div className="body stack">
        <div role="status">
          <p className={found.is_backup_late ? "bad strong" : "good strong"}>{last ? (found.is_backup_late ? words.late(told(last)) : words.good(told(last))) : words.none}</p>
          <p className={found.is_drill_late ? "warn" : "soft"}>{drill ? (found.is_drill_late ? words.drillLate(told(drill)) : words.drilled(told(drill))) : words.noDrill}</p>
        </div>
        <dl className="kv">
          <dt>{words.next}</dt><dd>{found.backup_due_at > found.as_of ? <When at={found.backup_due_at} /> : <span className="bad">{words.now}</span>}</dd>
          <dt>{words.nextDrill}</dt><dd>{found.drill_due_at > found.as_of ? <When at={found.drill_due_at} /> : <span className="warn">{words.now}</span>}</dd>
          {last ? <><dt>{words.size}</dt><dd>{sized(last.bytes)}</dd></> : null}
          {last?.place ? <><dt>{words.place}</dt><dd className="mono">{last.place}</dd></> : null}
          <dt>{words.database}</dt><dd>{sized(found.database_bytes)}</dd>
        </dl>
        <p className="soft">{words.what}</p>
        <p className="soft">{words.how}</p>
        <div className="line"><code className="code grow">{COMMAND}</code><CopyButton text={COMMAND} /></div>
      </div>
    </section>
  );
}

function Runs({ rows, empty }: { rows: readonly BackupRun[]; empty: ReactNode }) {
  const words = useWords(backup);
  const lasted = useWords(shared).lasted;
  const took = (row: BackupRun) => lasted((Date.parse(row.ended_at) - Date.parse(row.began_at)) / 1000);
  const columns: Column<BackupRun>[] = [
    { key: "at", title: words.at, width: 120, render: (row) => <When at={row.ended_at} /> },
    { key: "kind", title: words.kind, width: 120, render: (row) => kindOf(row, words) },
    { key: "result", title: words.result, width: 80, render: (row) => <Result row={row} /> },
    { key: "size", title: words.size, width: 96, align: "right", render: (row) => (row.bytes ? sized(row.bytes) : null) },
    { key: "took", title: words.took, width: 110, align: "right", render: took },
    { key: "place", title: words.place, width: 220, render: (row) => <Cut text={row.place} className="mono" /> },
    { key: "detail", title: words.detail, render: (row) => <Cut text={row.detail} className="soft" /> },
    { key: "by", title: words.by, width: 120, render: (row) => <Cut text={row.by.replace(/^(user|token|cli):/, "")} /> },
  ];
  const asCard = (row: BackupRun) => (
    <><span className="line"><b>{kindOf(row, words)}</b><Result row={row} /><When at={row.ended_at} /></span><span className="line soft"><Cut text={row.place || row.detail} /><span>{row.bytes ? sized(row.bytes) : ""}</span></span></>
  );
  return <List label={words.runs} columns={columns} rows={rows} keyOf={(row) => row.id} card={asCard} empty={empty} />;
}

function kindOf(row: BackupRun, words: Words): string {
  return row.kind === "drill" ? words.drill : words.backup;
}

function Result({ row }: { row: BackupRun }) {
  const words = useWords(backup);
  return <Tag text={row.is_good ? words.isGood : words.failed} tone={row.is_good ? "good" : "bad"} />;
}

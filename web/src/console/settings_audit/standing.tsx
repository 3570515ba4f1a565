/** How the audit stands: the answer of the last verification as a sentence, one to begin, and those of before. */
import { Button, Tooltip } from "antd";
import type { AuditCheck, AuditState, Fault } from "@/api/generated/schema";
import { Tag, When } from "@/shared/cells";
import { useTold } from "@/shared/told";
import { when } from "@/shared/when";
import { audit } from "@/words/audit";
import { useLanguage, useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { useProgress, useVerify } from "./queries";

const FAULTS_SHOWN = 5;
type Words = (typeof audit)["zh"] | (typeof audit)["en"];
const figure = (count: number) => count.toLocaleString("en");

export function Standing({ found }: { found: AuditState }) {
  const words = useWords(audit);
  const language = useLanguage();
  const { failed, done } = useTold();
  const verify = useVerify();
  const last = found.checks[0];
  const begin = (isDeep: boolean) => verify.mutate(isDeep, { onSuccess: () => done(words.begun), onError: failed });
  const tone = last === undefined ? "info" : last.faults.length > 0 ? "bad" : "";
  return (
    <section className="card">
      <div className="body stack">
        <p className={tone === "bad" ? "bad strong" : "say"} role="status">{said(last, words, language)}</p>
        {last && last.faults.length > 0 ? <ul className="stack">{last.faults.slice(0, FAULTS_SHOWN).map((fault, index) => <li key={index}>{place(fault)} <b>{why(fault, words)}</b> <span className="soft">{fault.detail}</span></li>)}</ul> : null}
        {found.job ? <Running id={found.job} /> : null}
        <p className="dim">{found.sealed ? words.sealed(figure(found.sealed.number), when(found.sealed.at, language)) : words.notSealed}{last && last.unsealed > 0 ? ` · ${words.unsealed(figure(last.unsealed))}` : ""}</p>
        <div className="do">
          <Button type="primary" disabled={Boolean(found.job)} loading={verify.isPending} onClick={() => begin(false)}>{words.verify}</Button>
          <Tooltip title={words.deepMeans}><Button disabled={Boolean(found.job)} onClick={() => begin(true)}>{words.verifyDeep}</Button></Tooltip>
        </div>
        <p className="dim">{words.outside}</p>
        {found.checks.length > 1 ? <Past checks={found.checks} /> : null}
      </div>
    </section>
  );
}

function said(last: AuditCheck | undefined, words: Words, language: "zh" | "en"): string {
  if (last === undefined) return words.neverChecked;
  const time = when(last.at, language);
  if (last.faults.length > 0) return words.broken(time, last.faults.length);
  return `${words.whole(time, figure(last.orders), figure(last.events))}${last.is_deep ? ` ${words.wholeDeep}` : ""}`;
}

function why(fault: Fault, words: Words): string {
  const text = words[fault.why as keyof Words];
  return typeof text === "string" ? text : fault.why;
}

function place(fault: Fault): string {
  const order = fault.order ?? "";
  if (fault.table) return `${fault.table}.${fault.field ?? ""} ${order}`.trim();
  return order ? `${order} #${fault.seq ?? 0}` : `#${fault.checkpoint ?? 0}`;
}

function Running({ id }: { id: string }) {
  const words = useWords(audit);
  const query = useProgress(id);
  const job = query.data;
  return <p className="soft">{job?.row_count ? words.running(figure(job.done), figure(job.row_count)) : words.starting}</p>;
}

function Past({ checks }: { checks: readonly AuditCheck[] }) {
  const words = useWords(audit);
  const lasted = useWords(shared).lasted;
  return (
    <details>
      <summary>{words.past}</summary>
      <ul className="stack">
        {checks.map((one) => (
          <li key={one.at} className="line">
            <When at={one.at} /><Tag text={one.faults.length ? words.faults(one.faults.length) : words.resultWhole} tone={one.faults.length ? "bad" : "good"} />
            <span>{one.is_deep ? words.deep : words.log}</span><span className="soft">{words.scope(figure(one.orders), figure(one.events))}</span>
            <span className="dim">{lasted(one.seconds)}</span><span className="dim cut">{one.by.replace(/^(user|token|cli):/, "")}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

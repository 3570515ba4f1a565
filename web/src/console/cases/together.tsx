/** One mend for many cases: the way, what it asks for, what it would change, and then what became of each case. */
import { useState } from "react";
import { Button, Drawer, Input, Select } from "antd";
import type { CasesChosen, JobRow, ManyMendPreview, MendManyRequest, SharedWay } from "@/api/generated/schema";
import { asProblem } from "@/api/problem";
import { JobProgress } from "@/shared/job_progress";
import { Show } from "@/shared/states/show";
import { useTitles } from "@/shared/titles";
import { To } from "@/shared/to";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { shared } from "@/words/shared";
import { Told } from "./effect";
import { wayName } from "./menders/shapes";
import { useAheadOfMany, useCandidates, useFresh, useMendMany, useSharedWays } from "./queries";

export function Together({ chosen, onClose, onDone }: { chosen: CasesChosen; onClose: () => void; onDone: () => void }) {
  const words = useWords(cases);
  const [asked] = useState(chosen);
  const [job, setJob] = useState<string>();
  const ways = useSharedWays(asked);
  const begun = (id: string) => {
    setJob(id);
    onDone();
  };
  return (
    <Drawer open mask={false} size={760} title={words.together(ways.data?.cases ?? asked.ids?.length ?? 0)} onClose={onClose}>
      {job ? <Became job={job} /> : <Show query={ways} rows={3}>{(found) => (found.ways.length === 0 ? <p className="soft">{words.noSharedWay}</p> : <Choose chosen={asked} count={found.cases} ways={found.ways} onBegun={begun} />)}</Show>}
    </Drawer>
  );
}

function Choose({ chosen, count, ways, onBegun }: { chosen: CasesChosen; count: number; ways: readonly SharedWay[]; onBegun: (job: string) => void }) {
  const words = useWords(cases);
  const [mend, setMend] = useState(ways.find((one) => !one.scope)?.mend ?? ways[0]?.mend ?? "");
  const way = ways.find((one) => one.mend === mend);
  return (
    <div className="stack">
      <div className="views" role="tablist" aria-label={words.stepWay}>
        {ways.map((one) => <button key={one.mend} type="button" role="tab" aria-selected={one.mend === mend} className={one.mend === mend ? "on" : ""} onClick={() => setMend(one.mend)}>{wayName(one.mend, words)} {words.ofCases(one.cases, count)}</button>)}
      </div>
      {way === undefined ? null : way.scope ? <p className="soft">{words.needs(way.scope)}</p> : <One key={mend} chosen={chosen} way={way} onBegun={onBegun} />}
    </div>
  );
}

function One({ chosen, way, onBegun }: { chosen: CasesChosen; way: SharedWay; onBegun: (job: string) => void }) {
  const words = useWords(cases);
  const common = useWords(shared);
  const language = useLanguage();
  const [sku, setSku] = useState("");
  const [reason, setReason] = useState("");
  const [isStale, setStale] = useState(false);
  const [ahead, many] = [useAheadOfMany(), useMendMany()];
  const body: MendManyRequest = { mend: way.mend as MendManyRequest["mend"], cases: chosen, sku, factor: 1, reach: "shop", reason, token: "" };
  const needsReason = way.mend === "discard" || way.mend === "give_up";
  const isReady = (!needsReason || reason.trim().length >= 4) && (way.mend !== "alias" || sku !== "");
  const name = wayName(way.mend, words);
  const seen = ahead.data;
  const look = () => {
    setStale(false);
    ahead.mutate(body);
  };
  const begin = (found: ManyMendPreview) => many.mutate({ ...body, token: found.preview.token ?? "" }, { onSuccess: (begun) => onBegun(begun.job), onError: (error) => {
    if (asProblem(error).code !== "preview_stale") return;
    setStale(true);
    ahead.mutate(body);
  } });
  const error = ahead.error ?? (many.error && asProblem(many.error).code !== "preview_stale" ? many.error : null);
  const typed = (set: (value: string) => void) => (value: string) => {
    set(value);
    ahead.reset();
  };
  return (
    <>
      {way.mend === "alias" ? <Which way={way} sku={sku} onSku={typed(setSku)} /> : null}
      {needsReason ? <label className="stack">{words.reason} · {words.reasonMeans}<Input value={reason} maxLength={500} placeholder={common.reasonNeeded} onChange={(event) => typed(setReason)(event.target.value)} /></label> : null}
      {isStale ? <p className="alert warn" role="alert">{words.stale}</p> : null}
      {error ? <p className="alert bad" role="alert">{oneLanguage(asProblem(error).detail, language)}</p> : null}
      {seen ? <section className="together"><h3>{words.preview} <small className="dim">{words.previewNothing}</small></h3>{seen.left_out > 0 ? <p className="dim">{words.leftOut(seen.left_out)}</p> : null}<Told preview={seen.preview} /></section> : null}
      <div className="do">
        {seen ? <Button type="primary" danger={needsReason} loading={many.isPending || ahead.isPending} onClick={() => begin(seen)}>{words.commitMany(name, seen.cases, seen.preview.messages ?? 0)}</Button> : <Button type="primary" disabled={!isReady} loading={ahead.isPending} onClick={look}>{words.look}</Button>}
      </div>
    </>
  );
}

/** Which SKU the spelling means that all of them are about. */
function Which({ way, sku, onSku }: { way: SharedWay; sku: string; onSku: (sku: string) => void }) {
  const words = useWords(cases);
  const [text, setText] = useState(way.spelling ?? "");
  const common = useWords(shared);
  const found = useCandidates(way.example ?? "", text.trim().slice(0, 100));
  const choices = found.isPlaceholderData ? [] : (found.data?.choices ?? []);
  return (
    <label className="stack">
      <span>{words.which} <span className="mono">{way.spelling}</span></span>
      <Select aria-label={words.which} showSearch={{ filterOption: false, onSearch: setText }} value={sku || null} placeholder={words.search} onChange={(value: string) => onSku(value)} options={choices.map((one) => ({ value: one.key, label: `${one.key} ${one.title}` }))} notFoundContent={found.isFetching ? common.loading : words.noCandidates} />
    </label>
  );
}

function Became({ job }: { job: string }) {
  const words = useWords(cases);
  const fresh = useFresh();
  return <JobProgress id={job} running={words.mendingMany} done={words.mendedMany} onOver={() => void fresh()} renderRow={(row) => <Row row={row} />} />;
}

function Row({ row }: { row: JobRow }) {
  const words = useWords(cases);
  const language = useLanguage();
  const title = useTitles();
  const count = Number(row.facts["count"] ?? 0);
  const why = row.code === "still_waits" ? words.stillWaits(Number(row.facts["left"] ?? 0), count) : row.code === "nothing_waits" ? words.nothingWaits : (row.facts[language] ?? (row.code ? words.notThere : ""));
  return (
    <>
      <To href={`/cases/${row.ref}`}>{row.facts["kind"] ? title("cases", row.facts["kind"]) : words.what}</To> <span className="mono dim">{row.facts["subject"]}</span>{" "}
      {row.result === "done" ? words.rowDone(count) : <span className={row.result === "refused" ? "warn" : "dim"}>{why}</span>}
    </>
  );
}

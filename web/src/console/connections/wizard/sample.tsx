/** Step four: a real payload or file, to see whether it can be read. */
import { App, Button, Upload } from "antd";
import { Link } from "@tanstack/react-router";
import { asProblem } from "@/api/problem";
import type { ConnectDraft, ConnectorForm, SampleLooked } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { useMay } from "@/shell/me";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { connections } from "@/words/connections";
import { ROWS, useAuthorise, useFetchSample, useKeepDraft, useSample, useTopics, useUpload } from "../queries";
import type { Go } from "./page";

interface Props {
  form: ConnectorForm;
  code: string;
  draft: ConnectDraft;
  go: Go;
}

export function useNext(draft: ConnectDraft, go: Go) {
  const keep = useKeepDraft();
  const next = () => keep.mutate({ id: draft.id, connector: draft.connector, form: { ...draft.form, step: "preview" }, credentials: {} }, { onSuccess: () => go({ step: "preview" }) });
  return { next, isPending: keep.isPending };
}

export function SampleStep({ form, code, draft, go }: Props) {
  const words = useWords(connections);
  const isFile = form.connector.name === "files";
  const topics = useTopics(code);
  const topic = isFile ? ROWS : (topics.data?.topics.find((one) => one.produces === "order")?.topic ?? topics.data?.topics[0]?.topic ?? "");
  const sample = useSample(code, topic, topic !== "");
  const { next, isPending } = useNext(draft, go);
  const found = sample.data?.name ? sample.data : undefined;
  return (
    <div className="stack">
      <p className="dim">{isFile ? words.sampleFileMeans : words.sampleMeans}</p>
      {form.connector.capabilities.includes("authorise") ? <Authorise code={code} /> : null}
      {topic ? <Bring code={code} topic={topic} isFile={isFile} onBrought={() => void sample.refetch()} /> : null}
      {found ? <Found found={found} code={code} topic={topic} isFile={isFile} /> : null}
      <div className="do">
        <Button type={isFile && !(found && isRead(found)) ? "default" : "primary"} loading={isPending} onClick={next}>{found || !isFile ? words.next : words.later}</Button>
      </div>
    </div>
  );
}

function Bring({ code, topic, isFile, onBrought }: { code: string; topic: string; isFile: boolean; onBrought: () => void }) {
  const words = useWords(connections);
  const language = useLanguage();
  const { message } = App.useApp();
  const [upload, fetch] = [useUpload(code, topic), useFetchSample(code)];
  const failed = (error: unknown) => void message.error(oneLanguage(asProblem(error).detail, language));
  if (!useMay()("accounts:write")) return null;
  return (
    <div className="do">
      {isFile ? null : (
        <Button
          loading={fetch.isPending}
          onClick={() => fetch.mutate(undefined, { onError: failed, onSuccess: (told) => { onBrought(); void message.info(told.topics.length > 0 ? words.fetched : words.fetchNone); } })}
        >{words.fetchSample}</Button>
      )}
      <Upload showUploadList={false} beforeUpload={(file) => { upload.mutate(file, { onError: failed }); return false; }}>
        <Button loading={upload.isPending}>{isFile ? words.sampleFile : words.stepSample}</Button>
      </Upload>
    </div>
  );
}

/** Whether every column of a file counts as something. */
function isRead(found: SampleLooked): boolean {
  return found.unfit === "" && found.columns.length > 0 && found.columns.every((one) => one.reads_as !== "");
}

function Found({ found, code, topic, isFile }: { found: SampleLooked; code: string; topic: string; isFile: boolean }) {
  const words = useWords(connections);
  const known = found.columns.filter((one) => one.reads_as !== "").length;
  const isAllKnown = isFile && isRead(found);
  const editor = <Link to="/mappings/$code/$topic" params={{ code, topic }} search={{ sample: "upload" }}><Button type={isFile && !isAllKnown ? "primary" : "default"}>{words.openEditor}</Button></Link>;
  return (
    <div className="stack" aria-live="polite">
      <p><b>{words.sampleThere}</b> <span className="mono">{found.name}</span> <span className="dim">{found.encoding}</span></p>
      {found.unfit ? <p role="alert" className="bad">{found.unfit}</p> : null}
      {isFile ? <p>{words.columnsFound(known, found.columns.length)} {isAllKnown ? words.allKnown : words.unknownColumns}</p> : null}
      {isFile ? <p className="tags">{found.columns.map((one) => <Tag key={one.name} text={one.reads_as && one.reads_as !== one.name ? `${one.name} → ${one.reads_as}` : one.name} tone={one.reads_as ? "good" : "warn"} />)}</p> : null}
      <div className="do">{editor}</div>
    </div>
  );
}

function Authorise({ code }: { code: string }) {
  const words = useWords(connections);
  const language = useLanguage();
  const { message } = App.useApp();
  const begin = useAuthorise(code);
  const failed = (error: unknown) => void message.error(oneLanguage(asProblem(error).detail, language));
  return (
    <p className="line">
      <Button loading={begin.isPending} onClick={() => begin.mutate(undefined, { onError: failed, onSuccess: (told) => window.location.assign(told.url) })}>{words.authorise}</Button>
      <span className="dim">{words.authoriseMeans}</span>
    </p>
  );
}

/** Step five: which orders the messages would become; then live, or watched for a while. */
import { useState } from "react";
import { App, Button } from "antd";
import { Link, useNavigate } from "@tanstack/react-router";
import { asProblem } from "@/api/problem";
import type { ConnectDraft, ConnectorForm, MappingTried, TriedMessage } from "@/api/generated/schema";
import { Money, Tag } from "@/shared/cells";
import { Show } from "@/shared/states/show";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { connections } from "@/words/connections";
import { LiveChoice } from "../live_choice";
import type { Seen } from "../live_choice";
import { ROWS, useDropDraft, useImportSample, useLive, usePreview, useTopics } from "../queries";

const SHOWN = 20;

export function PreviewStep({ form, code, draft }: { form: ConnectorForm; code: string; draft: ConnectDraft }) {
  const topics = useTopics(code);
  const isFile = form.connector.name === "files";
  const topic = isFile ? ROWS : topics.data?.topics.find((one) => one.produces === "order")?.topic ?? topics.data?.topics[0]?.topic;
  return topic ? <Preview code={code} topic={topic} isFile={isFile} draft={draft} /> : null;
}

function Preview({ code, topic, isFile, draft }: { code: string; topic: string; isFile: boolean; draft: ConnectDraft }) {
  const words = useWords(connections);
  const query = usePreview(code, topic);
  return (
    <div className="stack">
      <p className="dim">{words.previewMeans}</p>
      <Show query={query} rows={6}>
        {(found) => (
          <>
            <Rows found={found} code={code} topic={topic} />
            <Finish code={code} topic={topic} draft={draft} hasFile={isFile && found.read > 0} />
          </>
        )}
      </Show>
    </div>
  );
}

function Rows({ found, code, topic }: { found: MappingTried; code: string; topic: string }) {
  const words = useWords(connections);
  if (found.messages === 0) return <p>{words.previewNone}</p>;
  return (
    <>
      <p className="say"><b>{words.reads(found.read, found.messages)}</b></p>
      <table className="plain">
        <tbody>{found.rows.slice(0, SHOWN).map((one) => <Row key={one.id} row={one} />)}</tbody>
      </table>
      {found.failed > 0 ? <div className="do"><Link to="/mappings/$code/$topic" params={{ code, topic }} search={{ sample: undefined }}><Button>{words.mendInEditor}</Button></Link></div> : null}
    </>
  );
}

interface Drafted {
  external_id?: string;
  total?: number;
  currency?: string;
  lines?: { title?: string; sku_external?: string; quantity?: number }[];
  receiver?: { name?: string; province?: string; city?: string };
}

function Row({ row }: { row: TriedMessage }) {
  const language = useLanguage();
  const words = useWords(connections);
  const order = row.drafts[0] as Drafted | undefined;
  if (!order) {
    const [first] = row.problems;
    return <tr><td><Tag text={words.failedRows} tone="bad" /></td><td className="mono">{row.name}</td><td colSpan={3}>{first ? `${first.title[language]}：${first.mend[language]}` : ""}</td></tr>;
  }
  const lines = order.lines ?? [];
  return (
    <tr>
      <td><Tag text={words.isWell} tone="good" /></td>
      <td className="mono">{order.external_id ?? row.name}</td>
      <td>{lines.map((one) => `${one.title || (one.sku_external ?? "")} ×${one.quantity ?? 0}`).join("，")}</td>
      <td className="num">{order.currency ? <Money minor={order.total} currency={order.currency} /> : null}</td>
      <td>{[order.receiver?.name, order.receiver?.province, order.receiver?.city].filter(Boolean).join(" ")}</td>
    </tr>
  );
}

function Finish({ code, topic, draft, hasFile }: { code: string; topic: string; draft: ConnectDraft; hasFile: boolean }) {
  const words = useWords(connections);
  const language = useLanguage();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [seen, setSeen] = useState<Seen>(hasFile ? "process" : "set_aside");
  const [live, take, drop] = [useLive(code), useImportSample(code, topic), useDropDraft()];
  const failed = (error: unknown) => void message.error(oneLanguage(asProblem(error).detail, language));
  // The draft goes after the page that reads it.
  const leave = () => void navigate({ to: "/connections/$code", params: { code } }).then(() => drop.mutateAsync(draft.id));
  const goLive = () => live.mutate(seen, {
    onError: failed,
    onSuccess: () => {
      if (!hasFile) { void message.success(words.finished); leave(); return; }
      take.mutate(undefined, { onError: failed, onSuccess: (told) => { void message.success(words.imported(told.orders)); leave(); } });
    },
  });
  return (
    <div className="stack form">
      {hasFile ? null : <LiveChoice waiting={0} seen={seen} onChoose={setSeen} />}
      <div className="do">
        <Button type="primary" loading={live.isPending || take.isPending} onClick={goLive}>{hasFile ? words.importSample : words.goLive}</Button>
        <Button onClick={leave}>{words.keepWatching}</Button>
      </div>
    </div>
  );
}

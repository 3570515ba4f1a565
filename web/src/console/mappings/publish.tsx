/** Publishing a draft with a reason, and the versions there were: who, why, and back. */
import { useState } from "react";
import { App, Button, Input } from "antd";
import { asProblem } from "@/api/problem";
import type { MappingTried, MappingVersionView, TopicMapping } from "@/api/generated/schema";
import { Tag, When } from "@/shared/cells";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { mappings } from "@/words/mappings";
import { shared } from "@/words/shared";
import { usePublish, useRollBack } from "./queries";
import type { Where } from "./queries";

const REASON_MIN = 4;

interface Props {
  where: Where;
  version: number;
  tried: MappingTried | undefined;
  onPublished: () => void;
}

export function Publish({ where, version, tried, onPublished }: Props) {
  const words = useWords(mappings);
  const language = useLanguage();
  const { message } = App.useApp();
  const [reason, setReason] = useState("");
  const publish = usePublish(where);
  const isReady = tried !== undefined && tried.mistakes.length === 0 && reason.trim().length >= REASON_MIN;
  const isWorse = (tried?.worse ?? 0) > 0;
  const go = () => tried && publish.mutate({ digest: tried.digest, reason, isForced: isWorse }, {
    onSuccess: (done) => { setReason(""); void message.success(words.published(done.version)); onPublished(); },
  });
  if (!tried || tried.mistakes.length > 0) return null;
  return (
    <div className="stack">
      {isWorse ? <p className="bad">{words.worseMeans}</p> : null}
      <Input value={reason} aria-label={words.reason} placeholder={`${words.reason}：${words.reasonHelp}`} maxLength={500} onChange={(event) => setReason(event.target.value)} onPressEnter={() => isReady && go()} />
      {publish.error ? <p role="alert" className="bad">{oneLanguage(asProblem(publish.error).detail, language)}</p> : null}
      <div className="do"><Button type="primary" danger={isWorse} disabled={!isReady} loading={publish.isPending} onClick={go}>{isWorse ? words.insist : words.publishAs(version)}</Button></div>
    </div>
  );
}

export function Versions({ where, view, mayWrite, onBack }: { where: Where; view: TopicMapping; mayWrite: boolean; onBack: () => void }) {
  const words = useWords(mappings);
  const [asked, setAsked] = useState<number>();
  const past = view.versions.filter((one) => one.state !== "draft");
  return (
    <div className="stack">
      <h3>{words.versions}</h3>
      {past.length === 0 ? <p className="dim">{words.noVersions}</p> : null}
      <ul className="versions">
        {past.map((one) => (
          <li key={one.version}>
            <Version one={one} />
            {mayWrite && one.state === "before" && asked !== one.version ? <Button size="small" onClick={() => setAsked(one.version)}>{words.rollBack}</Button> : null}
            {asked === one.version ? <Back where={where} version={one.version} onDone={() => { setAsked(undefined); onBack(); }} onCancel={() => setAsked(undefined)} /> : null}
          </li>
        ))}
      </ul>
      {mayWrite && view.in_force && asked !== 0 ? <div className="do"><Button size="small" onClick={() => setAsked(0)}>{words.toConnector}</Button></div> : null}
      {asked === 0 ? <Back where={where} version={0} onDone={() => { setAsked(undefined); onBack(); }} onCancel={() => setAsked(undefined)} /> : null}
    </div>
  );
}

/** Who it was, without the mark that says it was a person. */
function nameOf(author: string): string {
  return author.replace(/^user:/, "");
}

function Version({ one }: { one: MappingVersionView }) {
  const words = useWords(mappings);
  return (
    <div>
      <p className="line"><b>{words.versionOf(one.version)}</b> <Tag text={one.state === "in_force" ? words.in_force : words.replaced} tone={one.state === "in_force" ? "brand" : ""} /> <When at={one.published_at} /> <span className="dim">{nameOf(one.author)}</span></p>
      <p className="dim">{one.reason}</p>
    </div>
  );
}

function Back({ where, version, onDone, onCancel }: { where: Where; version: number; onDone: () => void; onCancel: () => void }) {
  const words = useWords(mappings);
  const common = useWords(shared);
  const language = useLanguage();
  const { message } = App.useApp();
  const [reason, setReason] = useState("");
  const back = useRollBack(where);
  const go = () => back.mutate({ version, reason }, { onSuccess: () => { void message.success(words.rolledBack); onDone(); } });
  return (
    <div className="stack">
      <Input autoFocus size="small" value={reason} aria-label={words.reason} placeholder={`${words.reason}：${words.reasonHelp}`} onChange={(event) => setReason(event.target.value)} />
      {back.error ? <p role="alert" className="bad">{oneLanguage(asProblem(back.error).detail, language)}</p> : null}
      <div className="do">
        <Button size="small" type="primary" disabled={reason.trim().length < REASON_MIN} loading={back.isPending} onClick={go}>{words.rollBack}</Button>
        <Button size="small" onClick={onCancel}>{common.cancel}</Button>
      </div>
    </div>
  );
}

/** The editor: sample, rules, result side by side; every change is kept as a draft a moment later. */
import { useRef, useState } from "react";
import { App, Button, Splitter } from "antd";
import { asProblem } from "@/api/problem";
import type { MappingTried, MistakeTold, Target, TopicMapping } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { mappings } from "@/words/mappings";
import { Publish, Versions } from "./publish";
import { useDropDraft, useKeepDraft, useSample, useTrial } from "./queries";
import type { Where } from "./queries";
import { Result } from "./result";
import { Rules, documentOf, joined, keyOf } from "./rules";
import { columnOf, ruleOf, simple } from "./rule";
import type { Content } from "./rule";
import { Sample } from "./sample";

const KEEP_AFTER_MS = 600;

interface Props {
  where: Where;
  view: TopicMapping;
  sample: string | undefined;
  onSample: (sample: string) => void;
  onReload: () => void;
}

/** The draft as it is typed: kept at the server when nothing was typed for a moment, or at once when asked for. */
function useDraftKept(where: Where, view: TopicMapping) {
  const [content, setContent] = useState<Content>(() => view.draft?.content ?? view.in_force ?? {});
  const [mistakes, setMistakes] = useState<readonly MistakeTold[]>([]);
  const [digest, setDigest] = useState(view.draft?.digest);
  const [version, setVersion] = useState(view.draft?.version ?? 0);
  const known = useRef(view.draft?.digest ?? "");
  const timer = useRef<number>(undefined);
  const keep = useKeepDraft(where);
  const save = async (next: Content) => {
    window.clearTimeout(timer.current);
    const kept = await keep.mutateAsync({ content: next, known: known.current });
    known.current = kept.digest;
    setDigest(kept.digest);
    setVersion(kept.version);
    setMistakes(kept.mistakes);
  };
  const change = (next: Content) => {
    setContent(next);
    setDigest(undefined);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => void save(next).catch(() => undefined), KEEP_AFTER_MS);
  };
  return { content, change, mistakes, digest, version, save: () => save(content), isBusy: keep.isPending, error: keep.error };
}

export function Editor({ where, view, sample, onSample, onReload }: Props) {
  const draft = useDraftKept(where, view);
  const query = useSample(where, sample);
  const may = useMay()("accounts:write");
  const [picked, setPicked] = useState<string>();
  const [active, setActive] = useState<Target>();
  const [tried, setTried] = useState<MappingTried>();
  const trial = useTrial(where);
  const told = useTold();
  const put = (target: Target, place: string) => { draft.change(joined(view, draft.content, target, place)); setPicked(undefined); setActive(undefined); };
  const pick = (place: string) => (active ? put(active, place) : setPicked(place));
  const choose = (target: Target) => (picked === undefined ? setActive(target) : put(target, picked));
  const run = async () => {
    try {
      await draft.save();
      setTried(await trial.mutateAsync());
    } catch (error) {
      told.failed(error);
    }
  };
  const used = placesUsed(view, draft.content, query.data?.columns.map((one) => one.name) ?? []);
  return (
    <>
      <Bar view={view} draft={draft} picked={picked} where={where} mayWrite={may} onReload={onReload} />
      <Splitter className="editor">
        <Splitter.Panel defaultSize="32%" min="20%"><Sample where={where} view={view} sample={sample} mayWrite={may} query={query} picked={picked} used={used} onChoose={onSample} onPick={pick} /></Splitter.Panel>
        <Splitter.Panel defaultSize="36%" min="24%">
          <Rules view={view} mayWrite={may} content={draft.content} sample={query.data} mistakes={draft.mistakes} active={active && keyOf(active)} onActive={choose} onContent={draft.change} />
        </Splitter.Panel>
        <Splitter.Panel min="20%">
          <section className="pane stack">
            <Result tried={tried} isStale={draft.digest !== tried?.digest} isBusy={trial.isPending} canTry={may} onTry={() => void run()} />
            {may && draft.digest === tried?.digest ? <Publish where={where} version={draft.version} tried={tried} onPublished={onReload} /> : null}
            <Versions where={where} view={view} mayWrite={may} onBack={onReload} />
          </section>
        </Splitter.Panel>
      </Splitter>
    </>
  );
}

/** The places of the sample that some rule reads. */
function placesUsed(view: TopicMapping, content: Content, names: readonly string[]): ReadonlySet<string> {
  if (view.format === "rows") return new Set(view.targets.map((one) => columnOf(content, one, names)?.name ?? "").filter(Boolean));
  const document = documentOf(view, content);
  return new Set(view.targets.flatMap((one) => simple(ruleOf(document, one))?.paths ?? []));
}

interface BarProps {
  view: TopicMapping;
  draft: ReturnType<typeof useDraftKept>;
  picked: string | undefined;
  where: Where;
  mayWrite: boolean;
  onReload: () => void;
}

function Bar({ view, draft, picked, where, mayWrite, onReload }: BarProps) {
  const words = useWords(mappings);
  const language = useLanguage();
  const { message } = App.useApp();
  const drop = useDropDraft(where);
  const force = view.versions.find((one) => one.state === "in_force")?.version ?? 0;
  const problem = draft.error ? asProblem(draft.error) : undefined;
  return (
    <>
      <p className="say line">
        <span>{words.inForce(force)}</span>
        {view.draft ? <span className="dim">{words.draftOf(view.draft.author.replace(/^user:/, ""))}</span> : null}
        <span className="dim" aria-live="polite">{draft.isBusy ? words.saving : problem ? words.unsaved : draft.digest ? words.saved : ""}</span>
        <span className="grow" />
        {mayWrite ? <span className={picked ? "brand" : "dim"}>{picked ? words.picked(picked) : words.joinHint}</span> : <span className="dim">{words.onlySeen}</span>}
        {mayWrite && view.draft ? <Button size="small" loading={drop.isPending} onClick={() => drop.mutate(undefined, { onSuccess: () => { void message.success(words.dropped); onReload(); } })}>{words.dropDraft}</Button> : null}
      </p>
      {problem ? (
        <div className="alert bad" role="alert">
          <div><h2>{problem.code === "draft_moved" ? words.moved : words.unsaved}</h2><p>{problem.code === "draft_moved" ? words.movedMeans : oneLanguage(problem.detail, language)}</p></div>
          {problem.code === "draft_moved" ? <div className="do"><Button onClick={onReload}>{words.reload}</Button></div> : null}
        </div>
      ) : null}
    </>
  );
}

/** The middle: every field of the order with its rule, those that are needed first. */
import { useState } from "react";
import { Button, Checkbox, ConfigProvider, Input } from "antd";
import type { MistakeTold, SampleLooked, Target, TopicMapping } from "@/api/generated/schema";
import { useLanguage, useWords } from "@/words/language";
import { mappings } from "@/words/mappings";
import { ColumnRow } from "./column_row";
import { columnOf, join, ruleOf, withColumn, withRule } from "./rule";
import type { Block, Content } from "./rule";
import { TargetRow } from "./target_row";

export interface RulesProps {
  view: TopicMapping;
  /** Whoever may not only sees. */
  mayWrite: boolean;
  content: Content;
  sample: SampleLooked | undefined;
  mistakes: readonly MistakeTold[];
  active: string | undefined;
  onActive: (target: Target) => void;
  onContent: (content: Content) => void;
}

/** The group of those that are needed, before the blocks. */
const NEEDED = "needed";

export const keyOf = (target: Target) => `${target.block}.${target.name}`;
const suggested = (target: Target) => (target.block === "fields" ? target.name : keyOf(target));

export function documentOf(view: TopicMapping, content: Content): Block {
  return (content.document ?? view.document) as Block;
}

export function columnsOf(sample: SampleLooked | undefined): readonly string[] {
  return sample ? (sample.columns.length > 0 ? sample.columns.map((one) => one.name) : sample.places.map((one) => one.path)).filter(Boolean) : [];
}

/** Whether a target has something to come from. */
export function isFilled(view: TopicMapping, content: Content, sample: SampleLooked | undefined, target: Target): boolean {
  return view.format === "rows" ? columnOf(content, target, columnsOf(sample)) !== undefined : ruleOf(documentOf(view, content), target) !== undefined;
}

/** The content with a place of the sample joined to a target. */
export function joined(view: TopicMapping, content: Content, target: Target, place: string): Content {
  return view.format === "rows" ? withColumn(content, target, place) : { ...content, document: join(documentOf(view, content), target, place) };
}

export function Rules(props: RulesProps) {
  const { view, mayWrite, content, sample, onContent } = props;
  const words = useWords(mappings);
  const language = useLanguage();
  const [sought, setSought] = useState("");
  const [isShort, setShort] = useState(false);
  const needed = view.targets.filter((one) => one.is_required);
  const done = needed.filter((one) => isFilled(view, content, sample, one)).length;
  const free = view.targets.filter((one) => !isFilled(view, content, sample, one)).flatMap((target) => {
    const found = sample?.suggestions.find((one) => one.target === suggested(target));
    return found ? [{ target, path: found.path }] : [];
  });
  const fits = (one: Target) => `${one.name} ${one.title.zh} ${one.title.en}`.toLowerCase().includes(sought.trim().toLowerCase());
  const shown = view.targets.filter((one) => fits(one) && (!isShort || isFilled(view, content, sample, one)));
  const groups = [
    { block: NEEDED, some: shown.filter((one) => one.is_required) },
    ...[...new Set(shown.map((one) => one.block))].map((block) => ({ block, some: shown.filter((one) => one.block === block && !one.is_required) })),
  ].filter(({ some }) => some.length > 0);
  return (
    <section className="pane" aria-label={words.rules}>
      <header className="pane-head">
        <b className={done < needed.length ? "warn" : ""}>{words.filled(done, needed.length)}</b>
        <span className="grow" />
        <Checkbox checked={isShort} onChange={(event) => setShort(event.target.checked)}>{words.onlyFilled}</Checkbox>
        {mayWrite && free.length > 0 ? <Button size="small" onClick={() => onContent(free.reduce((next, one) => joined(view, next, one.target, one.path), content))}>{words.takeAll(free.length)}</Button> : null}
      </header>
      <Input size="small" allowClear value={sought} aria-label={words.findTarget} placeholder={words.findTarget} onChange={(event) => setSought(event.target.value)} />
      <ConfigProvider componentDisabled={!mayWrite}><fieldset disabled={!mayWrite}>{groups.map(({ block, some }) => (
        <div key={block}>
          <h3>{blockTitle(block, language)}</h3>
          {block === NEEDED && view.format !== "rows" && view.targets.some((one) => one.block === "lines") ? <Lines {...props} /> : null}
          <ul className="targets">{some.map((target) => <Row key={keyOf(target)} {...props} target={target} />)}</ul>
        </div>
      ))}</fieldset></ConfigProvider>
    </section>
  );
}

function blockTitle(block: string, language: "zh" | "en"): string {
  const words = mappings[language];
  const title = words[block as keyof typeof words];
  return typeof title === "string" ? title : block;
}

function Row({ target, ...props }: RulesProps & { target: Target }) {
  const { view, content, sample, mistakes, active, onActive, onContent } = props;
  const suggestion = sample?.suggestions.find((one) => one.target === suggested(target));
  const isActive = active === keyOf(target);
  if (view.format === "rows") {
    const names = columnsOf(sample);
    return (
      <ColumnRow
        target={target} found={columnOf(content, target, names)} names={names} suggestion={suggestion} isActive={isActive}
        onActive={() => onActive(target)} onColumn={(name) => onContent(withColumn(content, target, name))}
      />
    );
  }
  const document = documentOf(view, content);
  const place = target.block === "fields" ? `fields.${target.name}` : `${target.block}.${target.name}`;
  const mine = mistakes.filter((one) => one.field.replace(/\[\d+\]/g, "").replace(".fields.", ".") === place || one.field.startsWith(`${place}.`));
  return (
    <TargetRow
      target={target} rule={ruleOf(document, target)} suggestion={suggestion} mistakes={mine} functions={view.functions} isActive={isActive}
      onActive={() => onActive(target)} onTake={() => suggestion && onContent(joined(view, content, target, suggestion.path))}
      onRule={(rule) => onContent({ ...content, document: withRule(document, target, rule) })}
    />
  );
}

/** Where the payload has its lines. */
function Lines({ view, content, onContent }: RulesProps) {
  const words = useWords(mappings);
  const document = documentOf(view, content);
  const lines = document["lines"];
  if (Array.isArray(lines)) return null;
  const held = (typeof lines === "object" && lines !== null ? lines : {}) as Block;
  const change = (each: string) => onContent({ ...content, document: { ...document, lines: { ...held, each } } });
  return (
    <label className="line lines-at"><span className="dim" title={words.rowsHelp}>{words.rows}</span>
      <Input size="small" className="mono" value={typeof held["each"] === "string" ? held["each"] : ""} onChange={(event) => change(event.target.value)} />
    </label>
  );
}

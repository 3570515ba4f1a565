/** One field of the order: where it comes from, what is done with it, what its words mean; a ghost where it may be. */
import type { KeyboardEvent } from "react";
import { useState } from "react";
import { Input, Select } from "antd";
import { Tag } from "@/shared/cells";
import type { FunctionTold, MistakeTold, Suggestion, Target } from "@/api/generated/schema";
import { useLanguage, useWords } from "@/words/language";
import { mappings } from "@/words/mappings";
import { shared } from "@/words/shared";
import { simple, valuesOf, valuesText, written } from "./rule";
import type { Json, Simple } from "./rule";

interface Props {
  target: Target;
  rule: Json | undefined;
  suggestion: Suggestion | undefined;
  mistakes: readonly MistakeTold[];
  functions: readonly FunctionTold[];
  isActive: boolean;
  onRule: (rule: Json | undefined) => void;
  onTake: () => void;
  onActive: () => void;
}

export function TargetRow({ target, rule, suggestion, mistakes, functions, isActive, onRule, onTake, onActive }: Props) {
  const words = useWords(mappings);
  const language = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const known = simple(rule);
  return (
    <li className={`target ${isActive ? "on" : ""} ${mistakes.length > 0 ? "wrong" : ""}`}>
      <div className="line">
        <button type="button" className="bare name" aria-label={`${words.join} ${target.title[language]} ${target.name}`} aria-pressed={isActive} onClick={onActive}>
          <b>{target.title[language]}</b> <span className="mono dim">{target.name}</span>
        </button>
        {target.is_required ? <Tag text={words.needed} tone={rule === undefined ? "warn" : ""} /> : null}
        <span className="grow" />
        <button type="button" className="bare dim" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{known ? (known.fn ?? words.function) : words.complex}</button>
        {rule === undefined ? null : <button type="button" className="bare dim" onClick={() => onRule(undefined)}>{words.remove}</button>}
      </div>
      {known ? <PathBox target={target} known={known} suggestion={suggestion} onRule={onRule} onTake={onTake} onActive={onActive} /> : null}
      {isOpen && known ? <More known={known} functions={functions} onRule={onRule} /> : null}
      {isOpen || !known ? <AsText key={JSON.stringify(rule)} rule={rule} isOpen={!known} onRule={onRule} /> : null}
      {mistakes.map((one) => <p key={one.field + one.reason.en} role="alert" className="bad">{one.reason[language]}</p>)}
    </li>
  );
}

interface PathProps {
  target: Target;
  known: Simple;
  suggestion: Suggestion | undefined;
  onRule: (rule: Json | undefined) => void;
  onTake: () => void;
  onActive: () => void;
}

function PathBox({ target, known, suggestion, onRule, onTake, onActive }: PathProps) {
  const words = useWords(mappings);
  const language = useLanguage();
  const isEmpty = known.paths.length === 0 && known.fixed === undefined;
  const ghost = isEmpty && suggestion ? words.suggestion(suggestion.path) : "";
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab" && !event.shiftKey && ghost && !event.nativeEvent.isComposing) {
      event.preventDefault();
      onTake();
    }
  };
  const change = (text: string) => {
    const paths = text.split("|").map((one) => one.trim()).filter(Boolean);
    onRule(written({ ...known, fixed: undefined, paths }));
  };
  return (
    <Input
      size="small" className="mono" aria-label={`${words.path} ${target.title[language]}`} value={known.fixed === undefined ? known.paths.join(" | ") : `= ${known.fixed}`}
      placeholder={ghost || words.path} title={suggestion && ghost ? suggestion.reasons.map((one) => one[language]).join(" · ") : undefined}
      onFocus={onActive} onKeyDown={onKeyDown} disabled={known.fixed !== undefined} onChange={(event) => change(event.target.value)}
    />
  );
}

function More({ known, functions, onRule }: { known: Simple; functions: readonly FunctionTold[]; onRule: (rule: Json | undefined) => void }) {
  const words = useWords(mappings);
  const language = useLanguage();
  const told = functions.find((one) => one.name === known.fn);
  const put = (change: Partial<Simple>) => onRule(written({ ...known, ...change }));
  return (
    <div className="more">
      <Select
        size="small" aria-label={words.function} value={known.fn ?? ""} onChange={(fn) => put({ fn: fn || undefined, options: undefined })}
        options={[{ value: "", label: words.none }, ...functions.map((one) => ({ value: one.name, label: one.title[language], title: one.help[language] }))]}
      />
      {told?.options.map((option) => (
        <Input key={option} size="small" addonBefore={option} value={String(known.options?.[option] ?? "")} onChange={(event) => put({ options: { ...known.options, [option]: numbered(option, event.target.value) } })} />
      ))}
      <Input.TextArea size="small" className="mono" autoSize={{ minRows: 1, maxRows: 8 }} aria-label={words.valueMap} placeholder={`${words.valueMap}：${words.valueMapHelp}`} defaultValue={valuesText(known.values)} onBlur={(event) => put({ values: valuesOf(event.target.value) })} />
      <Input size="small" aria-label={words.constant} placeholder={words.constant} value={known.fixed ?? ""} onChange={(event) => put({ fixed: event.target.value || undefined, paths: [] })} />
    </div>
  );
}

function numbered(option: string, text: string): Json {
  return ["start", "end", "index"].includes(option) && /^-?\d+$/.test(text) ? Number(text) : text;
}

function AsText({ rule, isOpen, onRule }: { rule: Json | undefined; isOpen: boolean; onRule: (rule: Json | undefined) => void }) {
  const words = useWords(mappings);
  const common = useWords(shared);
  const [text, setText] = useState(() => JSON.stringify(rule ?? "", null, 1));
  const [isWrong, setWrong] = useState(false);
  const keep = () => {
    try {
      const read = JSON.parse(text) as Json;
      setWrong(false);
      onRule(read === "" ? undefined : read);
    } catch {
      setWrong(true);
    }
  };
  return (
    <details open={isOpen}>
      <summary className="dim">{words.asText}</summary>
      <Input.TextArea className="mono" autoSize={{ minRows: 2, maxRows: 12 }} status={isWrong ? "error" : ""} aria-label={words.asText} aria-invalid={isWrong} value={text} onChange={(event) => setText(event.target.value)} onBlur={keep} />
      {isWrong ? <p role="alert" className="bad">JSON · {common.retry}</p> : null}
    </details>
  );
}

/** Who says what of the formula, in words; changed into a draft, which is nothing before it is saved. */
import { useState } from "react";
import { Button } from "antd";
import type { PlaceFormula } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { formula } from "@/words/formula";
import { useWords } from "@/words/language";
import { RuleForm } from "./rule_form";
import { KEYS, NOTHING, placeOf, withRule } from "./rules";
import type { Rule } from "./rules";
import { Scrolls } from "@/shared/scrolls";

interface Listed {
  list: readonly Rule[];
  places: readonly PlaceFormula[];
  isDraft: boolean;
  onChange: ((list: Rule[]) => void) | undefined;
  onDrop: () => void;
}

export function RuleList({ list, places, isDraft, onChange, onDrop }: Listed) {
  const words = useWords(formula);
  const [open, setOpen] = useState<{ rule: Rule; isNew: boolean }>();
  const done = (rule: Rule) => { onChange?.(withRule(list, rule, open?.isNew ? undefined : open?.rule)); setOpen(undefined); };
  return (
    <section className="card">
      <h2>{words.rules} {isDraft ? <Tag text={words.draft} tone="warn" /> : null}</h2>
      <div className="body stack">
        <p className="dim">{words.rulesMean}</p>
        <Scrolls label={words.rules}>
          <table className="plain">
            <thead><tr><th scope="col">{words.where}</th><th scope="col">{words.said}</th><th scope="col" className="num">{words.edit}</th></tr></thead>
            <tbody>
              {list.map((rule) => (
                <Line
                  key={placeOf(rule)} rule={rule} onEdit={onChange ? () => setOpen({ rule, isNew: false }) : undefined}
                  onRemove={onChange && rule.level !== "default" ? () => onChange(list.filter((one) => one !== rule)) : undefined}
                />
              ))}
            </tbody>
          </table>
        </Scrolls>
        {open ? <RuleForm key={placeOf(open.rule)} rule={open.rule} isNew={open.isNew} places={places} onDone={done} onClose={() => setOpen(undefined)} /> : null}
        {onChange && !open ? (
          <div className="do">
            <Button onClick={() => setOpen({ rule: { level: "shops", name: "", shop: "", keys: NOTHING }, isNew: true })}>{words.add}</Button>
            {isDraft ? <Button onClick={onDrop}>{words.undo}</Button> : null}
          </div>
        ) : null}
      </div>
    </section>
  );
}

function Line({ rule, onEdit, onRemove }: { rule: Rule; onEdit: (() => void) | undefined; onRemove: (() => void) | undefined }) {
  const words = useWords(formula);
  const says = KEYS.flatMap((key) => (rule.keys[key] === null ? [] : [words[`${key}_says`](rule.keys[key])]));
  return (
    <tr>
      <td>{words[rule.level]} {rule.name ? <span className="mono">{rule.name}</span> : null} {rule.shop ? <span className="mono">@ {rule.shop}</span> : null}</td>
      <td>{says.length > 0 ? says.join(" · ") : <span className="dim">{words.nothing}</span>}</td>
      <td className="num">
        {onEdit ? <Button size="small" type="text" onClick={onEdit}>{words.edit}</Button> : null}
        {onRemove ? <Button size="small" type="text" onClick={onRemove}>{words.remove}</Button> : null}
      </td>
    </tr>
  );
}

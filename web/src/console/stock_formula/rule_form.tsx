/** One place and what it says: six figures, each of which may be left out. */
import { useState } from "react";
import { Button, Input, InputNumber, Select } from "antd";
import type { PlaceFormula } from "@/api/generated/schema";
import { formula } from "@/words/formula";
import { useWords } from "@/words/language";
import { KEYS, LEVELS } from "./rules";
import type { Rule } from "./rules";

interface Form {
  rule: Rule;
  isNew: boolean;
  places: readonly PlaceFormula[];
  onDone: (rule: Rule) => void;
  onClose: () => void;
}

export function RuleForm({ rule, isNew, places, onDone, onClose }: Form) {
  const words = useWords(formula);
  const [draft, setDraft] = useState(rule);
  const set = (change: Partial<Rule>) => setDraft((before) => ({ ...before, ...change }));
  const isNamed = draft.level === "default" || (draft.name.trim() !== "" && (draft.level !== "skuShops" || draft.shop !== ""));
  return (
    <form className="stack formula-form" onSubmit={(event) => { event.preventDefault(); if (isNamed) onDone({ ...draft, name: draft.name.trim() }); }}>
      {isNew ? <Where draft={draft} places={places} set={set} /> : null}
      <div className="formula-keys">
        {KEYS.map((key) => (
          <label key={key}>
            <span>{words[key]}</span>
            <InputNumber<number>
              value={draft.keys[key]} min={0} max={key.endsWith("_percent") ? 100 : 1_000_000_000} precision={0} aria-label={words[key]} style={{ width: "100%" }}
              onChange={(value) => set({ keys: { ...draft.keys, [key]: value } })}
            />
            <small className="dim">{words[`${key}_means`]}</small>
          </label>
        ))}
      </div>
      <p className="dim">{words.blank}</p>
      <div className="do">
        <Button htmlType="submit" type="primary" disabled={!isNamed}>{words.take}</Button>
        <Button onClick={onClose}>{words.leave}</Button>
      </div>
    </form>
  );
}

function Where({ draft, places, set }: { draft: Rule; places: readonly PlaceFormula[]; set: (change: Partial<Rule>) => void }) {
  const words = useWords(formula);
  const shops = places.map((one) => ({ value: one.account, label: one.account }));
  const channels = [...new Set(places.map((one) => one.channel))].map((one) => ({ value: one, label: one }));
  const isSku = draft.level === "skus" || draft.level === "skuShops";
  return (
    <div className="formula-keys">
      <Select value={draft.level} aria-label={words.where} options={LEVELS.map((level) => ({ value: level, label: words[level] }))} onChange={(level) => set({ level, name: "", shop: "" })} />
      {isSku ? <Input className="mono" value={draft.name} maxLength={200} placeholder={words.skuCode} aria-label={words.skuCode} onChange={(event) => set({ name: event.target.value })} /> : null}
      {draft.level === "channels" ? <Select value={draft.name || undefined} placeholder={words.channel} aria-label={words.channel} options={channels} onChange={(name) => set({ name })} /> : null}
      {draft.level === "shops" ? <Select value={draft.name || undefined} placeholder={words.shop} aria-label={words.shop} options={shops} onChange={(name) => set({ name })} /> : null}
      {draft.level === "skuShops" ? <Select value={draft.shop || undefined} placeholder={words.shop} aria-label={words.shop} options={shops} onChange={(shop) => set({ shop })} /> : null}
    </div>
  );
}

/** Try the rules on an order: which rows match, what they state, and everything that the rules see of it. */
import { useState } from "react";
import { Button, Input } from "antd";
import type { RuleTried, RulesTried, RulesView } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { money } from "@/shared/money";
import { Failed } from "@/shared/states";
import { when } from "@/shared/when";
import type { Language } from "@/words/language";
import { useLanguage, useWords } from "@/words/language";
import { rules as text } from "@/words/rules";
import { useTry } from "./queries";
import { Stated } from "./table";

type Value = RulesTried["traits"][string];

export function Trial({ found }: { found: RulesView }) {
  const words = useWords(text);
  const [order, setOrder] = useState("");
  const ask = useTry();
  const send = () => { if (order.trim()) ask.mutate(order.trim()); };
  return (
    <section className="card" aria-label={words.tryTitle}>
      <header><h2>{words.tryTitle}</h2><span className="dim">{words.nothingKept}</span></header>
      <div className="body col">
        <form className="rule-try" onSubmit={(event) => { event.preventDefault(); send(); }}>
          <Input aria-label={words.order} placeholder={words.order} value={order} maxLength={100} autoComplete="off" onChange={(event) => setOrder(event.target.value)} />
          <Button htmlType="submit" type="primary" loading={ask.isPending} disabled={!order.trim()}>{words.tryIt}</Button>
        </form>
        {ask.error ? <Failed error={ask.error} /> : null}
        {ask.data ? <Tried tried={ask.data} found={found} /> : null}
      </div>
    </section>
  );
}

function Tried({ tried, found }: { tried: RulesTried; found: RulesView }) {
  const words = useWords(text);
  const language = useLanguage();
  const traits = new Map(found.places.flatMap((place) => place.traits.map((trait) => [trait.name, trait] as const)));
  const currency = typeof tried.traits["currency"] === "string" ? tried.traits["currency"] : "";
  return (
    <div className="col" aria-live="polite">
      <p>{words.tried(tried.order, tried.version)}</p>
      <ul className="rule-told">{tried.rules.map((one) => <li key={one.rule}><Decided one={one} found={found} /></li>)}</ul>
      <h3>{words.sees}</h3>
      <dl className="kv">
        {Object.entries(tried.traits).map(([name, value]) => (
          <Seen key={name} title={traits.get(name)?.title[language] ?? name} shown={shown(value, traits.get(name)?.type ?? "", currency, language)} />
        ))}
      </dl>
    </div>
  );
}

function Seen({ title, shown: value }: { title: string; shown: string }) {
  const words = useWords(text);
  return <><dt>{title}</dt><dd>{value || <span className="dim">{words.notKnown}</span>}</dd></>;
}

function shown(value: Value | undefined, type: string, currency: string, language: Language): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.join(language === "zh" ? "、" : ", ") || "-";
  if (type === "money") return money(Number(value), currency);
  if (type === "instant") return when(new Date(Number(value) * 1000).toISOString(), language);
  return String(value) || "-";
}

function Decided({ one, found }: { one: RuleTried; found: RulesView }) {
  const words = useWords(text);
  const language = useLanguage();
  const table = found.rules.find((rule) => rule.name === one.rule);
  const row = (id: string) => table?.rows.find((known) => known.id === id)?.title?.[language] ?? id;
  const outcomes = found.places.find((place) => place.name === one.place)?.outcomes ?? [];
  return (
    <>
      <b>{one.title[language]}</b> {one.is_on ? null : <Tag text={words.off} tone="warn" />}
      {one.decision ? null : <span className="dim"> {words.noRow}</span>}
      {one.decision?.rows.map((stated) => (
        <p key={stated.row}>
          <Tag text={`${words.decided} ${row(stated.row)}`} tone="good" />{" "}
          {outcomes.map((column) => <span key={column.name} className="rule-outcome">{column.title[language]} <b><Stated value={stated.outcome[column.name] ?? ""} /></b></span>)}
        </p>
      ))}
      {one.decision?.candidates.length ? <p className="dim">{words.lost(one.decision.candidates.map(row).join(language === "zh" ? "、" : ", "))}</p> : null}
    </>
  );
}

/** What the blueprint says of one stage: owner, limit, words for the customer, and every rule that leads in, out or acts. */
import type { LifecycleView, NodeView, RuleView, TriggerView } from "@/api/generated/schema";
import { Phase } from "@/shared/cells";
import { To } from "@/shared/to";
import { address } from "@/shared/address";
import { lifecycle } from "@/words/lifecycle";
import { useLanguage, useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { Standing } from "./standing";

export function StageDoc({ found, stage }: { found: LifecycleView; stage: NodeView }) {
  const words = useWords(lifecycle);
  const time = useWords(shared);
  const language = useLanguage();
  const other = language === "zh" ? "en" : "zh";
  return (
    <div className="stack stage-doc">
      <div className="line"><Phase phase={stage.phase} />{stage.is_final ? <span className="tag">{words.final}</span> : null}{stage.is_initial ? <span className="tag">{words.initial}</span> : null}</div>
      <Standing standing={stage.standing} />
      <To href={address("/orders", { stage: stage.name })} className="primary-link">{words.showOrders}</To>
      <dl className="kv">
        <dt>{words.owner}</dt><dd>{stage.owner_title[language]}</dd>
        <dt>{words.limit}</dt><dd>{stage.limit_seconds === null ? words.noLimit : time.lasted(stage.limit_seconds)}</dd>
        {stage.case_title ? <><dt>{words.opens}</dt><dd><To href={address("/cases", { kind: stage.case })}>{stage.case_title[language]}</To></dd></> : null}
        <dt>{words.customer}</dt><dd>{stage.customer[language]} <span className="dim" lang={other}>{stage.customer[other]}</span></dd>
      </dl>
      <Rules title={words.entered} found={found} numbers={stage.entered_by} />
      <Rules title={words.left} found={found} numbers={stage.left_by} />
      <Rules title={words.stays} found={found} numbers={stage.stays_by} />
    </div>
  );
}

function Rules({ title, found, numbers }: { title: string; found: LifecycleView; numbers: readonly number[] }) {
  if (numbers.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul className="rules">{numbers.map((n) => found.rules[n]).filter((rule) => rule !== undefined).map((rule) => <Rule key={rule.number} rule={rule} found={found} />)}</ul>
    </section>
  );
}

function Rule({ rule, found }: { rule: RuleView; found: LifecycleView }) {
  const words = useWords(lifecycle);
  const language = useLanguage();
  const stageTitle = (name: string) => (name === "*" ? words.any : (found.nodes.find((node) => node.name === name)?.title[language] ?? name));
  return (
    <li title={words.rule(rule.number)}>
      <p>{rule.triggers.map((one, index) => <span key={one.name}>{index ? " / " : ""}<Trigger trigger={one} /></span>)}</p>
      <dl className="kv">
        <dt>{words.from}</dt><dd>{rule.sources.map(stageTitle).join(language === "zh" ? "、" : ", ")}</dd>
        {rule.to ? <><dt>{words.to}</dt><dd>{stageTitle(rule.to)}</dd></> : null}
        {rule.when ? <><dt>{words.when}</dt><dd><code>{rule.when}</code></dd></> : null}
        {rule.does.length ? <><dt>{words.does}</dt><dd>{rule.does.map((one) => one.title[language]).join(language === "zh" ? "、" : ", ")}</dd></> : null}
        <dt>{words.by}</dt><dd>{rule.by.map((one) => one[language]).join(language === "zh" ? "、" : ", ")}</dd>
      </dl>
    </li>
  );
}

/** What sets a rule off: the blueprint's word for it, else ours, else its name. */
function Trigger({ trigger }: { trigger: TriggerView }) {
  const words = useWords(lifecycle);
  const language = useLanguage();
  const own = (words as unknown as Record<string, unknown>)[trigger.name];
  return <><span className="dim">{words[trigger.kind]}</span> <b>{trigger.title?.[language] ?? (typeof own === "string" ? own : trigger.name)}</b></>;
}

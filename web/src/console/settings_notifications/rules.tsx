/** The rules: when somebody is told, who, by what, and whether that reaches anybody now. */
import type { NotificationRule, NotificationRules, RuleStep } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { useTitles } from "@/shared/titles";
import { useLanguage, useWords } from "@/words/language";
import { notifications } from "@/words/notifications";
import { shared } from "@/words/shared";

type Words = (typeof notifications)["zh"] | (typeof notifications)["en"];

export function Rules({ found }: { found: NotificationRules }) {
  const words = useWords(notifications);
  return (
    <div className="col">
      {found.rules.map((rule) => <Rule key={rule.name} rule={rule} found={found} />)}
      <p className="dim">{words.fromFile(found.file)}</p>
    </div>
  );
}

/** What a recipient is called: a role, or whom the blueprint names. */
export function useCalled(found: NotificationRules | undefined): (name: string) => string {
  const title = useTitles();
  const language = useLanguage();
  const words = useWords(notifications);
  return (name) => {
    if (name === "owner") return words.owner;
    return found?.recipients.find((one) => one.name === name)?.title?.[language] ?? title("roles", name);
  };
}

function Rule({ rule, found }: { rule: NotificationRule; found: NotificationRules }) {
  const words = useWords(notifications);
  const lasted = useWords(shared).lasted;
  const language = useLanguage();
  const [first, ...rest] = rule.steps;
  return (
    <section className="card">
      <header><h2>{rule.title[language]}</h2>{rule.is_heard ? null : <Tag text={words.nobody} tone="warn" />}</header>
      <div className="body">
        <dl className="kv">
          <dt>{words.when}</dt><dd><When rule={rule} words={words} /></dd>
          {first ? <Step step={first} found={found} isHeard={rule.is_heard} /> : null}
          {rule.quiet ? <><dt>{words.quiet}</dt><dd>{words.hours(clock(rule.quiet.start), clock(rule.quiet.end))}</dd></> : null}
          {rule.throttle ? <><dt>{words.throttle}</dt><dd>{words.throttled(rule.throttle.at_most, lasted(rule.throttle.per_seconds))}</dd></> : null}
          {rest.map((step, index) => <Later key={index} step={step} found={found} isHeard={rule.is_heard} />)}
        </dl>
      </div>
    </section>
  );
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

function When({ rule, words }: { rule: NotificationRule; words: Words }) {
  const lasted = useWords(shared).lasted;
  const title = useTitles();
  const time = lasted(rule.after_seconds);
  const said = {
    case: words.t_case, not_taken: words.t_not_taken(time), backlog: words.t_backlog(rule.over), lifecycle: words.t_lifecycle, token_ends: words.t_token_ends(time),
  }[rule.trigger] ?? rule.trigger;
  const kinds = rule.trigger === "case" || rule.trigger === "not_taken" ? rule.names.map((name) => title("cases", name)) : rule.trigger === "lifecycle" ? rule.names : [];
  const grave = rule.severities.map((one) => (one === "low" || one === "medium" || one === "high" || one === "critical" ? words[one] : one));
  return <>{[said, ...(grave.length ? [words.grave(grave.join("/"))] : []), ...kinds].join(" · ")}</>;
}

function useReached(found: NotificationRules): (step: RuleStep) => string {
  const words = useWords(notifications);
  const called = useCalled(found);
  return (step) => step.reaches.map((one) => (one.recipient === "*" ? words.room(one.account) : `${called(one.recipient)} (${one.account})`)).join(words.comma);
}

function By({ step }: { step: RuleStep }) {
  const words = useWords(notifications);
  const title = useTitles();
  return <>{step.by.length ? step.by.map((one) => title("connectors", one)).join(words.comma) : words.anyone}</>;
}

interface StepProps {
  step: RuleStep;
  found: NotificationRules;
  /** Of a rule that reaches nobody at all its title says so, once. */
  isHeard: boolean;
}

function Step({ step, found, isHeard }: StepProps) {
  const words = useWords(notifications);
  const called = useCalled(found);
  const reached = useReached(found)(step);
  return (
    <>
      <dt>{words.who}</dt><dd>{step.who.map(called).join(words.comma)}</dd>
      <dt>{words.by}</dt><dd className="soft"><By step={step} /></dd>
      {isHeard ? <><dt>{words.reaches}</dt><dd className={reached ? "" : "warn"}>{reached || words.nobody}</dd></> : null}
    </>
  );
}

function Later({ step, found, isHeard }: StepProps) {
  const words = useWords(notifications);
  const lasted = useWords(shared).lasted;
  const called = useCalled(found);
  const reached = useReached(found)(step);
  return <><dt>{words.then(lasted(step.after_seconds))}</dt><dd>{step.who.map(called).join(words.comma)} {isHeard ? <span className={reached ? "dim" : "warn"}>{reached || words.nobody}</span> : null}</dd></>;
}

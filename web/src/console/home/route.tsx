/** The way of an order as a line of eleven verbs: how fast each goes, what waits before it, what stands still in it. */
import type { StageCount } from "@/api/generated/schema";
import { Phase } from "@/shared/cells";
import { count, countShort } from "@/shared/money";
import { To } from "@/shared/to";
import { address } from "@/shared/address";
import { home } from "@/words/home";
import { useLanguage, useWords } from "@/words/language";

type Verb = "land" | "translate" | "record" | "check" | "reserve" | "assign" | "dispatch" | "deliver" | "confirm" | "track" | "publish";
type Wait = "pending" | "parked" | "quarantined" | "blocked" | "onDisk";

/** What waits before a stage and what stands still in it, each with the page of its rows. */
const WAITS: Partial<Record<Verb, { backlog: [Wait, string]; stuck: [Wait, string] }>> = {
  land: { backlog: ["onDisk", "/messages"], stuck: ["quarantined", "/messages?state=quarantined"] },
  translate: { backlog: ["pending", "/messages?state=pending"], stuck: ["parked", "/messages?state=parked"] },
  reserve: { backlog: ["pending", "/orders"], stuck: ["blocked", "/orders?phase=blocked"] },
  deliver: { backlog: ["pending", "/deliveries?state=due"], stuck: ["parked", "/deliveries?state=parked"] },
  publish: { backlog: ["pending", "/deliveries?state=due"], stuck: ["parked", "/deliveries?state=parked"] },
};
const PHASES = ["new", "ready", "blocked", "amending", "held", "in_transit", "delivered", "failed", "returned", "cancelled"] as const;

export function Route({ stages, phases }: { stages: readonly StageCount[]; phases: Record<string, number> }) {
  const words = useWords(home);
  return (
    <section className="card home-route" aria-labelledby="home-route">
      <h2 id="home-route">{words.route} <small>{words.routeSub}</small></h2>
      <ol className="route">
        {stages.map((stage) => <Stage key={stage.verb} stage={stage} />)}
      </ol>
      <ul className="phases" aria-label={words.phases}>
        {PHASES.filter((phase) => phases[phase]).map((phase) => (
          <li key={phase}>
            <To href={address("/orders", { phase })} title={count(phases[phase] ?? 0)}><Phase phase={phase} /><Short n={phases[phase] ?? 0} /></To>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Short({ n }: { n: number }) {
  return <b className="figure">{countShort(n, useLanguage())}</b>;
}

function Stage({ stage }: { stage: StageCount }) {
  const words = useWords(home);
  const language = useLanguage();
  const verb = stage.verb as Verb;
  const waits = WAITS[verb] ?? { backlog: ["pending", ""] as [Wait, string], stuck: ["parked", ""] as [Wait, string] };
  const look = stage.stuck ? "stuck" : stage.backlog ? "waits" : stage.per_minute ? "moves" : "";
  return (
    <li className={look} title={stage.total === null ? undefined : words.total(count(stage.total))}>
      <i aria-hidden="true" />
      <span className="verb">{words[verb]}</span>
      <span className="rate dim">{stage.per_minute ? words.perMinute(countShort(stage.per_minute, language)) : ""}</span>
      <Chip n={stage.backlog} wait={waits.backlog} tone="" />
      <Chip n={stage.stuck} wait={waits.stuck} tone="warn" />
    </li>
  );
}

function Chip({ n, wait: [word, href], tone }: { n: number; wait: [Wait, string]; tone: "" | "warn" }) {
  const words = useWords(home);
  const language = useLanguage();
  if (!n) return null;
  return <To href={href} className={`tag ${tone}`} title={count(n)}>{words[word]} {countShort(n, language)}</To>;
}

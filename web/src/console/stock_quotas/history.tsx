/** What happened to a quota, in words, the newest first. */
import type { SubjectFact } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { count } from "@/shared/money";
import type { QuotaWords } from "@/words/quotas";

const number = (value: unknown) => (typeof value === "number" ? value : 0);

function happened(fact: SubjectFact, words: QuotaWords): string {
  const facts = fact.facts as Record<string, unknown>;
  switch (fact.kind) {
    case "quota_planned": return words.h_quota_planned(count(number(facts["quantity"])));
    case "quota_opened": return words.h_quota_opened(count(number(facts["kept"])));
    case "quota_filled": return words.h_quota_filled(count(number(facts["units"])));
    case "quota_resized": return words.h_quota_resized(count(number(facts["quantity"])), turned(number(facts["units"]), words));
    case "quota_closed": return words.h_quota_closed(count(number(facts["given_back"])));
    default: return fact.kind;
  }
}

function turned(units: number, words: QuotaWords): string {
  if (units === 0) return words.same;
  return units > 0 ? words.keptMore(count(units)) : words.fewer(count(-units));
}

/** People by their name; a clock of the hub is the hub. */
const by = (actor: string, words: QuotaWords) => (actor.includes(":") ? actor.slice(actor.indexOf(":") + 1) : words.byHub);

export function History({ facts, words }: { facts: readonly SubjectFact[]; words: QuotaWords }) {
  return (
    <ol className="past">
      {facts.toReversed().map((fact) => {
        const { reason } = fact.facts as { reason?: unknown };
        return (
          <li key={fact.seq}>
            <When at={fact.at} /> <b>{happened(fact, words)}</b> <span className="soft">{by(fact.actor, words)}</span>
            {typeof reason === "string" && reason ? <span className="soft"> · {reason}</span> : null}
          </li>
        );
      })}
    </ol>
  );
}

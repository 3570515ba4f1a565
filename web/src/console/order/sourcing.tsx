/** Why the order goes as it does: the warehouses that were looked at, what their carriers said, what is promised. */
import type { OrderDetail, Routing } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { sourcing } from "@/words/sourcing";
import { useRouting } from "./queries";

type Candidate = Routing["decisions"][number]["candidates"][number];

export function Sourcing({ found }: { found: OrderDetail }) {
  const words = useWords(bilingual) as OrderWords;
  const { decision } = found;
  const routing = useRouting(found.order.number, found.order.event_count, decision !== null);
  const latest = routing.data?.decisions.at(-1);
  const told = new Map(latest?.candidates.map((one) => [one.warehouse, one]));
  return (
    <section className="card">
      <h2>{words.sourcing} {decision ? <small title={decision.rule}>{words.ruleVersion(decision.rule.split("@").at(-1) ?? "")}{latest?.arm ? ` · ${latest.arm}` : ""}</small> : null}</h2>
      <div className="body">
        {decision ? (
          <ul className="stack">
            {decision.candidates.map((one) => {
              const known = words[`v_${one.verdict}` as keyof OrderWords];
              return (
                <li key={one.warehouse}>
                  <span className="line">
                    <span className="mono">{one.warehouse}</span><span className="grow" />
                    <span className="soft">{words.verdict(typeof known === "string" ? known : one.verdict, one.distance_km)}{Object.entries(one.missing).map(([sku, count]) => ` ${words.missingUnits(sku, count)}`)}</span>
                  </span>
                  <Services candidate={told.get(one.warehouse)} />
                </li>
              );
            })}
          </ul>
        ) : <p className="dim">{words.sourcingNone}</p>}
        {routing.data ? <Promises routing={routing.data} /> : null}
      </div>
    </section>
  );
}

function Services({ candidate }: { candidate: Candidate | undefined }) {
  const words = useWords(sourcing);
  return candidate?.services.map((one) => {
    const known = words[`s_${one.verdict}` as keyof typeof words];
    return (
      <span key={one.service} className="line dim">
        <span>{words.service(one.service, typeof known === "string" ? known : one.verdict)} {one.stop}</span><span className="grow" />{one.promised_at ? <When at={one.promised_at} /> : null}
      </span>
    );
  });
}

function Promises({ routing }: { routing: Routing }) {
  const words = useWords(sourcing);
  return routing.promises.map((one) => (
    <p key={one.seq} className="line">
      <span>{words.promised} {one.service}{one.was ? ` · ${one.refused_by ? words.refusedBy(one.refused_by) : words.moved(one.stop)}` : ""}</span><span className="grow" /><When at={one.promised_at} />
    </p>
  ));
}

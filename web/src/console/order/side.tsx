/** The cards beside the order: limits, parcels, holds, what cannot be done and why, sourcing, vouchers. */
import { Link } from "@tanstack/react-router";
import type { ActionView, OrderDetail } from "@/api/generated/schema";
import { Limit, Tag, When } from "@/shared/cells";
import { actor } from "@/shared/happened";
import { useTitles } from "@/shared/titles";
import { useLanguage, useWords } from "@/words/language";
import type { Language } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { limitTitle, title } from "./facts";
import { verbWord } from "./head";
import { Receiver } from "./receiver";
import { Sourcing } from "./sourcing";

interface Found {
  found: OrderDetail;
}

export function Side({ found }: Found) {
  return (
    <aside className="col">
      <Receiver found={found} />
      <Limits found={found} />
      {found.parcels.map((parcel) => <Parcel key={parcel.no} parcel={parcel} found={found} />)}
      <Holds found={found} />
      <NotAllowed found={found} />
      <Sourcing found={found} />
      <Vouchers found={found} />
    </aside>
  );
}

function Limits({ found }: Found) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const limits = found.explained?.limits ?? [];
  return (
    <section className="card" id="limits">
      <h2>{words.limits}</h2>
      <div className="body">
        {limits.length === 0 ? <p className="dim">{words.noLimits}</p> : (
          <ul className="stack">
            {limits.map((one) => <li key={`${one.kind}-${one.subject}-${one.due_at}`} className="line"><span>{limitTitle(one, found, words, language)}</span><span className="grow" /><Limit due={one.due_at} began={one.since} /></li>)}
          </ul>
        )}
      </div>
    </section>
  );
}

function stateWord(state: string, words: OrderWords): string {
  const word = words[`st_${state}` as keyof OrderWords];
  return typeof word === "string" ? word : state;
}

function Parcel({ parcel, found }: Found & { parcel: OrderDetail["parcels"][number] }) {
  const words = useWords(bilingual) as OrderWords;
  const name = useTitles();
  const works = found.works.filter((work) => parcel.items.some((item) => item.work_seq === work.seq));
  const tone = parcel.state === "label_ready" ? "warn" : ["exception", "lost", "returning", "returned"].includes(parcel.state) ? "bad" : parcel.state === "delivered" ? "good" : "brand";
  return (
    <section className="card">
      <h2>{words.parcel(parcel.no)} <small>{name("carriers", parcel.carrier)}</small></h2>
      <div className="body">
        <dl className="kv">
          <dt>{words.waybill}</dt><dd className="mono">{parcel.waybill || words.noWaybill}</dd>
          <dt>{words.state}</dt><dd><Tag text={stateWord(parcel.state, words)} tone={tone} /> {parcel.is_replaced ? <Tag text={words.replaced} /> : null}</dd>
          {works.length > 0 ? <><dt>{words.warehouse}</dt><dd>{works.map((work) => `${work.warehouse} · ${work.number}`).join("、")}</dd></> : null}
          <dt>{words.lastNews}</dt><dd><When at={parcel.heard_at} /></dd>
        </dl>
        {parcel.scans.length > 0 ? (
          <details>
            <summary>{words.track}</summary>
            <ol className="order-track">{parcel.scans.toReversed().map((scan) => <li key={`${scan.occurred_at}-${scan.code}`}><When at={scan.occurred_at} /> {scan.text || scan.milestone} <span className="dim">{scan.location}</span></li>)}</ol>
          </details>
        ) : null}
      </div>
    </section>
  );
}

function Holds({ found }: Found) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const standing = found.holds.filter((one) => !one.released_at);
  if (standing.length === 0) return null;
  return (
    <section className="card">
      <h2>{words.holds}</h2>
      <ul className="body stack">
        {standing.map((one) => <li key={one.no}><Tag text={title(found, `hold:${one.type}`, language)} tone="held" /> {one.reason}<div className="dim">{actor(one.placed_by, words)} · <When at={one.placed_at} /></div></li>)}
      </ul>
    </section>
  );
}

function whyNot(one: ActionView, found: OrderDetail, words: OrderWords, language: Language, name: ReturnType<typeof useTitles>): string {
  const why = one.why_not;
  const stage = why?.facts["stage"];
  if (why?.code === "too_late" && stage) return words.notThisStep(title(found, `stage:${stage}`, language));
  const roles = why?.facts["roles"];
  if (why?.code === "not_allowed" && roles) return words.notYours(roles.split(", ").map((role) => name("roles", role)));
  return why?.[language] || why?.code || "";
}

function NotAllowed({ found }: Found) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const name = useTitles();
  const refused = found.offers.filter((one) => !one.is_allowed && one.why_not && one.why_not.code !== "no_such_hold");
  if (refused.length === 0) return null;
  return (
    <section className="card">
      <h2>{words.notAllowed} <small>{words.notAllowedMeans}</small></h2>
      <dl className="kv body">
        {refused.map((one) => [<dt key={`${one.verb}-t`}>{verbWord(one.verb, words)}</dt>, <dd key={`${one.verb}-d`}>{whyNot(one, found, words, language, name)}</dd>])}
      </dl>
    </section>
  );
}

function Vouchers({ found }: Found) {
  const words = useWords(bilingual) as OrderWords;
  return (
    <section className="card" id="vouchers">
      <h2>{words.vouchers} <small>{words.count(found.vouchers.length)}</small><span className="grow" /><Link className="order-link" to={"." as never} search={((before: object) => ({ ...before, tab: "voucher" })) as never}>{words.compare}</Link></h2>
      <ul className="body stack">
        {found.vouchers.slice(-5).toReversed().map((one) => <li key={one.id} className="line"><span className="cut">{one.account} {one.topic}</span><span className="grow" /><When at={one.received_at} /></li>)}
      </ul>
    </section>
  );
}

/** The order's name, where it stands in one sentence, what may be done, and its open cases. */
import { Button, Dropdown } from "antd";
import { Link } from "@tanstack/react-router";
import { MoreHorizontal, TriangleAlert } from "lucide-react";
import type { ActionView, OrderDetail } from "@/api/generated/schema";
import { CopyButton, Limit, Phase, Tag } from "@/shared/cells";
import { useIsPhone } from "@/shared/phone";
import { useTitles } from "@/shared/titles";
import { when } from "@/shared/when";
import { useLanguage, useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { sentence, title } from "./facts";
import { ACTS } from "./search";
import type { Verb } from "./search";
import { OrderTags } from "./tags";

const SHOWN_MAX = 3;
const VERBS: readonly Verb[] = [...ACTS, "correct"];

export function verbWord(verb: string, words: OrderWords): string {
  const found = words[`a_${verb}` as keyof OrderWords];
  return typeof found === "string" ? found : verb;
}

export function Head({ found, onAct, place }: { found: OrderDetail; onAct: (act: Verb) => void; place?: React.ReactNode }) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const isPhone = useIsPhone();
  const { order } = found;
  return (
    <>
      <nav className="crumb" aria-label={words.orders}>
        <Link to={"/orders" as never}>{words.orders}</Link><span aria-hidden="true">/</span><span className="mono">{order.number}</span><span className="grow" />{place}
      </nav>
      <header className="head order-head">
        <h1 className="mono">{order.number}</h1>
        <CopyButton text={order.number} label={words.copyNumber} />
        <Phase phase={order.phase} />
        <Tag text={title(found, `stage:${order.stage}`, language)} />
        <OrderTags found={found} />
        <span className="grow" />
        {isPhone ? null : <Acts offers={found.offers} onAct={onAct} />}
      </header>
      <Sentence found={found} />
      {found.cases.filter((one) => !one.resolved_at).map((one) => <Case key={one.id} one={one} found={found} />)}
      {isPhone ? <div className="order-foot"><Acts offers={found.offers} onAct={onAct} /></div> : null}
    </>
  );
}

function Sentence({ found }: { found: OrderDetail }) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const name = useTitles();
  const { order } = found;
  const says = (found.explained?.say ?? []).map((say) => sentence(say, found, words, language, (code) => name("carriers", code)));
  return (
    <p className="say" data-testid="say">
      {name("connectors", order.channel)} {order.account} · {words.channelNumber} <span className="mono">{order.external_number || order.external_id}</span> · {words.placedAt(when(order.placed_at, language))}
      {language === "zh" ? "，" : ", "}{order.paid_at ? words.paidAt(when(order.paid_at, language)) : words.notPaid}{language === "zh" ? "。" : ". "}
      <b>{says[0]}</b> {says.slice(1).join(language === "zh" ? "" : " ")}
    </p>
  );
}

/** What ends an order or takes its goods back is asked for by somebody: it is offered, never urged. */
const NEVER_URGED: ReadonlySet<Verb> = new Set<Verb>(["cancel", "accept_return"]);

/** The server's first allowed action is the main one; what is left over is under a menu. */
function Acts({ offers, onAct }: { offers: readonly ActionView[]; onAct: (act: Verb) => void }) {
  const words = useWords(bilingual) as OrderWords;
  const allowed = [...new Set(offers.filter((one) => one.is_allowed).map((one) => one.verb))].filter((verb): verb is Verb => VERBS.some((one) => one === verb));
  const [first, ...others] = allowed;
  if (!first) return null;
  const shown = others.slice(0, SHOWN_MAX - 1);
  const rest = others.slice(SHOWN_MAX - 1);
  return (
    <div className="do">
      {shown.toReversed().map((verb) => <Button key={verb} onClick={() => onAct(verb)}>{verbWord(verb, words)}</Button>)}
      {rest.length > 0 ? (
        <Dropdown trigger={["click"]} menu={{ items: rest.map((verb) => ({ key: verb, label: verbWord(verb, words) })), onClick: ({ key }) => onAct(key as Verb) }}>
          <Button aria-label={words.all} icon={<MoreHorizontal aria-hidden="true" />} />
        </Dropdown>
      ) : null}
      <Button type={NEVER_URGED.has(first) ? "default" : "primary"} onClick={() => onAct(first)}>{verbWord(first, words)}</Button>
    </div>
  );
}

function Case({ one, found }: { one: OrderDetail["cases"][number]; found: OrderDetail }) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const name = useTitles();
  return (
    <div className="alert warn">
      <TriangleAlert aria-hidden="true" className="warn" />
      <div>
        <b>{title(found, `case:${one.kind}`, language)}</b> {words.owner} {name("roles", one.owner)} <Limit due={one.due_at} began={one.opened_at} />
        <div className="soft">{title(found, `mend:${one.kind}`, language)}</div>
      </div>
      <div className="do"><Link to={"/cases/$id" as never} params={{ id: one.id } as never}>{words.seeCase}</Link></div>
    </div>
  );
}

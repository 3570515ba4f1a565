/** The first sentence: today's orders, what waits for me, whether every message is accounted for. */
import type { Home } from "@/api/generated/schema";
import { count } from "@/shared/money";
import { To } from "@/shared/to";
import { home } from "@/words/home";
import { useLanguage, useWords } from "@/words/language";

export function Say({ found }: { found: Home }) {
  const words = useWords(home);
  const [comma, stop] = useLanguage() === "zh" ? ["，", "。"] : [", ", "."];
  const { orders, waiting, overdue, lost, spooled } = found.say;
  return (
    <p className="say home-say">
      <To href="/orders?placed=today"><b>{words.ordersToday(count(orders))}</b></To>{comma}
      {waiting ? <To href="/cases?owner=me"><b>{words.waitsForYou(count(waiting))}</b></To> : words.nothingWaits}
      {overdue ? <span className="bad">{comma}<To href="/cases?owner=me&due=overdue">{words.overdueOf(count(overdue))}</To></span> : null}
      {found.accounting ? <>{comma}<Whole isWhole={found.say.code !== "lost"} lost={lost} /></> : null}
      {spooled ? <>{comma}<span className="warn">{words.spooled(count(spooled))}</span></> : null}{stop}
    </p>
  );
}

function Whole({ isWhole, lost }: { isWhole: boolean; lost: number }) {
  const words = useWords(home);
  if (isWhole) return <To href="/messages" className="good">{words.balanced}</To>;
  return <b className="bad">{lost ? words.lost(count(lost)) : words.unbalanced} — {words.callDoctor}</b>;
}

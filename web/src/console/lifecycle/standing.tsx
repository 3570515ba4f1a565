/** How many orders stand in a stage, the median of how long, and how many longer than its limit. */
import type { Standing as Numbers } from "@/api/generated/schema";
import { count, countShort } from "@/shared/money";
import { lifecycle } from "@/words/lifecycle";
import { useLanguage, useWords } from "@/words/language";
import { shared } from "@/words/shared";

export function Standing({ standing: one }: { standing: Numbers }) {
  const words = useWords(lifecycle);
  const time = useWords(shared);
  const language = useLanguage();
  const n = countShort(one.orders, language);
  return (
    <span className="standing">
      <b className={one.orders ? "figure" : "figure dim"} title={count(one.orders)}>{one.is_more ? words.more(n) : words.orders(n)}</b>
      {one.median_seconds === null || one.median_seconds === undefined ? null : <span className="dim">{words.median(time.lasted(one.median_seconds))}</span>}
      {one.overdue ? <span className="bad">{words.over(countShort(one.overdue, language))}</span> : null}
    </span>
  );
}

/** What waits for the one who looks: how much, how urgent, and the way into the first of it. */
import { Button } from "antd";
import { useRouter } from "@tanstack/react-router";
import type { MyWork } from "@/api/generated/schema";
import { Limit, When } from "@/shared/cells";
import { count } from "@/shared/money";
import { To, useOpens } from "@/shared/to";
import { home } from "@/words/home";
import { useWords } from "@/words/language";

const MINE = "/cases?owner=me";

export function Mine({ mine }: { mine: MyWork }) {
  const words = useWords(home);
  const router = useRouter();
  const opens = useOpens();
  return (
    <section className="card home-mine" aria-labelledby="home-mine">
      <h2 id="home-mine">{words.mine}</h2>
      <div className="body stack">
        {mine.waiting === 0 ? <p className="dim">{words.mineEmpty}</p> : (
          <>
            <ul className="tiles">
              <Tile href={MINE} number={mine.waiting} text={words.waiting} />
              <Tile href={`${MINE}&due=soon`} number={mine.due} text={words.due} look={mine.due ? "warn" : ""} />
              <Tile href={`${MINE}&due=overdue`} number={mine.overdue} text={words.overdue} look={mine.overdue ? "bad" : ""} />
            </ul>
            <dl className="kv">
              <dt>{words.nextDue}</dt><dd><Limit due={mine.next_due_at} began={mine.oldest_at} /></dd>
              <dt>{words.oldestSince}</dt><dd><When at={mine.oldest_at} /></dd>
            </dl>
            {opens("/cases") ? <Button type="primary" block onClick={() => void router.navigate({ href: MINE })}>{words.next}</Button> : null}
          </>
        )}
      </div>
    </section>
  );
}

function Tile({ href, number, text, look = "" }: { href: string; number: number; text: string; look?: "" | "warn" | "bad" }) {
  return (
    <li>
      <To href={href} className={`tile ${look}`}><b>{count(number)}</b><span>{text}</span></To>
    </li>
  );
}

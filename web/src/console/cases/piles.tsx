/** The queue by kind: how many, how much, how old. One mend often ends many, so a kind's causes stand below it. */
import type { CaseKinds } from "@/api/generated/schema";
import { Limit } from "@/shared/cells";
import { causeText } from "@/shared/fault";
import { useTitles } from "@/shared/titles";
import { useLanguage, useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { worth } from "./line";
import type { Search } from "./search";

export function Piles({ kinds, here, go }: { kinds: CaseKinds | undefined; here: Search; go: (change: Partial<Search>) => void }) {
  const words = useWords(cases);
  const title = useTitles();
  const language = useLanguage();
  if (!kinds || kinds.kinds.length === 0) return null;
  return (
    <nav className="piles" aria-label={words.kinds}>
      <button type="button" className={here.kind ? "" : "on"} onClick={() => go({ kind: undefined, cause: undefined })}>
        <span className="line"><b>{words.all}</b>{" "}<span className="figure">{kinds.count}</span></span>
      </button>
      {kinds.kinds.map((pile) => (
        <div key={pile.kind}>
          <button type="button" className={here.kind === pile.kind ? "on" : ""} aria-current={here.kind === pile.kind} onClick={() => go({ kind: pile.kind, cause: undefined })}>
            <span className="line"><b className="cut" title={title("cases", pile.kind)}>{title("cases", pile.kind)}</b><span className="figure">{pile.count}</span></span>
            <span className="line dim"><span>{pile.messages > 0 ? words.messages(pile.messages) : ""}</span><span className="figure cut" title={worth(pile.money)}>{worth(pile.money)}</span><Limit due={pile.due_at} /></span>
          </button>
          {here.kind === pile.kind && pile.causes.length > 1 ? pile.causes.map((cause) => (
            <button key={cause.cause} type="button" className={`cause ${here.cause === cause.cause ? "on" : ""}`} onClick={() => go({ cause: cause.cause })}>
              <span className="line"><span className="cut" title={causeText(cause.cause, language)}>{causeText(cause.cause, language)}</span>{" "}<span className="figure">{cause.count}</span></span>
            </button>
          )) : null}
        </div>
      ))}
    </nav>
  );
}

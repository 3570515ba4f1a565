/** What a case says in one line, and what it is worth. */
import type { CaseView, Stake } from "@/api/generated/schema";
import { causeText, factsText, faultText } from "@/shared/fault";
import { money } from "@/shared/money";
import { useTitles } from "@/shared/titles";
import { useLanguage, useWords, oneLanguage } from "@/words/language";
import { cases } from "@/words/cases";

export function useLine(): (row: CaseView) => string {
  const words = useWords(cases);
  const language = useLanguage();
  const title = useTitles();
  return ({ line }) => {
    const told = line.facts as Record<string, string | number | null>;
    const text = (name: string) => String(told[name] ?? "");
    const mend = text("mend").includes(" | ") ? oneLanguage(text("mend"), language) : (text("mend").split(" / ")[language === "zh" ? 0 : 1] ?? text("mend"));
    switch (line.code) {
      case "problem": return words.lineProblem(text("value"), mend);
      case "group": return words.lineGroup(causeText(text("cause"), language));
      case "amounts": return language === "zh" ? text("zh") || words.lineAmounts : text("en") || words.lineAmounts;
      case "told": return text(language);
      case "answer": return words.lineAnswer(text("to"), faultText(`${text("error")}: ${text("message")}`, language));
      case "waybill": return words.lineWaybill(text("known"), text("told"));
      case "stock": return words.lineStock(text("sku"), text("warehouse"));
      case "stage": return words.lineStage(title("stages", text("stage")));
      case "refused": return `${words.lineWork(text("work"))} · ${faultText(`${text("error")}: ${text("message")}`, language)}`;
      case "work": return words.lineWork(text("work"));
      default: return factsText(told, language);
    }
  };
}

export function worth(stakes: readonly Stake[]): string {
  return stakes.flatMap((one) => (one.amount === null ? [] : [money(one.amount, one.currency)])).join(" · ");
}

/** What a case says in one line, and what it is worth. */
import type { CaseView, Stake } from "@/api/generated/schema";
import { money } from "@/shared/money";
import { useLanguage, useWords, oneLanguage } from "@/words/language";
import { cases } from "@/words/cases";

export function useLine(): (row: CaseView) => string {
  const words = useWords(cases);
  const language = useLanguage();
  return ({ line }) => {
    const told = line.facts as Record<string, string | number>;
    const text = (name: string) => String(told[name] ?? "");
    const mend = text("mend").includes(" | ") ? oneLanguage(text("mend"), language) : (text("mend").split(" / ")[language === "zh" ? 0 : 1] ?? text("mend"));
    switch (line.code) {
      case "problem": return words.lineProblem(text("value"), mend);
      case "group": return words.lineGroup(text("cause"));
      case "amounts": return language === "zh" ? text("zh") || words.lineAmounts : text("en") || words.lineAmounts;
      case "told": return text(language);
      case "answer": return words.lineAnswer(text("to"), text("error"));
      case "waybill": return words.lineWaybill(text("known"), text("told"));
      case "stock": return words.lineStock(text("sku"), text("warehouse"));
      case "stage": return words.lineStage(text("stage"));
      case "refused": case "work": return words.lineWork(text("work"));
      default: return Object.entries(told).filter(([name]) => name !== "order").map(([, value]) => String(value)).join(" · ");
    }
  };
}

export function worth(stakes: readonly Stake[]): string {
  return stakes.flatMap((one) => (one.amount === null ? [] : [money(one.amount, one.currency)])).join(" · ");
}

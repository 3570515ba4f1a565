/** What came of an act, said once: that it is done, with what may be mistyped, or why not. */
import { App } from "antd";
import { asProblem } from "@/api/problem";
import { oneLanguage, useLanguage } from "@/words/language";

export function useTold() {
  const { message } = App.useApp();
  const language = useLanguage();
  return {
    done: (text: string, doubts: readonly { zh: string; en: string }[]) => {
      void message.success(text);
      for (const one of doubts.slice(0, 3)) void message.warning(one[language]);
    },
    failed: (error: unknown) => void message.error(oneLanguage(asProblem(error).detail, language)),
  };
}

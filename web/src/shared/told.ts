/** Says in a toast how one's own act ended. */
import { useMemo } from "react";
import { App } from "antd";
import { asProblem } from "@/api/problem";
import { oneLanguage, useLanguage } from "@/words/language";

interface Told {
  done: (text: string) => void;
  /** Done, but not all of it or not without a doubt. */
  warn: (text: string) => void;
  failed: (error: unknown) => void;
  /** What went wrong, to stand beside a field. */
  wrong: (error: unknown) => string;
}

export function useTold(): Told {
  const language = useLanguage();
  const { message } = App.useApp();
  return useMemo(() => {
    const wrong = (error: unknown) => oneLanguage(asProblem(error).detail, language);
    return {
      wrong,
      failed: (error: unknown) => void message.error(wrong(error)),
      done: (text: string) => void message.success(text),
      warn: (text: string) => void message.warning(text),
    };
  }, [message, language]);
}

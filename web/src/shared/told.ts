/** Says in a toast how one's own act ended. */
import { App } from "antd";
import { asProblem } from "@/api/problem";
import { oneLanguage, useLanguage } from "@/words/language";

export function useTold(): { failed: (error: unknown) => void; done: (text: string) => void; wrong: (error: unknown) => string } {
  const language = useLanguage();
  const { message } = App.useApp();
  const wrong = (error: unknown) => oneLanguage(asProblem(error).detail, language);
  return {
    wrong,
    failed: (error) => void message.error(wrong(error)),
    done: (text) => void message.success(text),
  };
}

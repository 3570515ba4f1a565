/** What was done at once and is taken back with one click: told for six seconds. */
import { App, Button } from "antd";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";

const SHOWN_SECONDS = 6;
const KEY = "undo";

export function useUndo(): (text: string, undo: () => void) => void {
  const { message } = App.useApp();
  const words = useWords(shared);
  return (text, undo) => {
    const back = () => {
      message.destroy(KEY);
      undo();
    };
    void message.open({ key: KEY, type: "success", duration: SHOWN_SECONDS, content: <>{text} <Button type="link" size="small" onClick={back}>{words.undo}</Button></> });
  };
}

/** Says what an act means before it is done: the act by its name, or leave it. */
import { Button } from "antd";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";

interface AskProps {
  means: string;
  act: string;
  isBusy: boolean;
  onAct: () => void;
  onLeave: () => void;
}

export function Ask({ means, act, isBusy, onAct, onLeave }: AskProps) {
  const words = useWords(shared);
  return (
    <div className="alert warn" role="group" aria-label={act}>
      <p>{means}</p>
      <div className="do">
        <Button danger loading={isBusy} onClick={onAct}>{act}</Button>
        <Button onClick={onLeave}>{words.cancel}</Button>
      </div>
    </div>
  );
}

/** What becomes of the messages that came while an account was only watched: all through, or only from now on. */
import { useWords } from "@/words/language";
import { connections } from "@/words/connections";

export type Seen = "process" | "set_aside";

export function LiveChoice({ waiting, seen, onChoose }: { waiting: number; seen: Seen; onChoose: (seen: Seen) => void }) {
  const words = useWords(connections);
  const choices = [["set_aside", words.liveAside, words.liveAsideMeans], ["process", words.liveProcess, words.liveProcessMeans]] as const;
  return (
    <fieldset className="bare-set stack">
      <legend>{words.liveQuestion} <span className="dim">{words.messages(words.many(waiting))}</span></legend>
      {choices.map(([value, title, means]) => (
        <button key={value} type="button" aria-pressed={seen === value} className={`choice ${seen === value ? "on" : ""}`} onClick={() => onChoose(value)}>
          <b>{title}</b><span className="dim">{means}</span>
        </button>
      ))}
    </fieldset>
  );
}

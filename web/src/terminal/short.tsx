/** Why a place lacks what it should have: four buttons, none of which needs aim. */
import { useWords } from "@/words/language";
import { terminal as said } from "@/words/terminal";

const REASONS = ["empty", "fewer", "damaged", "wrong_lot"] as const;

export function Short({ onShort, onBack }: { onShort: (reason: string) => void; onBack: () => void }) {
  const words = useWords(said);
  return (
    <main className="sheet">
      <h1>{words.shortWhy}</h1>
      {REASONS.map((reason) => <button type="button" key={reason} className="big-button" onClick={() => onShort(reason)}>{words[reason]}</button>)}
      <button type="button" className="big-button on" onClick={onBack}>{words.back}</button>
    </main>
  );
}

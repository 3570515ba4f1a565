/** The box at hand on the scale, and what it is packed into; who leads may let one go that is off, with a reason. */
import { useState } from "react";
import { bench as said } from "@/words/bench";
import { useWords } from "@/words/language";
import type { Box } from "./bench";
import type { Terminal, View } from "./terminal";

const GRAMS = /^\d{1,7}$/;

export function BoxAtHand({ terminal, view, at }: { terminal: Terminal; view: View; at: Box | undefined }) {
  const words = useWords(said);
  const [grams, setGrams] = useState("");
  if (!at) return null;
  const { box } = at;
  const work = box.work.work;
  const materials = view.list?.materials ?? [];
  const weigh = () => { if (GRAMS.test(grams)) void terminal.say("weighed", work, grams).then(() => setGrams("")); };
  return (
    <section data-testid="at-hand">
      <h2>{words.atHand} <code>{work}</code></h2>
      <form className="scale" onSubmit={(event) => { event.preventDefault(); weigh(); }}>
        <label className="typed">{words.grams}<input value={grams} inputMode="numeric" maxLength={7} onChange={(event) => setGrams(event.target.value.trim())} /></label>
        <button type="submit" className="big-button" disabled={!GRAMS.test(grams)}>{words.weigh}</button>
      </form>
      <p>{(box.weight_g ?? 0) > 0 ? words.weighed(box.weight_g) : words.unweighed}</p>
      {materials.length > 0 ? <h2>{words.material}</h2> : null}
      <div className="stations">
        {materials.map(({ code, name }) => (
          <button type="button" key={code} aria-pressed={code === box.material} className={code === box.material ? "on" : code === box.fits && !box.material ? "fits" : ""} onClick={() => void terminal.say("packed_in", work, code)}>
            {name || code}{code === box.fits && !box.material ? <small>{words.fits}</small> : null}
          </button>
        ))}
      </div>
    </section>
  );
}

/** A box whose weight is off: operations say why it leaves all the same. */
export function LetGo({ terminal, work, grams }: { terminal: Terminal; work: string; grams: string }) {
  const words = useWords(said);
  const [note, setNote] = useState("");
  return (
    <form className="scale" onSubmit={(event) => { event.preventDefault(); void terminal.say("weighed", work, grams, { note: note.trim() }); }}>
      <label className="typed">{words.why}<input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} /></label>
      <button type="submit" className="big-button" disabled={!note.trim()}>{words.letGo}</button>
    </form>
  );
}

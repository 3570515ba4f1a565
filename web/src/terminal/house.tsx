/** In which warehouse somebody works: those of their rights, else the one whose code they type. */
import { useState } from "react";
import { useWords } from "@/words/language";
import { terminal as said } from "@/words/terminal";
import type { Terminal, View } from "./terminal";

export function House({ terminal, view }: { terminal: Terminal; view: View }) {
  const words = useWords(said);
  const [typed, setTyped] = useState(view.house);
  return (
    <main className="pda still">
      <h1>{words.chooseHouse}</h1>
      {view.trouble ? <p role="alert" className="strip bad">{view.trouble}</p> : null}
      {view.houses.map((code) => <button type="button" key={code} className="big-button" onClick={() => void terminal.enter(code)}>{code}</button>)}
      {view.houses.length === 0 ? (
        <form onSubmit={(event) => { event.preventDefault(); void terminal.enter(typed.trim()); }}>
          <label className="typed">{words.houseCode}<input value={typed} autoFocus maxLength={40} autoCapitalize="none" onChange={(event) => setTyped(event.target.value)} /></label>
          <button type="submit" className="big-button on" disabled={!typed.trim()}>{words.enter}</button>
        </form>
      ) : null}
      <a className="big-button" href="/">{words.console}</a>
    </main>
  );
}

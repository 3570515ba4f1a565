/** The field that scanners type into: unseen, always focused, without a keyboard on the screen. */
import { useEffect, useEffectEvent, useRef } from "react";
import { useWords } from "@/words/language";
import { terminal as said } from "@/words/terminal";
import { WedgeReader } from "./wedge";

export function ScanField({ onCode }: { onCode: (code: string) => void }) {
  const words = useWords(said);
  const field = useRef<HTMLTextAreaElement>(null);
  const tell = useEffectEvent(onCode);
  useEffect(() => (field.current ? listen(field.current, (code) => tell(code)) : undefined), []);
  return <textarea ref={field} className="scan-field" rows={1} inputMode="none" autoComplete="off" autoCapitalize="off" spellCheck={false} aria-label={words.scanField} />;
}

/** Until the returned function is called. */
function listen(field: HTMLTextAreaElement, tell: (code: string) => void): () => void {
  const undo: (() => void)[] = [];
  const reader = new WedgeReader((code) => {
    field.value = "";
    tell(code);
  });
  const read = (isComposing: boolean) => {
    const left = reader.read(field.value, isComposing);
    if (left !== field.value) field.value = left;
  };
  // Whoever types into another field of the page is let do so.
  const focus = () => setTimeout(() => { if (!(document.activeElement instanceof HTMLInputElement)) field.focus({ preventScroll: true }); });
  const on = (target: EventTarget, name: string, act: (event: Event) => void) => {
    target.addEventListener(name, act);
    undo.push(() => target.removeEventListener(name, act));
  };
  for (const name of ["focusout", "click", "visibilitychange"]) on(document, name, focus);
  on(field, "input", (event) => read((event as InputEvent).isComposing));
  on(field, "compositionend", () => read(false));
  on(field, "keydown", (event) => {
    const { key, isComposing } = event as KeyboardEvent;
    if (isComposing || (key !== "Enter" && key !== "Tab")) return;
    event.preventDefault();
    reader.end();
  });
  focus();
  return () => undo.forEach((one) => one());
}

/**
 * Reads what a scanner types: text, usually with Enter or Tab after it, else with silence after it.
 *
 * It looks at the field's text alone and never at keys: some keyboards tell of every key that it is number 229, or hand
 * over a whole code at once. Codes are told apart by their terminator, so that quick ones are neither cut nor glued.
 */
export const SILENCE_MS = 80;
const ENDS = /[\r\n\t]/;

export class WedgeReader {
  private rest = "";
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (code: string) => void, private readonly silence = SILENCE_MS) {}

  /** The field's text as it is now; what is to stay in it. An unfinished word of an input method waits for its end. */
  read(text: string, isComposing = false): string {
    clearTimeout(this.timer);
    this.rest = text;
    if (isComposing) return text;
    const parts = text.split(ENDS);
    this.rest = parts.pop() ?? "";
    parts.forEach((one) => this.say(one));
    if (this.rest) this.timer = setTimeout(() => this.end(), this.silence);
    return this.rest;
  }

  /** Its terminator came as a key, or silence did: what was read is a code. */
  end(): void {
    clearTimeout(this.timer);
    const code = this.rest;
    this.rest = "";
    this.say(code);
  }

  private say(code: string): void {
    if (code.trim()) this.tell(code);
  }
}

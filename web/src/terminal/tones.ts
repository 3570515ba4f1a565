/** What a terminal sounds and feels like: right one high tone, wrong two low ones, done three that rise. Made here, of no files. */
export type Tone = "right" | "wrong" | "done" | "tick";

const HERTZ: Record<Tone, readonly number[]> = { right: [1_760], wrong: [220, 165], done: [880, 1_175, 1_568], tick: [660] };
const SECONDS: Record<Tone, number> = { right: 0.09, wrong: 0.26, done: 0.12, tick: 0.04 };
const SHAKES: Record<Tone, number[]> = { right: [40], wrong: [220, 80, 220], done: [40, 40, 40], tick: [] };
let sound: AudioContext | null = null;

/** Browsers let a page sound after its first tap alone. */
export function unlockTones(): void {
  if (typeof AudioContext === "undefined") return;
  sound ??= new AudioContext();
  void sound.resume().catch(() => undefined);
}

export function play(tone: Tone): void {
  if (SHAKES[tone].length > 0) navigator.vibrate?.(SHAKES[tone]);
  if (sound?.state !== "running") return;
  HERTZ[tone].forEach((hertz, at) => beep(sound as AudioContext, hertz, at * SECONDS[tone] * 1.15, SECONDS[tone], tone === "wrong"));
}

function beep(on: AudioContext, hertz: number, after: number, seconds: number, isRough: boolean): void {
  const [voice, loud, from] = [on.createOscillator(), on.createGain(), on.currentTime + after];
  voice.type = isRough ? "square" : "sine";
  voice.frequency.value = hertz;
  loud.gain.setValueAtTime(isRough ? 0.35 : 0.6, from);
  loud.gain.exponentialRampToValueAtTime(0.001, from + seconds);
  voice.connect(loud).connect(on.destination);
  voice.start(from);
  voice.stop(from + seconds);
}

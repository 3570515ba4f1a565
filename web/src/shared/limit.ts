/** Time limits: how long is left, and how much it presses. */
import type { Language } from "@/words/language";
import { shared } from "@/words/shared";

export type Pressure = "calm" | "soon" | "now";
const LAST_MINUTES = 30 * 60_000;

/** Calm, soon in the last quarter of its span, now in the last half hour and when it is over. Milliseconds. */
export function pressure(due: number, began: number | undefined, now: number): Pressure {
  const left = due - now;
  if (left <= LAST_MINUTES) return "now";
  return began !== undefined && left <= (due - began) / 4 ? "soon" : "calm";
}

/** `3:52 left`, `0:12 late`, from a day on `2 d 3 h left`; below five minutes with seconds. Milliseconds. */
export function limitText(due: number, now: number, language: Language): string {
  const words = shared[language];
  const left = Math.abs(due - now);
  const minutes = Math.floor(left / 60_000);
  const hours = Math.floor(minutes / 60);
  const two = (value: number) => String(value).padStart(2, "0");
  const text =
    hours >= 24 ? words.days(Math.floor(hours / 24), hours % 24)
    : left < 5 * 60_000 ? `0:${two(minutes)}:${two(Math.floor(left / 1000) % 60)}`
    : `${hours}:${two(minutes % 60)}`;
  return due >= now ? words.left(text) : words.over(text);
}

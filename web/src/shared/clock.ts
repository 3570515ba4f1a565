/** One clock for all that counts down: it ticks each second, and nobody is asked again who shows the same minute. */
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: number | undefined;

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present in steps: of a minute, or of a second where that is asked for. Milliseconds. */
export function useNow(step: "second" | "minute" = "minute"): number {
  const size = step === "second" ? 1000 : 60_000;
  return useSyncExternalStore(subscribe, () => Math.floor(now / size) * size);
}

/** What a user is used to: language, theme, density, folded nav. Kept in this browser for the first paint, and at `/me`. */
import { useSyncExternalStore } from "react";

export interface Habits {
  language: "zh" | "en";
  theme: "system" | "light" | "dark";
  density: "compact" | "comfortable" | "dense";
  nav: "open" | "folded";
  keys: "on" | "off";
}
const KNOWN: { [K in keyof Habits]: readonly Habits[K][] } = {
  language: ["zh", "en"],
  theme: ["system", "light", "dark"],
  density: ["compact", "comfortable", "dense"],
  nav: ["open", "folded"],
  keys: ["on", "off"],
};
const listeners = new Set<() => void>();
const dark = matchMedia("(prefers-color-scheme: dark)");

function kept<K extends keyof Habits>(key: K): Habits[K] | undefined {
  try {
    const value = localStorage.getItem(`orderloom.${key}`);
    return KNOWN[key].find((one) => one === value);
  } catch {
    return undefined;
  }
}

const current: Habits = {
  language: kept("language") ?? (document.documentElement.lang === "en" ? "en" : "zh"),
  theme: kept("theme") ?? "system",
  density: kept("density") ?? "compact",
  nav: kept("nav") ?? "open",
  keys: kept("keys") ?? "on",
};

function apply(): void {
  const root = document.documentElement;
  root.lang = current.language === "zh" ? "zh-CN" : "en";
  root.dataset["theme"] = isDark() ? "dark" : "light";
  root.dataset["density"] = current.density;
  for (const listener of listeners) listener();
}

function isDark(): boolean {
  return current.theme === "dark" || (current.theme === "system" && dark.matches);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let told: (changed: Partial<Habits>) => void = () => undefined;

export const habits = {
  get<K extends keyof Habits>(key: K): Habits[K] {
    return current[key];
  },
  /** Change one, here and for the next visit; `told` keeps it at the server too. */
  set<K extends keyof Habits>(key: K, value: Habits[K]): void {
    if (current[key] === value) return;
    current[key] = value;
    try {
      localStorage.setItem(`orderloom.${key}`, value);
    } catch {
      // A browser that keeps nothing still shows what was chosen until it is closed.
    }
    apply();
    told({ [key]: value });
  },
  /** What the server keeps for this user, over what this browser kept. Unknown values are left out. */
  take(given: Record<string, unknown>): void {
    for (const key of Object.keys(KNOWN) as (keyof Habits)[]) {
      const value = (KNOWN[key] as readonly unknown[]).find((one) => one === given[key]);
      if (value === undefined) continue;
      Object.assign(current, { [key]: value });
      try {
        localStorage.setItem(`orderloom.${key}`, String(value));
      } catch {
        // As above.
      }
    }
    apply();
  },
  onChange(listener: (changed: Partial<Habits>) => void): void {
    told = listener;
  },
};

export function useHabit<K extends keyof Habits>(key: K): Habits[K] {
  return useSyncExternalStore(subscribe, () => current[key]);
}

/** Whether the screen is dark now; it follows the system until the user has chosen. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

dark.addEventListener("change", apply);
apply();

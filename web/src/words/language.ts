/** Words in both languages side by side: a key that one language lacks does not compile. */
import { useHabit } from "@/shell/habits";

export type Language = "zh" | "en";
type Entry = string | ((...given: never[]) => string);
type Same<T> = { [K in keyof T]: T[K] extends string ? string : T[K] };
export interface Bilingual<T> {
  zh: T;
  en: Same<T>;
}

export function bilingual<T extends Record<string, Entry>>(zh: T, en: Same<T>): Bilingual<T> {
  return { zh, en };
}

export function useLanguage(): Language {
  return useHabit("language");
}

/** The page's words in the language of the user. */
export function useWords<T>(words: Bilingual<T>): Same<T> | T {
  return words[useLanguage()];
}

/** One language of a text that the server wrote as `中文 | English`; a text without the bar stays whole. */
export function oneLanguage(text: string, language: Language): string {
  const at = text.indexOf(" | ");
  if (at < 0) return text;
  return language === "zh" ? text.slice(0, at) : text.slice(at + 3);
}

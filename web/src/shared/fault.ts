/** What another system answered, and the facts of a case, as sentences: no code, no null and no other language reaches the screen. */
import { faults } from "@/words/faults";
import { type Language, oneLanguage, useLanguage } from "@/words/language";
import { money } from "./money";

export type Facts = Readonly<Record<string, unknown>>;
type Told = Exclude<keyof (typeof faults)["zh"], "count" | "blame" | "waybill" | "work" | "native" | "returned" | "paid" | "owed" | "amount" | "short" | "known" | "stated" | "ours" | "theirs" | "oneShop">;
const CODED = /^([a-z][a-z0-9_]*)(?:: ?|$)/;
const HAN = /\p{Script=Han}/u;

/** The word of a code; the code itself when there is none, so that nothing is hidden. */
export function word(code: string, language: Language): string {
  const found: unknown = faults[language][code as Told];
  return typeof found === "string" ? found : code;
}

/** One side of two languages with a bar or a stroke between them; a text of one language stays whole. */
function sideOf(text: string, language: Language): string {
  const barred = oneLanguage(text, language);
  const at = text.lastIndexOf(" / ");
  if (barred !== text || at < 0 || !HAN.test(text.slice(0, at)) || HAN.test(text.slice(at))) return barred;
  return language === "zh" ? text.slice(0, at) : text.slice(at + 3);
}

/** An error as the hub keeps it, `code: what the other side said`: the code's word, and what they said where people can read it. */
export function faultText(raw: string, language: Language): string {
  const code = CODED.exec(raw)?.[1] ?? "";
  const named = word(code, language);
  if (!code || named === code) return sideOf(raw, language);
  const said = raw.slice(code.length).replace(/^: ?/, "");
  const clean = sideOf(said, language);
  return said && (clean !== said || (language === "zh" && HAN.test(said))) ? `${named} · ${clean}` : named;
}

export function useFault(): (raw: string) => string {
  const language = useLanguage();
  return (raw) => faultText(raw, language);
}

/** What cases have in common: `target:WD01:too_late`, `TB01:trade`; a number that only the database knows is left out. */
export function causeText(cause: string, language: Language): string {
  const parts = cause.split(":").filter((part) => part && !["target", "warehouse", "account", "stage"].includes(part) && !/^\d+$/.test(part));
  return parts.map((part) => word(part, language)).join(" · ") || faults[language].oneShop;
}

/** Facts of a case for which no sentence of its own was written, as far as there are words for them. */
export function factsText(facts: Facts, language: Language): string {
  const words = faults[language];
  const currency = typeof facts.currency === "string" ? facts.currency : "";
  const sum = (value: unknown) => (typeof value === "number" && currency ? money(value, currency) : "");
  const coded = (value: string) => word(value, language);
  const incident = (code: string) => coded(code === "refused" || code === "unreachable" ? `receiver_${code}` : code);
  const told = (name: string, make: (text: string) => string) => (plain(facts[name]) ? make(plain(facts[name])) : "");
  const owes = (name: string, make: (text: string) => string) => (sum(facts[name]) ? make(sum(facts[name])) : "");
  return [
    told("incident", incident), told("blame", (who) => words.blame(coded(who))), told("asked", coded), told("state", coded),
    told("why", (why) => reasons(why, language)), told("error", (error) => faultText(error, language)), told("waybill", words.waybill), told("work", words.work),
    owes("amount", words.amount), owes("refunded", words.returned), owes("paid", words.paid), owes("owed", words.owed), owes("missing", words.short),
    told("known", words.known), told("stated", words.stated), told("system", String), told("sku", String), told("meaning", coded), told("ours", words.ours), told("theirs", words.theirs),
    told("lines", String), told("native", words.native), told("account", String),
  ].filter(Boolean).join(" · ");
}

/** `3 signature, 1 late`: how often for what reason; anything else is an error. */
function reasons(text: string, language: Language): string {
  const parts = text.split(", ").map((part) => /^(\d+) ([a-z_]+)$/.exec(part));
  if (parts.some((part) => !part)) return faultText(text, language);
  return parts.map((part) => faults[language].count(part?.[1] ?? "", word(part?.[2] ?? "", language))).join(" · ");
}

function plain(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

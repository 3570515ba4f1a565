/** Money as people read it. Amounts come in minor units with their currency, and two currencies are never added up. */
import type { Language } from "@/words/language";
import { shared } from "@/words/shared";

/** Decimals of the currencies that do not have two, as the server counts them: a browser's own tables differ (IDR, HUF). */
const PLACES = new Map<string, number>([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((code) => [code, 0] as const),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code) => [code, 3] as const),
  ["CLF", 4], ["UYW", 4],
]);

/** How many decimal places a currency has: 2 for CNY, 0 for JPY, 3 for KWD. */
export function exponent(currency: string): number {
  return PLACES.get(currency) ?? 2;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** The amount alone, exact: `1,899.00`, `−50.00`. Minor units may exceed what a float holds: digits are moved as text. */
export function amount(minor: number, currency: string): string {
  const decimals = exponent(currency);
  const digits = String(Math.abs(Math.trunc(minor))).padStart(decimals + 1, "0");
  const whole = grouped(digits.slice(0, digits.length - decimals));
  const sign = minor < 0 ? "−" : "";
  return decimals ? `${sign}${whole}.${digits.slice(-decimals)}` : `${sign}${whole}`;
}

/** Minor units of an amount that somebody typed (`12.5` CNY is 1250); none when it is no amount of the currency. */
export function minorOf(text: string, currency: string): number | undefined {
  const decimals = exponent(currency);
  const found = /^(\d{1,12})(?:\.(\d*))?$/.exec(text.trim());
  const part = (found?.[2] ?? "").replace(/0+$/, "");
  if (!found || part.length > decimals) return undefined;
  return Number(`${found[1]}${part.padEnd(decimals, "0")}`);
}

/** With its currency: `¥1,899.00`, `−¥50.00`, `SGD 47.50`. */
export function money(minor: number, currency: string): string {
  const text = amount(minor, currency);
  if (currency !== "CNY") return `${currency} ${text}`;
  return text.startsWith("−") ? `−¥${text.slice(1)}` : `¥${text}`;
}

/** Shortened from 100,000 on for cards, in ten thousands or as `¥128K`; tables never shorten. */
export function moneyShort(minor: number, currency: string, language: Language): string {
  const value = minor / 10 ** exponent(currency);
  if (Math.abs(value) < 100_000) return money(minor, currency);
  const sign = value < 0 ? "−" : "";
  const mark = currency === "CNY" ? "¥" : `${currency} `;
  return `${sign}${mark}${countShort(Math.abs(value), language)}`;
}

/** A number shortened from 100,000 on. */
export function countShort(value: number, language: Language): string {
  if (value < 100_000) return count(value);
  if (language === "en") {
    return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
  }
  const [unit, word] = value >= 1e8 ? [1e8, shared.zh.hundredMillion] as const : [1e4, shared.zh.tenThousand] as const;
  return word((value / unit).toFixed(1).replace(/\.0$/, ""));
}

export function count(value: number): string {
  return value < 0 ? `−${grouped(String(-Math.trunc(value)))}` : grouped(String(Math.trunc(value)));
}

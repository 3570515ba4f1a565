/** A pasted list of order numbers: how it is parted, and how much of it an address carries. The server parts it alike. */
export const NUMBERS_MAX = 200;
export const NUMBER_LENGTH_MAX = 64;
/** Of the 8,192 bytes of an address; the rest is for the other filters. */
export const ADDRESS_MAX = 7_000;
const TEXT_MAX = 200_000;
// oxlint-disable-next-line no-control-regex -- what cannot be seen comes along from pages and sheets
const BETWEEN = /[\s,，、;；\u0000-\u001f\u007f\u200b-\u200f\u2060\ufeff]+/;
const QUOTES = /^['"‘’“”]+|['"‘’“”]+$/g;
const CUT = /[,，、;；\t\r\n]/;
const SHORTEST = 4;
const PHONE_DIGITS_MAX = 15;

/** The numbers of a text in its order, none twice. */
export function parted(text: string): string[] {
  return [...new Set(text.slice(0, TEXT_MAX).split(BETWEEN).map((one) => one.replace(QUOTES, "")).filter((one) => one !== ""))];
}

/** The numbers when the text is a list of two or more, without the heading of a column; else undefined: words to be found. */
export function listIn(text: string): string[] | undefined {
  const [first, ...others] = parted(text);
  if (first === undefined) return undefined;
  const found = /\d/.test(first) || !/[\r\n]/.test(text) ? [first, ...others] : others;
  const isPhone = !CUT.test(text.trim()) && /^[\d+() -]+$/.test(text.trim()) && text.replaceAll(/\D/g, "").length <= PHONE_DIGITS_MAX;
  return found.length > 1 && !isPhone && found.every((one) => one.length >= SHORTEST && /\d/.test(one)) ? found : undefined;
}

/** Numbers as the address has them. */
export function joined(numbers: readonly string[]): string {
  return numbers.join(",");
}

/** Why these cannot be asked for at once. */
export function troubleOf(numbers: readonly string[]): "many" | "long" | undefined {
  if (numbers.length > NUMBERS_MAX) return "many";
  return numbers.some((one) => one.length > NUMBER_LENGTH_MAX) || encodeURIComponent(joined(numbers)).length > ADDRESS_MAX ? "long" : undefined;
}

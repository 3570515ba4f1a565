/** What a scanned code says, as the hub reads it (domain/floor/barcode.py): a plain one, or GS1's with item and lot in it. */
import type { FloorList } from "./scan";

const GS = "\u001D";
const MARKS = ["]C1", "]d2", "]e0", "]Q3"];
const LENGTHS: Record<string, number> = { "01": 14, "11": 6, "15": 6, "17": 6, "10": 0, "21": 0 };

/** The item's own text: a barcode or a SKU's code. */
export function itemText(code: string): string {
  const plain = MARKS.reduce((text, mark) => (text.startsWith(mark) ? text.slice(mark.length) : text), code.trim());
  const item = plain.startsWith("(") ? inBrackets(plain) : inOne(plain.startsWith(GS) ? plain.slice(1) : plain);
  return item && /^\d{14}$/.test(item) ? item : plain;
}

/** What an item may be kept as: a GTIN of 14 digits is an EAN with zeros before it. */
export function spellings(text: string): string[] {
  if (!/^\d+$/.test(text)) return [text];
  const shorter = text.length === 14 ? [1, 2].filter((cut) => text.startsWith("0".repeat(cut))).map((cut) => text.slice(cut)) : [];
  const longer = [8, 12, 13].includes(text.length) ? [text.padStart(14, "0")] : [];
  return [text, ...shorter, ...longer];
}

/** The SKU that a code names, by the list that is carried along; empty when the list knows none. */
export function skuOf(list: FloorList, code: string): string {
  const skus = new Set([...Object.values(list.barcodes), ...list.waves.flatMap((wave) => wave.tasks.map((task) => task.sku))]);
  for (const spelling of spellings(itemText(code))) {
    const found = Object.entries(list.barcodes).find(([barcode]) => barcode === spelling)?.[1];
    if (found !== undefined) return found;
    if (skus.has(spelling)) return spelling;
  }
  return "";
}

function inBrackets(text: string): string | undefined {
  return /\(01\)([^()]*)/.exec(text)?.[1];
}

function inOne(text: string): string | undefined {
  let rest = text;
  let item: string | undefined;
  while (rest) {
    const name = rest.slice(0, 2);
    const size = LENGTHS[name];
    if (size === undefined || (size > 0 && rest.length < 2 + size)) return undefined;
    const stop = rest.indexOf(GS);
    const end = size > 0 ? 2 + size : stop < 0 ? rest.length : stop;
    if (name === "01") item = rest.slice(2, end);
    rest = rest.slice(end);
    if (rest.startsWith(GS)) rest = rest.slice(1);
  }
  return item;
}

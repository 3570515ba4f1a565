/** What changed of a SKU, as the form names it: no field names and no null. */
import type { products } from "@/words/products";

type Words = (typeof products)["zh"] | (typeof products)["en"];
const FIELDS: Readonly<Record<string, keyof Words>> = {
  name: "name", name_en: "nameEn", category: "category", goods_class: "goodsClass", kind: "kind", unit: "unit", units: "units", components: "components", barcodes: "barcodes",
  weight_g: "weight", size_mm: "size", tax_class: "tax", hs_code: "hs", cost: "cost", cost_currency: "currency", has_lots: "lots", has_serials: "serials", shelf_life_days: "shelf", low_at: "lowAt", is_active: "isActive", picture: "picture",
};

export function fieldWord(field: string, words: Words): string {
  const key = FIELDS[field];
  return key ? String(words[key]) : field;
}

/** A value as people read it; empty when there is none. */
export function valueWord(field: string, value: unknown, words: Words): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (field === "kind" && (value === "goods" || value === "service" || value === "virtual")) return words[value];
  if (field === "size_mm" && Array.isArray(value)) return value.join("×");
  if (Array.isArray(value)) return value.map((one) => valueWord("", one, words)).filter(Boolean).join("、");
  if (typeof value === "object") return Object.entries(value).map(([name, one]) => `${name}=${String(one)}`).join("、");
  return String(value);
}

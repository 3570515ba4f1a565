/** What stands in the form of a SKU, as people type it, and the change that it means. */
import type { GoodsView, SkuRow } from "@/api/generated/schema";
import { amount, exponent } from "@/shared/money";

export interface Draft {
  code: string;
  name: string;
  nameEn: string;
  category: string;
  goodsClass: string;
  kind: string;
  unit: string;
  barcodes: string;
  weight: number;
  size: [number, number, number];
  tax: string;
  hs: string;
  cost: string;
  currency: string;
  lots: boolean;
  serials: boolean;
  shelf: number;
  lowAt: number | null;
  units: string;
  components: string;
}

export const NEW: Draft = {
  code: "", name: "", nameEn: "", category: "", goodsClass: "", kind: "goods", unit: "", barcodes: "", weight: 0, size: [0, 0, 0], tax: "", hs: "", cost: "", currency: "CNY",
  lots: false, serials: false, shelf: 0, lowAt: null, units: "", components: "",
};

const AS_IT_WAS: Omit<SkuRow, "code"> = {
  name: null, name_en: null, unit: null, units: {}, components: {}, kind: null, hs_code: null, category: null, goods_class: null, tax_class: null, cost: null,
  cost_currency: null, weight_g: null, size_mm: null, has_lots: null, has_serials: null, shelf_life_days: null, low_at: null, barcodes: null,
};

export const pairsText = (given: Record<string, number>) => Object.entries(given).map(([name, count]) => `${name}=${count}`).join("\n");

export function draftOf(view: GoodsView): Draft {
  return {
    code: view.code, name: view.name, nameEn: view.name_en, category: view.category, goodsClass: view.goods_class, kind: view.kind, unit: view.unit,
    barcodes: view.barcodes.map((one) => one.barcode).join("\n"), weight: view.weight_g, size: [view.size_mm[0] ?? 0, view.size_mm[1] ?? 0, view.size_mm[2] ?? 0],
    tax: view.tax_class, hs: view.hs_code, cost: view.cost ? amount(view.cost.minor, view.cost.currency).replaceAll(",", "") : "", currency: view.cost?.currency ?? "CNY",
    lots: view.has_lots, serials: view.has_serials, shelf: view.shelf_life_days, lowAt: view.low_at, units: pairsText(view.units), components: pairsText(view.components),
  };
}

function pairs(text: string, before: Record<string, number>): Record<string, number> {
  const found: Record<string, number> = Object.fromEntries(Object.keys(before).map((name) => [name, 0]));
  for (const line of text.split("\n")) {
    const at = line.lastIndexOf("=");
    const count = Number(line.slice(at + 1));
    if (at > 0 && Number.isInteger(count)) found[line.slice(0, at).trim()] = count;
  }
  return found;
}

function minor(text: string, currency: string): number | undefined {
  const found = /^(\d{1,12})(?:\.(\d*))?$/.exec(text.trim());
  const places = exponent(currency);
  const part = found?.[2] ?? "";
  if (!found || part.length > places) return undefined;
  return Number(`${found[1]}${part.padEnd(places, "0")}`);
}

/** Whether a change changes anything. */
export function isChange(row: SkuRow): boolean {
  return JSON.stringify(row) !== JSON.stringify({ ...AS_IT_WAS, code: row.code });
}

/** The fields that differ from what was read; of a new SKU all that is filled. Undefined when a cost cannot be read. */
export function changeOf(draft: Draft, view: GoodsView | undefined, isCostHidden: boolean): SkuRow | undefined {
  const before = view ? draftOf(view) : NEW;
  const differs = (key: keyof Draft) => JSON.stringify(draft[key]) !== JSON.stringify(before[key]);
  const row: SkuRow = { ...AS_IT_WAS, code: draft.code.trim() };
  if (differs("name")) row.name = draft.name.trim();
  if (differs("nameEn")) row.name_en = draft.nameEn.trim();
  if (differs("category")) row.category = draft.category.trim();
  if (differs("goodsClass")) row.goods_class = draft.goodsClass;
  if (differs("kind")) row.kind = draft.kind;
  if (differs("unit")) row.unit = draft.unit.trim();
  if (differs("barcodes")) row.barcodes = draft.barcodes.split("\n").map((one) => one.trim()).filter((one) => one !== "");
  if (differs("weight")) row.weight_g = draft.weight;
  if (differs("size")) row.size_mm = draft.size;
  if (differs("tax")) row.tax_class = draft.tax;
  if (differs("hs")) row.hs_code = draft.hs.trim();
  if (differs("lots")) row.has_lots = draft.lots;
  if (differs("serials")) row.has_serials = draft.serials;
  if (differs("shelf")) row.shelf_life_days = draft.shelf;
  if (differs("lowAt")) row.low_at = draft.lowAt ?? -1;
  if (differs("units")) row.units = pairs(draft.units, view?.units ?? {});
  if (differs("components")) row.components = pairs(draft.components, view?.components ?? {});
  return isCostHidden || !(differs("cost") || (differs("currency") && draft.cost !== "")) ? row : withCost(row, draft);
}

function withCost(row: SkuRow, draft: Draft): SkuRow | undefined {
  if (draft.cost.trim() === "") return { ...row, cost_currency: "" };
  const cost = minor(draft.cost, draft.currency);
  return cost === undefined ? undefined : { ...row, cost, cost_currency: draft.currency };
}

/** What every mender is given, and a wish that asks for nothing yet. */
import type { CaseDetail, Mend } from "@/api/generated/schema";
import type { cases } from "@/words/cases";

type Words = (typeof cases)["zh"] | (typeof cases)["en"];

export interface MenderProps {
  found: CaseDetail;
  mend: Mend;
  isLooking: boolean;
  onLook: (is: boolean) => void;
  onDone: (released: number) => void;
}

export function wayName(mend: string, words: Words): string {
  const known = { ...words, warehouse: words.warehouseWay, stock: words.stockWay, order: words.orderWay } as Record<string, unknown>;
  return typeof known[mend] === "string" ? known[mend] : mend;
}

/** A whole wish: what a way does not ask for is empty. */
export const WISH = { sku: "", new_sku: null, factor: 1, reach: "shop" as const, is_replaying: true, corrections: [], dictionary: "", meaning: {}, warehouse: "", reason: "", token: "" };

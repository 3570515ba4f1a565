import { describe, expect, it } from "vitest";
import type { OrderDetail } from "@/api/generated/schema";
import { UNTOUCHED, asWished, wishesOf } from "./lines_draft";

const found = {
  order: { currency: "CNY" },
  lines: [
    { no: 1, sku: "M-001", sku_external: "m1", ordered: 2, price: 8900, discount: 0, is_closed: false },
    { no: 2, sku: "M-002", sku_external: "m2", ordered: 1, price: 3000, discount: 0, is_closed: true },
  ],
} as unknown as OrderDetail;

describe("the draft of an order's lines", () => {
  it("sends nothing while nothing is otherwise", () => {
    expect(wishesOf(UNTOUCHED, found)).toEqual([]);
    expect(wishesOf({ ...UNTOUCHED, edits: { 1: { quantity: 2, price: "89" } } }, found)).toEqual([]);
  });
  it("sends only what was changed, so that another's change of the same line stands", () => {
    expect(wishesOf({ ...UNTOUCHED, edits: { 1: { price: "80.5" } } }, found)).toEqual([{ no: 1, price: 8050 }]);
    expect(wishesOf({ ...UNTOUCHED, edits: { 1: { quantity: 0, price: "1" } } }, found)).toEqual([{ no: 1, quantity: 0 }]);
  });
  it("adds a line of our goods and waits until amounts are amounts", () => {
    const gift = { sku: "M-003", title: "", quantity: 1, price: "" };
    expect(wishesOf({ edits: {}, added: [gift] }, found)).toEqual([{ no: 0, sku: "M-003", title: "", quantity: 1, price: 0 }]);
    expect(wishesOf({ edits: {}, added: [{ ...gift, price: "1.234" }] }, found)).toBeUndefined();
  });
  it("tells the lines as they would be", () => {
    expect(asWished({ edits: { 1: { quantity: 3 } }, added: [{ sku: "M-003", title: "", quantity: 1, price: "0" }] }, found)).toBe("M-001 ×3 · 89.00；M-003 ×1 · 0");
  });
});

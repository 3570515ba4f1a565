import { expect, test } from "vitest";
import type { Chart } from "@/api/generated/schema";
import { change, rowsOf, spanOf, told } from "./figures";

const chart = { name: "orders", unit: "count", currency: "", rows: "orders" } as Chart;

test("a figure is told in its own unit, and nothing is not zero", () => {
  expect(told(1_899_00, { unit: "money", currency: "CNY" }, "zh", false)).toBe("¥1,899.00");
  expect(told(987, { unit: "permille", currency: "" }, "zh", true)).toBe("98.7%");
  expect(told(null, { unit: "count", currency: "" }, "en", true)).toBe("—");
  expect(told(75, { unit: "seconds", currency: "" }, "en", true)).toBe("75 s");
});

test("a change is against the period before, and against nothing there is none", () => {
  expect(change(110, 100)).toBe("+10%");
  expect(change(50, 100)).toBe("−50%");
  expect(change(5, 0)).toBe("");
  expect(change(null, 100)).toBe("");
});

test("the rows of a bar are those of its own days and place", () => {
  expect(spanOf("2026-02-01", "month")).toEqual(["2026-02-01", "2026-02-28"]);
  expect(rowsOf(chart, "2026-03-02", "week", { channel: "taobao" }, "2026-03-01", "2026-03-05")).toBe("/orders?channel=taobao&placed=2026-03-02..2026-03-05");
  expect(rowsOf(chart, "TB01", "account", {}, "2026-03-01", "2026-03-05")).toBe("/orders?account=TB01&placed=2026-03-01..2026-03-05");
});

import { expect, test } from "vitest";
import { amount, count, minorOf, money, moneyShort } from "./money";

test("an amount is exact in its currency's own decimals", () => {
  expect(money(189900, "CNY")).toBe("¥1,899.00");
  expect(money(-5000, "CNY")).toBe("−¥50.00");
  expect(money(4750, "SGD")).toBe("SGD 47.50");
  expect(money(1200, "JPY")).toBe("JPY 1,200");
  expect(money(1234, "KWD")).toBe("KWD 1.234");
  expect(money(5, "IDR")).toBe("IDR 0.05");
  expect(amount(0, "CNY")).toBe("0.00");
  expect(money(7, "not a currency")).toBe("not a currency 0.07");
});

test("a typed amount is minor units exactly, or none", () => {
  expect(minorOf("12.5", "CNY")).toBe(1250);
  expect(minorOf("0.29", "CNY")).toBe(29);
  expect(minorOf("1890", "JPY")).toBe(1890);
  expect(minorOf("1.200", "KWD")).toBe(1200);
  for (const [text, currency] of [["12.505", "CNY"], ["1.5", "JPY"], ["89元", "CNY"], ["", "CNY"], ["-1", "CNY"]] as const) expect(minorOf(text, currency)).toBeUndefined();
});

test("a card shortens from a hundred thousand on, in each language's own units", () => {
  expect(moneyShort(12_800_000, "CNY", "zh")).toBe("¥12.8 万");
  expect(moneyShort(12_800_000, "CNY", "en")).toBe("¥128K");
  expect(moneyShort(9_999_900, "CNY", "zh")).toBe("¥99,999.00");
  expect(moneyShort(-30_000_000_000, "CNY", "zh")).toBe("−¥3 亿");
  expect(count(-1234567)).toBe("−1,234,567");
});

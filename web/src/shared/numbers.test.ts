import { expect, test } from "vitest";
import { ADDRESS_MAX, joined, listIn, parted, troubleOf } from "./numbers";

test("whatever stands between numbers parts them, and none is there twice", () => {
  for (const text of ["A1001,B1002", "A1001，B1002、A1001", "A1001\r\n\nB1002\n", " A1001\tB1002\u3000", "A1001;B1002；", "\ufeffA1001\u200b\nB1002", "'A1001\n“B1002”"]) {
    expect(parted(text)).toEqual(["A1001", "B1002"]);
    expect(listIn(text)).toEqual(["A1001", "B1002"]);
  }
  expect(listIn("订单号\n A1001\nB1002")).toEqual(["A1001", "B1002"]);
});

test("words, one number and a phone number are no list", () => {
  for (const text of ["", "A1001", "A1001\nA1001", "red mug", "iPhone 15 Pro 256GB", "马克杯，350ml，2026款", "138 1234 5678", "+86 (138) 1234-5678", "2 3 4"]) expect(listIn(text)).toBeUndefined();
});

test("what an address does not carry is said before it is asked", () => {
  const of = (count: number, length: number) => Array.from({ length: count }, (_, at) => String(at).padStart(length, "8"));
  expect(troubleOf(of(200, 32))).toBeUndefined();
  expect(encodeURIComponent(joined(of(200, 32))).length).toBeLessThanOrEqual(ADDRESS_MAX);
  expect(troubleOf(of(201, 8))).toBe("many");
  expect(troubleOf(of(200, 64))).toBe("long");
  expect(troubleOf(of(1, 65))).toBe("long");
  expect(troubleOf(of(100, 64))).toBeUndefined();
});

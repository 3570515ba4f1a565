import { expect, test } from "vitest";
import { products } from "@/words/products";
import { fieldWord, valueWord } from "./changed";

test("what changed of a SKU is named as its form names it, without null or code", () => {
  expect(fieldWord("hs_code", products.zh)).toBe("海关编码");
  expect(fieldWord("is_active", products.zh)).toBe("在售");
  expect(valueWord("kind", "goods", products.zh)).toBe("实物");
  expect(valueWord("is_active", true, products.zh)).toBe("是");
  expect(valueWord("name", null, products.zh)).toBe("");
  expect(valueWord("size_mm", [10, 20, 30], products.zh)).toBe("10×20×30");
  expect(valueWord("components", { "A-1": 2 }, products.zh)).toBe("A-1=2");
});

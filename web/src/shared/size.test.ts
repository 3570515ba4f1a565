import { expect, test } from "vitest";
import { size } from "./size";

test("bytes are told in the unit that a person would choose", () => {
  expect([0, 999, 1000, 48_600, 3_140_000, 128_000_000].map(size)).toEqual(["0 B", "999 B", "1.0 kB", "48.6 kB", "3.1 MB", "128 MB"]);
});

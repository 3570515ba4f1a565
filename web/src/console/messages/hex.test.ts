import { expect, test } from "vitest";
import { dump } from "./hex";

test("bytes stand in rows of sixteen, with what can be read beside them", () => {
  const told = dump("7b2261223a317d0affe4bda0" + "00".repeat(6)).split("\n");
  expect(told).toEqual([
    "000000  7b 22 61 22 3a 31 7d 0a ff e4 bd a0 00 00 00 00  {\"a\":1}·········",
    "000010  00 00                                            ··",
  ]);
});

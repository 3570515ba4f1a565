import { expect, test } from "vitest";
import { STEPS_SHOWN, warmth } from "./warmth";

test("nothing sold is cold, the most is warmest, and one unit beside thousands can still be seen", () => {
  expect(warmth(0, 10)).toBe(0);
  expect(warmth(3, 0)).toBe(0);
  expect(warmth(10, 10)).toBe(STEPS_SHOWN.at(-1));
  expect(warmth(1, 10_000)).toBe(STEPS_SHOWN[0]);
});

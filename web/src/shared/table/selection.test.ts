import { expect, test } from "vitest";
import { Selection } from "./selection";

const rows = ["a", "b", "c", "d"];

test("what is ticked survives paging, and the header's box takes the loaded page only", () => {
  const chosen = new Selection();
  chosen.toggle("z");
  chosen.page(rows, true);
  expect(chosen.all()).toEqual(["z", ...rows]);
  chosen.page(rows, false);
  expect(chosen.all()).toEqual(["z"]);
});

test("shift ticks all rows between, in either direction", () => {
  const chosen = new Selection();
  chosen.toggle("c");
  chosen.extend("a", rows);
  expect([...chosen.all()].sort()).toEqual(["a", "b", "c"]);
});

test("a list of the ticked ones is the same until one changes", () => {
  const chosen = new Selection();
  chosen.toggle("a");
  expect(chosen.all()).toBe(chosen.all());
});

import { expect, test } from "vitest";
import type { NodeView } from "@/api/generated/schema";
import { placesOf, sidesOf, way } from "./places";

const node = (name: string, phase: string) => ({ name, phase }) as NodeView;
const nodes = [node("paid", "ready"), node("picking", "ready"), node("waiting", "new"), node("short", "blocked"), node("held", "held"), node("lost", "failed"), node("done", "delivered")];

test("an order's way runs from left to right, whatever the order of the files", () => {
  expect(way(nodes).map((one) => one.name)).toEqual(["waiting", "paid", "picking", "done"]);
  const places = placesOf(nodes, []);
  expect(["waiting", "paid", "done"].map((name) => places.get(name)?.column)).toEqual([0, 1, 2]);
  expect(places.get("picking")).toEqual({ column: 1, row: 1 });
});

test("no stage hides another, and trouble stands beneath the way near what leads to it", () => {
  const places = placesOf(nodes, [{ source: "waiting", target: "short" }, { source: "paid", target: "held" }, { source: "done", target: "lost" }]);
  expect(new Set([...places.values()].map((one) => `${one.column} ${one.row}`)).size).toBe(nodes.length);
  expect(places.get("short")).toEqual({ column: 0, row: 1 });
  expect(places.get("lost")).toEqual({ column: 2, row: 1 });
});

test("an arrow leaves a box where the other one is", () => {
  expect(sidesOf({ column: 0, row: 0 }, { column: 1, row: 3 })).toEqual(["right", "left"]);
  expect(sidesOf({ column: 1, row: 0 }, { column: 1, row: 1 })).toEqual(["bottom", "top"]);
  expect(sidesOf({ column: 1, row: 3 }, { column: 1, row: 0 })).toEqual(["right", "right"]);
});

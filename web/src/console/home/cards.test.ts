import { expect, test } from "vitest";
import { CARDS, cardsFor } from "./cards";

test("a role gets every card once, and loses only what its user has hidden", () => {
  for (const role of ["service", "management", "finance", "picker"]) expect([...cardsFor(role, {})].sort()).toEqual([...CARDS].sort());
  expect(cardsFor("service", { "home.hidden": ["systems", "nonsense"] })).not.toContain("systems");
  expect(cardsFor("service", { "home.hidden": "systems" })).toContain("systems");
});

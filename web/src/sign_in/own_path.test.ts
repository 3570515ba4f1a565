import { describe, expect, it } from "vitest";
import { ownPath } from "./own_path";

const HUB = "https://hub.example";

describe("nobody is led to a page elsewhere by the link that they signed in from", () => {
  it.each([
    null, "", "orders", "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "javascript:alert(1)", " //evil.example", "/a\\..\\b",
  ])("%j leads to the start", (wanted) => expect(ownPath(wanted, HUB)).toBe("/"));
  it.each(["/orders?view=due-today&q=%E9%94%85#top", "/", "/cases/1?step=preview"])("%j is kept whole", (wanted) => {
    expect(ownPath(wanted, HUB)).toBe(wanted);
  });
});

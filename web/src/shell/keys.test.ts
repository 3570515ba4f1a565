import { expect, test } from "vitest";
import { SHORTCUTS } from "./keys";

test("no key does two things in one place", () => {
  const seen = new Map<string, string>();
  for (const [name, one] of Object.entries(SHORTCUTS)) {
    for (const key of one.keys) {
      for (const place of one.place === "anywhere" ? ["anywhere", "list", "order", "case"] : [one.place]) {
        const at = `${place} ${key}`;
        if (one.place === "anywhere" && place !== "anywhere" && key === "Mod+Enter") continue; // the form in front is sent first
        expect(seen.get(at), `${name} and ${seen.get(at)} at ${at}`).toBeUndefined();
        seen.set(at, name);
      }
    }
  }
});

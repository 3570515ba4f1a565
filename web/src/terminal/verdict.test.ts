import { describe, expect, test } from "vitest";
import { itemText, skuOf, spellings } from "./barcode";
import { aList, aScan, aTask, waits, WAVE } from "./floor.fixture";
import { cleanCode, newScanId } from "./scan";
import { ahead, boxWanting, judgePick } from "./verdict";

const list = aList(aTask(1, "CUP"), aTask(2, "CUP"), aTask(3, "SPOON"));
const first = list.waves[0]?.tasks[0] ?? aTask(0, "");

describe("a picker without network is told what the hub will say", () => {
  test.each([
    ["CUP", "right", ""], ["6901234567892", "right", ""], ["06901234567892", "right", ""], ["]C1010690123456789210L7", "right", ""], ["(01)06901234567892(10)L7", "right", ""],
    ["SPOON", "wrong", "of_another"], ["nothing", "unknown", "no_such_item"], ["cup", "unknown", "no_such_item"], ["__proto__", "unknown", "no_such_item"],
  ])("%s: %s %s", (code, verdict, reason) => {
    expect(judgePick(list, first, code)).toMatchObject({ verdict, reason });
  });
  test("whose a wrong item is, and that nobody wants it any more", () => {
    expect(judgePick(list, first, "SPOON").particulars).toEqual({ work: "K-3", slot: "3" });
    expect(judgePick(aList(first, aTask(3, "SPOON", { rest: 0 })), first, "SPOON").reason).toBe("of_nobody");
  });
  test("what waits counts, once, and only what was told yes", () => {
    const seen = ahead(list, waits(aScan(), aScan({ told: "no", subject: `${WAVE}/2` }), aScan({ told: "asked", action: "packed", subject: "K-2" })));
    expect(seen.waves[0]?.tasks.map((task) => [task.picked, task.rest])).toEqual([[1, 0], [0, 1], [0, 1]]);
    expect(judgePick(seen, seen.waves[0]?.tasks[0] ?? first, "CUP")).toMatchObject({ verdict: "over", reason: "task_full" });
    expect(ahead(list, [])).toBe(list);
  });
  test("a work that left, and a wave that was cancelled, are not picked on", () => {
    const [wave] = list.waves;
    if (!wave) throw new Error("no wave");
    expect(judgePick({ ...list, waves: [{ ...wave, state: "cancelled" }] }, first, "CUP").reason).toBe("wave_cancelled");
    const works = wave.works.map((one) => ({ ...one, work: { ...one.work, is_live: false } }));
    expect(judgePick({ ...list, waves: [{ ...wave, works }] }, first, "CUP").reason).toBe("work_left");
  });
  test("a scan at the bench opens the first box that has the item in its tote", () => {
    expect(boxWanting(list, "", "CUP")).toBe("");
    expect(boxWanting(aList(aTask(1, "CUP", { picked: 1, packed: 1 }), aTask(2, "CUP", { picked: 1 })), "", "CUP")).toBe("K-2");
  });
});

describe("codes", () => {
  test("are read as the hub reads them", () => {
    expect(itemText("(01)06901234567892(10)L7(17)271231")).toBe("06901234567892");
    expect(itemText("0106901234567892\u001D10L7")).toBe("06901234567892");
    expect(itemText("0112")).toBe("0112");
    expect(spellings("06901234567892")).toEqual(["06901234567892", "6901234567892"]);
    expect(skuOf(list, " CUP ")).toBe("CUP");
  });
  test("are never what the hub cannot take", () => {
    expect(cleanCode(`A\0B\uD800${"x".repeat(300)}`)).toHaveLength(200);
    expect(cleanCode("𠮷")).toBe("𠮷");
    expect(newScanId(Date.UTC(2026, 10, 28))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newScanId(1) < newScanId(2)).toBe(true);
  });
});

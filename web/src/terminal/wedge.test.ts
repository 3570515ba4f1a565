import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SILENCE_MS, WedgeReader } from "./wedge";

let told: string[];
let reader: WedgeReader;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  reader = new WedgeReader((code) => told.push(code));
});
afterEach(() => vi.useRealTimers());

describe("no code is cut, glued or lost on its way from the scanner", () => {
  test("letter by letter with Enter as a key: one code, and at once", () => {
    for (const text of ["6", "69", "690"]) reader.read(text);
    reader.end();
    expect(told).toEqual(["690"]);
    vi.runAllTimers();
    expect(told).toEqual(["690"]);
  });
  test("a keyboard that tells no keys (229) and no terminator: silence ends it", () => {
    reader.read("6901234567892");
    vi.advanceTimersByTime(SILENCE_MS - 1);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(["6901234567892"]);
  });
  test("slow keys are one code as long as each comes before the silence is over", () => {
    for (const text of ["A", "A1", "A12"]) {
      reader.read(text);
      vi.advanceTimersByTime(SILENCE_MS - 10);
    }
    vi.runAllTimers();
    expect(told).toEqual(["A12"]);
  });
  test("two codes in one burst are two, what is unfinished stays in the field", () => {
    expect(reader.read("111\n222\t33")).toBe("33");
    expect(told).toEqual(["111", "222"]);
    vi.runAllTimers();
    expect(told).toEqual(["111", "222", "33"]);
  });
  test("an unfinished word of an input method waits for its end", () => {
    reader.read("ni", true);
    vi.runAllTimers();
    expect(told).toEqual([]);
    reader.read("A-1\r", false);
    expect(told).toEqual(["A-1"]);
  });
  test("nothing but blanks is no code", () => {
    reader.read(" \n\n");
    reader.end();
    expect(told).toEqual([]);
  });
});

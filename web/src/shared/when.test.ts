import { expect, test } from "vitest";
import { dayFrom, instantOf, setZone, when, whenExact, whenTitle } from "./when";

const now = new Date("2026-11-24T16:30:00Z"); // half past midnight of the 25th in Shanghai

test("a time is told by the hub's own days, not the browser's", () => {
  setZone("Asia/Shanghai");
  expect(when("2026-11-24T16:10:00Z", "zh", now)).toBe("00:10");
  expect(when("2026-11-24T13:07:00Z", "zh", now)).toBe("昨天 21:07");
  expect(when("2026-11-24T13:07:00Z", "en", now)).toBe("Yesterday 21:07");
  expect(when("2026-11-23T06:22:00Z", "zh", now)).toBe("11-23 14:22");
  expect(when("2026-11-23T06:22:00Z", "en", now)).toBe("23 Nov 14:22");
  expect(when("2025-11-23T06:22:00Z", "zh", now)).toBe("2025-11-23");
  expect(whenExact("2026-11-24T16:10:09Z", "zh", now)).toBe("00:10:09");
  expect(whenTitle("2026-11-24T16:10:09Z")).toBe("2026-11-24 16:10:09 UTC");
});

test("a day before the first of a month is the last of the month before", () => {
  expect(dayFrom(new Date("2026-03-01T04:00:00Z"), -1)).toBe("2026-02-28");
});

test("a zone that the browser does not know changes nothing", () => {
  setZone("Mars/Olympus");
  expect(when("2026-11-24T16:10:00Z", "zh", now)).toBe("00:10");
});

test("a wall clock of the hub's zone is one instant, on the days that are an hour shorter or longer too", () => {
  setZone("Asia/Shanghai");
  expect(instantOf("2026-11-11T00:00")).toBe("2026-11-10T16:00:00.000Z");
  setZone("Europe/Berlin");
  expect(instantOf("2026-03-29T12:00")).toBe("2026-03-29T10:00:00.000Z");
  expect(instantOf("2026-10-25T12:00")).toBe("2026-10-25T11:00:00.000Z");
  setZone("Asia/Shanghai");
});

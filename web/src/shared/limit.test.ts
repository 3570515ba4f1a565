import { expect, test } from "vitest";
import { limitText, pressure } from "./limit";

const minute = 60_000;
const hour = 60 * minute;

test("what is left is told the way people count it", () => {
  expect(limitText(3 * hour + 52 * minute, 0, "zh")).toBe("剩 3:52");
  expect(limitText(0, 12 * minute, "zh")).toBe("超 0:12");
  expect(limitText(51 * hour, 0, "zh")).toBe("剩 2 天 3 小时");
  expect(limitText(48 * hour, 0, "en")).toBe("2 d left");
  expect(limitText(4 * minute + 5000, 0, "zh")).toBe("剩 0:04:05");
});

test("a limit presses in its last quarter, and hard in its last half hour", () => {
  expect(pressure(10 * hour, 0, 2 * hour)).toBe("calm");
  expect(pressure(10 * hour, 0, 8 * hour)).toBe("soon");
  expect(pressure(10 * hour, 0, 9.6 * hour)).toBe("now");
  expect(pressure(10 * hour, 0, 11 * hour)).toBe("now");
  expect(pressure(10 * hour, undefined, 8 * hour)).toBe("calm");
});

import { afterEach, expect, test } from "vitest";
import { Problem } from "@/api/problem";
import { askAsSeen } from "./see_as";

afterEach(() => sessionStorage.clear());

test("who looks as a role asks as it, and can change nothing with rights of their own", () => {
  const read = new Request("http://hub/api/v1/orders");
  askAsSeen(read);
  expect(read.headers.get("X-See-As")).toBeNull();
  sessionStorage.setItem("orderloom.see_as", "service");
  askAsSeen(read);
  expect(read.headers.get("X-See-As")).toBe("service");
  expect(() => askAsSeen(new Request("http://hub/api/v1/orders/1/cancel", { method: "POST" }))).toThrow(Problem);
  expect(() => askAsSeen(new Request("http://hub/api/v1/session", { method: "DELETE" }))).not.toThrow();
});

import { describe, expect, it } from "vitest";
import { listOf, NOTHING, rulesOf, withRule } from "./rules";

const half = { ...NOTHING, share_percent: 50 };
const rules = { default: half, channels: { amazon: { ...NOTHING, buffer: 2 } }, shops: {}, skus: { "M-001": { ...NOTHING, shops: { SH01: half } } } };

describe("rules of the formula", () => {
  it("come back as they were", () => {
    expect(rulesOf(listOf(rules))).toEqual(rules);
  });
  it("hold each place once, where it stood", () => {
    const list = withRule(listOf(rules), { level: "channels", name: "amazon", shop: "", keys: half });
    expect(list.map((one) => one.name)).toEqual(["", "amazon", "M-001"]);
    expect(rulesOf(list).channels["amazon"]).toEqual(half);
  });
});

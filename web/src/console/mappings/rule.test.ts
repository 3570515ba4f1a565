import { describe, expect, it } from "vitest";
import type { Target } from "@/api/generated/schema";
import { columnOf, join, ruleOf, simple, valuesOf, valuesText, withColumn, withRule, written } from "./rule";
import type { Block, Json } from "./rule";

const target = (block: string, name: string, column = "", names: string[] = []): Target =>
  ({ block, name, kind: "text", is_required: false, title: { zh: name, en: name }, words: [], column, names });

describe("a rule as a row", () => {
  it("comes back as it was", () => {
    const rules: Json[] = ["tid", ["a", "b"], { path: "state", values: { x: "paid" } }, { function: "join", of: ["a", "b"], with: { separator: "-" } }, { const: "CNY" }];
    for (const rule of rules) expect(written(simple(rule) ?? { paths: [] })).toEqual(rule);
  });
  it("is left to a text where a row cannot say it", () => {
    expect(simple({ path: "a", when: { b: 1 } })).toBeUndefined();
    expect(simple([{ path: "a" }, "b"])).toBeUndefined();
    expect(simple({ function: "sum", of: [{ const: 1 }] })).toBeUndefined();
  });
});

describe("a place joined to a field of the order", () => {
  const document: Block = { topic: "order", root: "data.order", fields: {}, lines: { each: "items", fields: {} } };
  it("counts from the document's root, lines from their list", () => {
    expect(ruleOf(join(document, target("fields", "external_id"), "data.order.sn"), target("fields", "external_id"))).toBe("sn");
    expect(ruleOf(join(document, target("lines", "price"), "data.order.items[].price"), target("lines", "price"))).toBe("price");
    expect(ruleOf(join(document, target("lines", "title"), "data.order.title"), target("lines", "title"))).toBe("^.title");
    expect(ruleOf(join(document, target("fields", "note"), "data.memo"), target("fields", "note"))).toBe("$.data.memo");
  });
  it("says where the lines are when nobody has", () => {
    const found = join({ topic: "order", fields: {} }, target("lines", "price"), "goods.list[].amount");
    expect(found["lines"]).toEqual({ each: "goods.list", fields: { price: "amount" } });
  });
  it("is taken away without a trace", () => {
    const one = withRule(document, target("receiver", "name"), "who");
    expect(withRule(one, target("receiver", "name"), undefined)["receiver"]).toEqual({});
  });
});

describe("a column of a file", () => {
  const order = target("fields", "external_id", "订单号", ["订单号", "订单编号"]);
  it("is known by its name, and a named one comes first", () => {
    expect(columnOf({}, order, ["订单编号", "料号"])).toEqual({ name: "订单编号", isOwn: false });
    const own = withColumn({}, order, "客户单号");
    expect(own.columns).toEqual({ 客户单号: "订单号" });
    expect(columnOf(own, order, ["订单编号"])).toEqual({ name: "客户单号", isOwn: true });
    expect(withColumn(own, order, undefined).columns).toEqual({});
  });
  it("keeps its value map as lines", () => {
    expect(valuesOf(valuesText({ a: "1", b: "x=y" }))).toEqual({ a: "1", b: "x=y" });
  });
});

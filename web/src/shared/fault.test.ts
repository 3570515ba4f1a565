import { expect, test } from "vitest";
import { causeText, factsText, faultText } from "./fault";

test("an error of another system is told in words, never by its code", () => {
  expect(faultText("unreachable: TimeoutError()", "zh")).toBe("连不上");
  expect(faultText("unreachable: TimeoutError()", "en")).toBe("Cannot be reached");
  expect(faultText("too_late: JD01-1: 已发货 / it has left the warehouse", "zh")).toBe("来不及，货已离仓 · JD01-1: 已发货");
  expect(faultText("masked_receiver: WD01: 不收令牌 | takes no token", "en")).toBe("The receiver is masked, the label would print stars · takes no token");
  expect(faultText("refused: 商品已下架", "zh")).toBe("对方拒绝 · 商品已下架");
});

test("an error whose code is not known is shown as it came", () => {
  expect(faultText("E10083: 参数错误", "zh")).toBe("E10083: 参数错误");
  expect(faultText("", "zh")).toBe("");
});

test("facts of a case are sentences: no code, no null, no minor units", () => {
  expect(factsText({ blame: "receiver", order: "A", waybill: null, incident: "refused" }, "zh")).toBe("收件人拒收 · 责任在收件人");
  expect(factsText({ asked: "cancel", state: "refunded", native: null, amount: null, refunded: 17820, currency: "CNY" }, "zh")).toBe("取消 · 已退款 · 已退 ¥178.20");
  expect(factsText({ why: "1 signature", account: "SH01" }, "zh")).toBe("1 条签名不符 · SH01");
  expect(factsText({ order: "A" }, "zh")).toBe("");
});

test("what cases have in common is named without the server's prefixes and ids", () => {
  expect(causeText("target:WD01:too_late", "zh")).toBe("WD01 · 来不及，货已离仓");
  expect(causeText("account:3", "zh")).toBe("同一家店铺");
  expect(causeText("TB01:trade", "en")).toBe("TB01 · trade");
});

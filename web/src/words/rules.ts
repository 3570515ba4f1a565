/** Words of the page of rules. What rules, traits and outcomes are called comes from the blueprint and the hub. */
import { bilingual } from "./language";

export const rules = bilingual(
  {
    title: "规则", how: "规则是业务蓝图 rules/ 里的决策表：改好后发布新版本，新订单按新的来。", version: (number: number) => `生效的业务蓝图：第 ${number} 版`,
    none: "还没有规则", noneText: "在业务蓝图里加 rules/名称.yaml，例如满额送赠品。", off: "停用", first: "只取第一条满足的", every: "满足的都取",
    row: "行", any: "任意", minor: "（最小货币单位）", yes: "是", no: "否", unknown: (codes: string) => `没有这些商品编码，不会送出：${codes}`,
    tryTitle: "拿一张订单试", order: "订单号或平台单号", tryIt: "试算", tried: (number: string, version: number) => `${number}，按第 ${version} 版`, nothingKept: "只是试算，不会改动订单。",
    decided: "满足", lost: (rows: string) => `也满足、没有取：${rows}`, noRow: "没有一行满足", sees: "规则看到的", notKnown: "不知道",
  },
  {
    title: "Rules", how: "Rules are decision tables in the blueprint's rules/: change one and publish a version; new orders go by it.", version: (number) => `Blueprint in force: version ${number}`,
    none: "No rules yet", noneText: "Add rules/NAME.yaml to the blueprint, for example for a gift above an amount.", off: "Off", first: "the first row that matches", every: "every row that matches",
    row: "Row", any: "any", minor: " (minor units)", yes: "yes", no: "no", unknown: (codes) => `No such SKUs, nothing is given: ${codes}`,
    tryTitle: "Try an order", order: "Order number, ours or the channel's", tryIt: "Try", tried: (number, version) => `${number}, by version ${version}`, nothingKept: "Only tried: the order is not changed.",
    decided: "Matches", lost: (rows) => `Match too, not taken: ${rows}`, noRow: "No row matches", sees: "What rules see", notKnown: "not known",
  },
);

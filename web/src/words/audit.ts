/** Words of the audit in the settings. */
import { bilingual } from "./language";

export const audit = bilingual(
  {
    neverChecked: "还没有校验过。每条事实都按单成链，每 10 秒签一次章；校验会从头再算一遍。", whole: (time: string, orders: string, events: string) => `${time} 校验过：${orders} 单、${events} 条事实，全部完好。`, broken: (time: string, count: number) => `${time} 校验发现 ${count} 处问题。`,
    wholeDeep: "连同由日志推出的订单、资金、库存和原始凭证。", running: (done: string, total: string) => `正在校验：${done} / ${total} 条事实`, starting: "正在校验：还在排队", sealed: (number: string, time: string) => `最近的签章：第 ${number} 号，${time}`, notSealed: "还没有签章",
    verify: "校验", verifyDeep: "全面校验", deepMeans: "日志之外，再从日志重算订单、资金、库存，核对收件人和原始凭证；慢得多。", begun: "校验已开始", past: "校验记录", at: "时间", by: "谁", resultWhole: "完好", faults: (count: number) => `${count} 处问题`, deep: "全面", log: "日志",
    scope: (orders: string, events: string) => `${orders} 单 · ${events} 条`, unsealed: (count: string) => `另有 ${count} 条刚发生，还没有签章`, outside: "把 audit/checkpoints.jsonl 和 keys/audit.pub 定期抄到别处，才能证明整段日志没有被换掉。",
    changed: "被改动", deleted: "被删除", reordered: "被调换顺序", cut_off: "尾部被截断", inserted: "被插入", rewritten: "整链被重写", checkpoint_forged: "签章被伪造", checkpoint_missing: "签章缺失", differs: "与日志不符", unreadable: "无法读取", missing: "所指不存在",
    facts: "事实", order: "订单", actor: "谁做的", kind: "发生了什么", from: "从", to: "到", find: "查找", clear: "清除", none: "没有符合的事实", noneYet: "还没有事实", noneMeans: "订单上发生的每件事都记在这里，不改也不删。", lookedTo: (time: string) => `已查到 ${time} 为止，更早的还没有查。`, older: "查更早的", hash: "链上的指纹", detail: "内容", openOrder: "打开订单",
    order_recorded: "订单入库", order_amended: "订单修改", receiver_changed: "收件人变更", milestone_claimed: "系统报来里程碑", stage_moved: "进入环节", money_recorded: "记账", stock_held: "占住库存", stock_converted: "预占转占用", stock_split: "库存拆分", presale_taken: "预售排队", presale_met: "预售到货", work_accepted: "作业接单", stock_released: "释放库存", stock_short: "库存不足", gifts_reviewed: "审赠品",
    work_assigned: "派作业单", work_moved: "作业单变化", parcel_shipped: "包裹发出", parcel_tracked: "包裹轨迹", parcel_named: "运单改号", parcel_announced: "已告知渠道", parcel_replaced: "包裹替换", parcel_withdrawn: "包裹撤回", hold_placed: "挂起", hold_released: "解除挂起", after_sale_heard: "售后申请", after_sale_decided: "售后答复",
    decision_answered: "渠道回应答复", order_cancelled: "订单取消", action_taken: "人工操作",
  },
  {
    neverChecked: "It was never verified. The facts of each order are a chain, sealed every ten seconds; a verification reckons all of it again.", whole: (time, orders, events) => `Verified ${time}: ${orders} orders, ${events} facts, all whole.`, broken: (time, count) => `The verification of ${time} found ${count} faults.`,
    wholeDeep: "So is what follows from the log: orders, money, stock, vouchers.", running: (done, total) => `Verifying: ${done} of ${total} facts`, starting: "Verifying: still in the queue", sealed: (number, time) => `Last seal: number ${number}, ${time}`, notSealed: "Nothing is sealed yet",
    verify: "Verify", verifyDeep: "Verify all", deepMeans: "Beside the log, reckons orders, money and stock from it again and checks receivers and vouchers; much slower.", begun: "The verification has begun", past: "Verifications", at: "When", by: "Who", resultWhole: "Whole", faults: (count) => `${count} faults`, deep: "All", log: "Log",
    scope: (orders, events) => `${orders} orders · ${events} facts`, unsealed: (count) => `${count} facts of the last moments are not sealed yet`, outside: "Copy audit/checkpoints.jsonl and keys/audit.pub to another place regularly: only that proves that the whole log was not replaced.",
    changed: "changed", deleted: "deleted", reordered: "reordered", cut_off: "cut off", inserted: "inserted", rewritten: "rewritten", checkpoint_forged: "seal forged", checkpoint_missing: "seal missing", differs: "not what the log says", unreadable: "unreadable", missing: "what it names is gone",
    facts: "Facts", order: "Order", actor: "By whom", kind: "What happened", from: "From", to: "To", find: "Search", clear: "Clear", none: "No fact fits", noneYet: "No facts yet", noneMeans: "All that happens to orders is written down here, never changed and never deleted.", lookedTo: (time) => `Looked back to ${time}; older facts were not looked at.`, older: "Look further back", hash: "Fingerprint in the chain", detail: "Content", openOrder: "Open the order",
    order_recorded: "Order recorded", order_amended: "Order amended", receiver_changed: "Receiver changed", milestone_claimed: "Milestone claimed", stage_moved: "Stage entered", money_recorded: "Money recorded", stock_held: "Stock bound", stock_converted: "Reservation allocated", stock_split: "Stock split", presale_taken: "Placed in a presale", presale_met: "Presale met", work_accepted: "Work accepted", stock_released: "Stock released", stock_short: "Stock short", gifts_reviewed: "Gifts reviewed",
    work_assigned: "Work assigned", work_moved: "Work moved", parcel_shipped: "Parcel shipped", parcel_tracked: "Parcel tracked", parcel_named: "Waybill renamed", parcel_announced: "Channel told", parcel_replaced: "Parcel replaced", parcel_withdrawn: "Parcel withdrawn", hold_placed: "Hold placed", hold_released: "Hold released", after_sale_heard: "After-sale heard", after_sale_decided: "After-sale decided",
    decision_answered: "Decision answered", order_cancelled: "Order cancelled", action_taken: "Action taken",
  },
);

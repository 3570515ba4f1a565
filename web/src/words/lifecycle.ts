/** Words of the lifecycle page. What stages, cases and milestones are called comes from the blueprint. */
import { bilingual } from "./language";

export const lifecycle = bilingual(
  {
    title: "生命周期", sub: (name: string, version: number, time: string) => `蓝图 ${name} 第 ${version} 版 · ${time} 的数`, drawing: "图", list: "列表", views: "看法",
    orders: (n: string) => `${n} 单`, more: (n: string) => `${n} 单以上`, median: (time: string) => `中位已停 ${time}`, over: (n: string) => `超时 ${n}`,
    stage: "环节", phase: "阶段", standing: "现有订单", age: "中位停留", late: "超时", owner: "负责", limit: "时限", noLimit: "没有时限", opens: "超时开", final: "终点", initial: "起点",
    customer: "顾客看到", entered: "怎么进来", left: "怎么离开", stays: "停在这里时", none: "没有", rule: (n: number) => `规则 ${n}`, from: "从", to: "到", when: "条件", does: "同时", by: "谁可以", any: "任一未完结环节",
    showOrders: "看这里的订单", choose: "点一个环节看它的规则。", because: "因为",
    fact: "发生", action: "按钮", deadline: "到时",
    recorded: "建单", short: "缺货", stock_found: "又有货", held: "挂起", released: "解除挂起", amended: "渠道改了订单", added: "加购已付款", nothing_to_ship: "没有要发的实物",
    cancel: "取消", confirm: "确认收货", retry: "重试", reship: "补发", accept_return: "收下退货", close: "了结", stage_overdue: "环节超时", zoom: "缩放", zoomIn: "放大", zoomOut: "缩小", zoomFit: "看全图", details: "环节说明",
  },
  {
    title: "Lifecycle", sub: (name, version, time) => `blueprint ${name}, version ${version} · as of ${time}`, drawing: "Drawing", list: "List", views: "View",
    orders: (n) => `${n} orders`, more: (n) => `over ${n} orders`, median: (time) => `here for ${time} (median)`, over: (n) => `${n} overdue`,
    stage: "Stage", phase: "Phase", standing: "Orders now", age: "Median stay", late: "Overdue", owner: "Owner", limit: "Time limit", noLimit: "No limit", opens: "then opens", final: "end", initial: "start",
    customer: "The customer sees", entered: "How orders come in", left: "How they leave", stays: "While they stay", none: "None", rule: (n) => `Rule ${n}`, from: "from", to: "to", when: "if", does: "does", by: "by", any: "any open stage",
    showOrders: "Show its orders", choose: "Choose a stage to read its rules.", because: "because",
    fact: "when", action: "button", deadline: "time",
    recorded: "recorded", short: "short of stock", stock_found: "stock found", held: "put on hold", released: "hold released", amended: "changed by its channel", added: "addition paid", nothing_to_ship: "nothing to ship",
    cancel: "cancel", confirm: "confirm receipt", retry: "retry", reship: "re-ship", accept_return: "accept the return", close: "close", stage_overdue: "stage overdue", zoom: "Zoom", zoomIn: "Zoom in", zoomOut: "Zoom out", zoomFit: "Show all", details: "About the stage",
  },
);

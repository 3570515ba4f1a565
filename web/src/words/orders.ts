/** Words of the order list. */
import { bilingual } from "./language";

export const orders = bilingual(
  {
    title: "订单", all: "全部", export: "导出", manual: "手工订单", find: "在结果中查找", filter: "筛选", seeResults: "看结果", clear: "清除", display: "显示", saveView: "另存为视图", viewName: "视图名称", dropView: "删除视图", viewSaved: "视图已保存",
    number: "订单号", phase: "阶段 · 环节或原因", limit: "时限", goods: "商品", units: "件", paid: "实付", receiver: "收件人", warehouses: "仓库", waybills: "运单", tags: "标签", placed: "下单", paid_at: "付款时间", cases: "异常", account: "店铺", external: "平台单号", note: "买家留言", fields: "自定义字段",
    fPhase: "阶段", fStage: "环节", fChannel: "渠道", fAccount: "店铺", fPayment: "付款", fWarehouse: "仓库", fTag: "标签", fHold: "挂起", fProvince: "省份", fCase: "异常", fCarrier: "承运商", fLate: "时限", fPlaced: "下单", fAmount: "金额", fHeld: "是否挂起", fNumbers: "单号", fField: "自定义字段",
    overdue: "已超时", "due-1h": "1 小时内到期", "due-4h": "4 小时内到期", "due-24h": "24 小时内到期", "due-today": "今日到期", today: "今天", yesterday: "昨天", "7d": "最近 7 天", "30d": "最近 30 天", "90d": "最近 90 天", yes: "挂起中", no: "未挂起",
    unpaid: "待付款", partially_paid: "部分付款", cod: "货到付款", in_doubt: "存疑", overcharged: "多付", partially_refunded: "部分退款", refunded: "已退款", paidWord: "已付款",
    many: (first: string, count: number) => (count > 2 ? `${first} 等 ${count} 项` : first), apply: "应用", pick: "选择或输入",
    numbersOf: (count: number) => `${count} 个`, numbersHint: "订单号、平台单号、运单号，一行一个", missing: (count: number) => `${count} 个单号没有订单：`, missingMore: (count: number) => `等，还有 ${count} 个`, copyMissing: "复制没有订单的单号",
    fresh: (count: number) => `${count} 个新订单`, left: "已移出此视图", kinds: (count: number) => `${count} 种`,
    empty: "还没有订单", emptyMeans: "连接店铺后，订单会自动出现在这里；电话、线下的订单可以手工录入。", filterEmpty: "没有符合的订单", drop: (names: string) => `去掉「${names}」就会有结果。`,
    chosen: (count: number) => `已选 ${count} 单`, chosenAll: "已选筛选结果全部", chooseAll: "选中筛选结果全部", hold: "挂起", release: "解除挂起", cancel: "取消订单", tag: "打标签", replay: "重放", replayMeans: "这些订单的原始消息按现在的映射重新处理；人做过的改动保留。", doReplay: (count: string) => `重放 ${count}`, replayRuns: "正在逐单重放，可以关掉这里，进度在右上角。", replayDone: (n: number, no: number) => (no ? `${n} 单已重放，${no} 单有消息搁置` : `${n} 单已重放`), replayChanged: "有改动", replayWaits: (why: string) => `有消息搁置：${why}`, replayNone: "没有原始消息", replayFirst: (n: number) => `下面是前 ${n} 单的试算`,
    doHold: (count: string) => `挂起 ${count}`, doRelease: (count: string) => `解除挂起 ${count}`, doCancel: (count: string) => `取消 ${count}`, count: (count: number) => `${count} 单`, whole: "筛选结果全部", preview: "试算", ahead: "会发生什么",
    goes_on: "继续", held: "挂起", unchanged: "不变", refused: "不能做", tells: "会告诉", first500: "下面是前 500 单的试算。", begun: "已开始，进度在右上角", allRows: (count: number) => `共 ${count} 单`,
    tagAdd: "加上", tagRemove: "去掉", tagged: "标签已更新", tagHint: "输入后回车，新词即新标签",
    exportChosen: (count: number) => `选中的 ${count} 单`, exportFilter: "当前筛选的全部（最多 20 万单）", asShown: "与列表相同的列", allColumns: "全部列", form: "格式", closedOnly: "你的角色只能导出已了结的订单。", clearText: "包含明文个人信息", clearReason: "写明用途，会逐单留下记录", doExport: "开始导出",
    column: "列", up: "上移", down: "下移", reset: "恢复默认", compact: "紧凑", comfortable: "宽松", dense: "紧密", density: "密度", open: "打开订单", asOf: (time: string) => `按 ${time} 的时限排序`, narrow: "缩小到最近 7 天", filters: "筛选", total: "应付", stage: "环节", holdReason: "挂起原因", stuck: "开着的异常单",
  },
  {
    title: "Orders", all: "All", export: "Export", manual: "Manual order", find: "Find in the results", filter: "Filter", seeResults: "See results", clear: "Clear", display: "Display", saveView: "Save as view", viewName: "Name of the view", dropView: "Drop this view", viewSaved: "View saved",
    number: "Order", phase: "Phase · stage or reason", limit: "Time limit", goods: "Goods", units: "Units", paid: "Paid", receiver: "Receiver", warehouses: "Warehouse", waybills: "Waybill", tags: "Tags", placed: "Placed", paid_at: "Paid at", cases: "Cases", account: "Shop", external: "Channel's number", note: "Buyer's message", fields: "Custom fields",
    fPhase: "Phase", fStage: "Stage", fChannel: "Channel", fAccount: "Shop", fPayment: "Payment", fWarehouse: "Warehouse", fTag: "Tag", fHold: "Hold", fProvince: "Province", fCase: "Case", fCarrier: "Carrier", fLate: "Time limit", fPlaced: "Placed", fAmount: "Amount", fHeld: "On hold", fNumbers: "Numbers", fField: "Custom field",
    overdue: "Overdue", "due-1h": "Due in 1 hour", "due-4h": "Due in 4 hours", "due-24h": "Due in 24 hours", "due-today": "Due today", today: "Today", yesterday: "Yesterday", "7d": "Last 7 days", "30d": "Last 30 days", "90d": "Last 90 days", yes: "On hold", no: "Not on hold",
    unpaid: "Unpaid", partially_paid: "Partly paid", cod: "Cash on delivery", in_doubt: "In doubt", overcharged: "Overpaid", partially_refunded: "Partly refunded", refunded: "Refunded", paidWord: "Paid",
    many: (first, count) => (count > 2 ? `${first} and ${count - 1} more` : first), apply: "Apply", pick: "Choose or type",
    numbersOf: (count) => String(count), numbersHint: "Order numbers, channels' numbers, waybills, one a line", missing: (count) => (count === 1 ? "1 number has no order: " : `${count} numbers have no order: `), missingMore: (count) => `and ${count} more`, copyMissing: "Copy the numbers without an order",
    fresh: (count) => (count === 1 ? "1 new order" : `${count} new orders`), left: "Not in this view any more", kinds: (count) => `${count} kinds`,
    empty: "No orders yet", emptyMeans: "Orders appear here by themselves once a shop is connected; phone and offline orders are entered by hand.", filterEmpty: "No order fits", drop: (names) => `Without “${names}” there would be some.`,
    chosen: (count) => `${count} chosen`, chosenAll: "All that fit are chosen", chooseAll: "Choose all that fit", hold: "Hold", release: "Release", cancel: "Cancel orders", tag: "Tag", replay: "Replay", replayMeans: "The messages of these orders go through today's mapping again; what people changed stays.", doReplay: (count) => `Replay ${count}`, replayRuns: "One by one. You can close this: progress is at the top right.", replayDone: (n, no) => (no ? `${n} replayed, ${no} have a message that waits` : `${n} replayed`), replayChanged: "changed", replayWaits: (why) => `a message waits: ${why}`, replayNone: "no message", replayFirst: (n) => `below are the first ${n}`,
    doHold: (count) => `Hold ${count}`, doRelease: (count) => `Release ${count}`, doCancel: (count) => `Cancel ${count}`, count: (count) => (count === 1 ? "1 order" : `${count} orders`), whole: "all that fit", preview: "Dry run", ahead: "What would happen",
    goes_on: "Go on", held: "On hold", unchanged: "Unchanged", refused: "Refused", tells: "Told", first500: "Below is the dry run of the first 500.", begun: "Begun: progress is at the top right", allRows: (count) => `${count} orders in all`,
    tagAdd: "Add", tagRemove: "Take off", tagged: "Tags are updated", tagHint: "Enter makes it a tag; a new word is a new tag",
    exportChosen: (count) => `The ${count} chosen`, exportFilter: "All that fit (200,000 at most)", asShown: "Those of the list", allColumns: "All columns", form: "Form", closedOnly: "Your role may export closed orders alone.", clearText: "With personal data in clear text", clearReason: "Say what for: it is written down for every order", doExport: "Start the export",
    column: "Columns", up: "Up", down: "Down", reset: "Back to the default", compact: "Compact", comfortable: "Comfortable", dense: "Dense", density: "Density", open: "Open the order", asOf: (time) => `Sorted by the time limits of ${time}`, narrow: "Narrow to the last 7 days", filters: "Filters", total: "Total", stage: "Stage", holdReason: "On hold because", stuck: "Open cases",
  },
);

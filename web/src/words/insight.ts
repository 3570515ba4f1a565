/** Words of the boards of figures. */
import { bilingual } from "./language";

export const insight = bilingual(
  {
    title: "洞察", overview: "总览", orders: "订单", sync: "同步", cases: "异常", recovery: "康复", shipping: "发货", boards: "看板",
    by: "按", day: "日", week: "周", month: "月", channel: "渠道", account: "店铺", warehouse: "仓库", kind: "种类",
    from: "从", to: "到", days7: "7 天", days30: "30 天", days90: "90 天", year: "12 个月", range: "时间", all: "全部", exports: "导出 CSV",
    cOrders: "订单数", cCancelled: "取消", cValue: "订单金额", cLag50: "同步时差（中位）", cLag95: "同步时差（95%）", cCases: "新开异常单", cRate: "异常率", cAssigned: "作业单",
    cShipped: "已发货订单", cOnTime: "按时发货率", cRecovery50: "康复时间（中位）", cRecovery90: "康复时间（90%）", cRecovered: "修好的异常",
    mOrders: "按下单日", mCancelled: "按下单日，后来取消的", mValue: "按下单日，渠道最近报的总额", mLag: "平台改动到织单收到", mCases: "按打开日", mRate: "每百单新开的异常单", mAssigned: "按选仓日", mShipped: "按首个包裹出库日",
    mOnTime: "有平台时限的订单里，时限前出库的", mRecovery: "从第一次异常到恢复正常，按恢复日", mRecovered: "按恢复日",
    before: "上一期", now: "本期", was: (value: string) => `上一期 ${value}`, data: "看数据", chart: "看图", rows: "看明细", part: "分组", change: "增减", nothing: "这段时间没有数",
    leftOut: (names: string) => `这样分组时没有：${names}`, asOf: (time: string) => `${time} 的数`, behind: (time: string) => `还在汇总，下面是 ${time} 为止的数`, percent: (value: string) => `${value}%`, missing: "—", unknownPart: "（不明）",
    hint: "点柱或点看明细",
  },
  {
    title: "Insight", overview: "Overview", orders: "Orders", sync: "Sync", cases: "Cases", recovery: "Recovery", shipping: "Shipping", boards: "Boards",
    by: "By", day: "Day", week: "Week", month: "Month", channel: "Channel", account: "Shop", warehouse: "Warehouse", kind: "Kind",
    from: "From", to: "To", days7: "7 days", days30: "30 days", days90: "90 days", year: "12 months", range: "Time", all: "All", exports: "Export CSV",
    cOrders: "Orders", cCancelled: "Cancelled", cValue: "Order value", cLag50: "Sync lag (median)", cLag95: "Sync lag (95%)", cCases: "Cases opened", cRate: "Case rate", cAssigned: "Works",
    cShipped: "Orders shipped", cOnTime: "Shipped on time", cRecovery50: "Recovery time (median)", cRecovery90: "Recovery time (90%)", cRecovered: "Troubles mended",
    mOrders: "by the day placed", mCancelled: "by the day placed, cancelled later", mValue: "by the day placed, as the channel states it last", mLag: "from the platform's change to our receipt", mCases: "by the day opened", mRate: "cases opened per hundred orders", mAssigned: "by the day a warehouse was chosen", mShipped: "by the day of the first parcel",
    mOnTime: "of orders with a ship-by time, those that left before it", mRecovery: "from the first trouble to normal again, by the day it ended", mRecovered: "by the day it ended",
    before: "Period before", now: "This period", was: (value) => `${value} before`, data: "Show data", chart: "Show chart", rows: "Show rows", part: "Part", change: "Change", nothing: "No figures in this time",
    leftOut: (names) => `Not told this way: ${names}`, asOf: (time) => `as of ${time}`, behind: (time) => `Still being added up; below is the state of ${time}`, percent: (value) => `${value}%`, missing: "—", unknownPart: "(unknown)",
    hint: "Choose a bar or point to see its rows",
  },
);

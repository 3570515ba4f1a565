/** Words of the snapshot pages: the list, one snapshot, what differs and whose new orders wait. */
import { bilingual } from "./language";

export const snapshots = bilingual(
  {
    title: "库存快照", sub: "同一时刻各系统的数对照账本；超差的商品暂停新单，到时自己恢复", take: "立即快照", taken: "已开始，各系统答完后显示结果", back: "库存", number: "快照号", began: "时间", by: "发起", compared: "对照", differ: "不同", explained: "在途可解释", unread: "没答",
    paused: "暂停新单", none: "还没有快照", noneMeans: "每天定时对照一次，也可以现在就做一次；只读取，不改任何库存。", running: "正在向各系统询问，可能要几分钟。", now: "进行中",
    byClock: "定时", say: (compared: string, differ: string, explained: string) => `对照 ${compared} 个数，${differ} 个不同，其中 ${explained} 个在途可解释。`, agree: (compared: string) => `对照 ${compared} 个数，全部一致。`,
    sayPaused: (count: number) => `${count} 个商品暂停新单；已占到货的订单照常走。`, wasPaused: (count: number) => `${count} 个商品当时暂停过新单，现在都已恢复。`, pausedTitle: "谁在暂停", until: "恢复时间", release: "提前放行", releaseMeans: "这次快照暂停的商品马上接受新单；已在等的订单按各自的时间恢复。差异本身没有改，请另行盘点或调整。",
    released: (count: number) => `${count} 个商品已放行`, systems: "问了谁", gaveNothing: (system: string, why: string) => `${system} 没有给出：${why}`, rows: "差异", noRows: "没有差异", system: "系统", place: "位置", sku: "商品编码", meaning: "口径", ours: "本系统", theirs: "对方", permille: "‰", why: "说明",
    in_flight: "在途：账本当时或之后就是这个数", on_its_way: "在途：渠道还没收到最新数", sold_since: "推送后那边又卖了", unexplained: "没有解释", unknownSku: "本系统没有这个商品", physical: "现货", net_of_orders: "扣除订单", atp: "可售", shown: "渠道展示", notSaid: "未说",
    permilleMeans: "差额占较大一方的千分比，向上取整", explainedMeans: "路上的变化能解释的差异不算，不会暂停新单", notThere: "没有",
  },
  {
    title: "Stock snapshots", sub: "Every system's figure of one moment beside the book; new orders of SKUs that differ too much wait, and go on by themselves", take: "Take a snapshot", taken: "Begun; the result shows when the systems have answered", back: "Stock", number: "Snapshot", began: "When", by: "By", compared: "Compared", differ: "Differ", explained: "Explained", unread: "Silent",
    paused: "New orders wait", none: "No snapshot yet", noneMeans: "One is taken each day, and you can take one now. It only reads; no stock is changed.", running: "The systems are being asked; that may take minutes.", now: "Running",
    byClock: "Daily", say: (compared, differ, explained) => `${compared} figures compared, ${differ} differ, ${explained} of them explained by what is on its way.`, agree: (compared) => `${compared} figures compared; all agree.`,
    sayPaused: (count) => (count === 1 ? " New orders of 1 SKU wait; orders that have stock go on." : ` New orders of ${count} SKUs wait; orders that have stock go on.`), wasPaused: (count) => (count === 1 ? " New orders of 1 SKU waited, and go on by now." : ` New orders of ${count} SKUs waited, and go on by now.`), pausedTitle: "Whose new orders wait", until: "Until", release: "Let them go on", releaseMeans: "New orders of the SKUs that this snapshot paused go on at once; orders that wait already go on at their own time. The difference itself stays: count or adjust the stock.",
    released: (count) => (count === 1 ? "1 SKU goes on" : `${count} SKUs go on`), systems: "Who was asked", gaveNothing: (system, why) => `${system} gave nothing: ${why}`, rows: "What differs", noRows: "Nothing differs", system: "System", place: "Place", sku: "SKU", meaning: "Meaning", ours: "Hub", theirs: "Theirs", permille: "‰", why: "Explanation",
    in_flight: "On its way: the book showed just that, then or since", on_its_way: "On its way: the channel is still being told", sold_since: "Sold there since it was told", unexplained: "Nothing explains it", unknownSku: "The hub has no such SKU", physical: "On hand", net_of_orders: "Net of orders", atp: "Available", shown: "Shown", notSaid: "Not said",
    permilleMeans: "The difference in per mille of the larger figure, rounded up", explainedMeans: "What is on its way explains it: it counts for nothing and pauses nothing", notThere: "none",
  },
);

export type SnapshotWords = (typeof snapshots)["zh"] | (typeof snapshots)["en"];

/** Words of the page of works that could leave in one parcel. */
import { bilingual } from "./language";

export const together = bilingual(
  {
    title: "可合单", sub: "同店、同收货人、同仓，还没人开始做的作业单，可以合成一个包裹、一张面单", back: "作业单",
    receiver: "收件人", orders: "订单", units: "件数", warehouse: "仓库", account: "店铺", less: "省下", since: "最早下发", act: "操作",
    parcelsLess: (count: number) => `少发 ${count} 个包裹`, merge: "合单", mergeAll: (count: number) => `全部合单（${count} 组）`,
    merged: (count: number) => (count === 1 ? "已合单" : `已合单 ${count} 组`),
    empty: "没有可以合单的作业单", emptyMeans: "同一个买家的几张订单在同一个仓库等着发货时，会出现在这里。", more: "还有更多，先处理这些",
  },
  {
    title: "To merge", sub: "Works of one shop for one receiver from one warehouse that nobody has begun: they may share a parcel and a label", back: "Works",
    receiver: "Receiver", orders: "Orders", units: "Units", warehouse: "Warehouse", account: "Shop", less: "Saves", since: "First since", act: "Act",
    parcelsLess: (count) => (count === 1 ? "1 parcel less" : `${count} parcels less`), merge: "Merge", mergeAll: (count) => `Merge all (${count})`,
    merged: (count) => (count === 1 ? "Merged" : `${count} parcels made`),
    empty: "Nothing is to be merged", emptyMeans: "Several orders of one buyer that wait in one warehouse show up here.", more: "There are more: do these first",
  },
);

/** Words of the heat map of sales. */
import { bilingual } from "./language";

export const heat = bilingual(
  {
    title: "热度图", sub: "哪些商品、什么时候卖得快，哪些压着不动", stock: "库存", hour: "近 24 小时", day: "近 28 天", by: "时间", best: "卖得最多", worst: "卖得最少", order: "排序",
    account: "店铺", warehouse: "仓库", group: "分组", find: "查找编码、名称、条码", sku: "商品", total: "合计", fewer: "少", more: "多",
    empty: "没有商品", emptyMeans: "这段时间没有订单，或没有符合条件的商品。", byHouse: "选了仓库：按仓库接到发货任务的时间算，组合商品只算组件。",
    bundles: "组合商品既算自己，也算进它的组件。", cell: (sku: string, when: string, units: string) => `${sku}，${when}：${units} 件`,
    inBundles: (units: string) => `（其中组合带出 ${units} 件）`, asOf: (time: string) => `截至 ${time}`, behind: (time: string) => `还在累加，数据截至 ${time}`, table: "每个商品每个时段的件数",
  },
  {
    title: "Heat map", sub: "What sells fast and when, and what lies still", stock: "Stock", hour: "Last 24 hours", day: "Last 28 days", by: "Time", best: "Sold most", worst: "Sold least", order: "Order",
    account: "Shop", warehouse: "Warehouse", group: "Group", find: "Find code, name, barcode", sku: "SKU", total: "Total", fewer: "fewer", more: "more",
    empty: "No SKUs", emptyMeans: "There were no orders in this time, or no SKU is like this.", byHouse: "By the hour in which the warehouse got the work; of bundles the components alone.",
    bundles: "A bundle counts as itself and as its components.", cell: (sku: string, when: string, units: string) => `${sku}, ${when}: ${units} units`,
    inBundles: (units: string) => ` (${units} of them in bundles)`, asOf: (time: string) => `As of ${time}`, behind: (time: string) => `Being added up, as of ${time}`, table: "Units of each SKU by time",
  },
);

/** Words of how soon a sale at one shop is shown at the others. */
import { bilingual } from "./language";

export const reach = bilingual(
  {
    title: "一处卖出，多久各处改数", says: (sales: string, seconds: number, late: string) => `24 小时内 ${sales} 次；应在 ${seconds} 秒内，超过的 ${late} 次。`, account: "店铺", sales: "别店卖出", late: "超时",
    waited: "最慢的一步", worst: "最慢的商品", stillWaits: "还在等", overADay: "超过一天", landing: "平台报来", route: "占库存", publish: "算可售", queue: "排队推送", answer: "渠道回答",
  },
  {
    title: "Sold here, gone there", says: (sales, seconds, late) => `${sales} in 24 hours; due within ${seconds} s, ${late} took longer.`, account: "Shop", sales: "Sold elsewhere", late: "Late",
    waited: "Slowest step", worst: "Slowest SKU", stillWaits: "Still waits", overADay: "over a day", landing: "told by the platform", route: "stock bound", publish: "figure worked out", queue: "queued", answer: "channel's answer",
  },
);

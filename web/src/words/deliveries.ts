/** Words of deliveries, and what each tells the other system. */
import { bilingual } from "./language";

export const deliveries = bilingual(
  {
    title: "推送", sub: "织单告诉其他系统的每一件事", all: "全部", due: "待处理", parked: "搁置", done: "已送出", cancelled: "已取消", given_up: "已放弃",
    target: "对方", kind: "内容", order: "订单", state: "状态", tries: "次数", next: "下次", error: "最近的错误", created: "产生", doneAt: "完成",
    empty: "还没有推送", emptyMeans: "织单要告诉仓库、渠道或订阅方什么时，会先记在这里，再送出去，直到对方收下。", filterEmpty: "这个状态下没有推送",
    resend: "重发", resent: "已重新排队", giveUp: "放弃", givenUp: "已放弃", giveUpMeans: "放弃后，同一订单后面的推送会继续送出；这一条留有记录。",
    body: "送出的内容", answer: "对方的回答", history: "人工处理", failedTries: "没有成功的尝试", status: "应答码", pruned: (time: string) => `内容已过保留期，${time} 起只留摘要`, times: (count: number) => `${count} 次`,
  },
  {
    title: "Deliveries", sub: "Everything the hub tells other systems", all: "All", due: "Pending", parked: "Parked", done: "Arrived", cancelled: "Cancelled", given_up: "Given up",
    target: "Target", kind: "What", order: "Order", state: "State", tries: "Tries", next: "Next", error: "Latest error", created: "Made", doneAt: "Done",
    empty: "No deliveries yet", emptyMeans: "What the hub has to tell a warehouse, a channel or a subscriber is written down here first and sent until it is taken.", filterEmpty: "No delivery is in this state",
    resend: "Resend", resent: "In the queue again", giveUp: "Give up", givenUp: "Given up", giveUpMeans: "Later deliveries of the same order go out then; this one stays on record.",
    body: "What is sent", answer: "What was answered", history: "By hand", failedTries: "Tries that failed", status: "Answer code", pruned: (time) => `Not kept any more: since ${time} only its digest is`, times: (count) => (count === 1 ? "1 try" : `${count} tries`),
  },
);

export const deliveryKinds = bilingual(
  {
    work: "下发作业单", work_cancel: "召回作业单", shipment: "回传发货", stock: "推送库存", purge: "清缓存", watch: "订阅物流", label: "取面单", label_cancel: "作废面单", pickup: "预约揽收",
    pickup_cancel: "取消揽收", decision: "答复售后", promise: "告知新的送达时间", event: "事件", message: "通知",
  },
  {
    work: "Dispatch work", work_cancel: "Recall work", shipment: "Report the shipment", stock: "Stock figures", purge: "Clear the cache", watch: "Follow the parcel", label: "Get a label", label_cancel: "Cancel the label",
    pickup: "Book a pickup", pickup_cancel: "Cancel the pickup", decision: "After-sales answer", promise: "New promised date", event: "Event", message: "Notification",
  },
);

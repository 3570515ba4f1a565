/** Words of the works page: what people pick, pack and hand over themselves. */
import { bilingual } from "./language";

export const works = bilingual(
  {
    title: "作业单", sub: "没有仓储系统的仓库在这里拣货、打包、出库", open: "未出库", to_pick: "待拣货", picked: "已拣货", packed: "已打包", out: "已出库", cancelled: "已取消",
    number: "作业单", order: "订单", goods: "商品", receiver: "收件人", warehouse: "仓库", state: "环节", created: "下发", note: "备注",
    pickList: "拣货单", terminal: "手持终端", bench: "打包台", ways: "作业单的各页", printJobs: "打印任务", doubts: "存疑台", slip: "打印装箱单", held: "已挂起，先不要做", orderCancelled: "订单已取消，货不要发出",
    empty: "还没有作业单", emptyMeans: "订单付款后按选仓规则下发到仓库。仓库若没有仓储系统，作业单就出现在这里，由人一步步做完。", filterEmpty: "这个环节下没有作业单",
    doPicked: "拣完了", doPacked: "装好了", doOut: "出库", carrier: "承运商", waybill: "运单号", waybillMeans: "买了面单的不用填；也可以以后补。", reason: "说明", reasonMeans: "货已召回仍然发出时必须写明",
    waves: "波次", floor: "现场", together: "可合单", merged: "合单", rescue: "抢发漏单", rescueMeans: "输入漏发订单的单号：马上找到货在哪里、单独建波次或接单、申请面单。做不了的一步会说明原因，再点一次接着做。", rescueNow: "马上抢发", inHand: "谁在拣", wave: "波次", labelAsked: "面单已申请",
    handOver: "登记出库", told: "已登记", boxes: "包裹", noWaybill: "运单号待补", units: (count: number) => `×${count}`, boxed: (count: number) => `已装 ${count}`,
  },
  {
    title: "Works", sub: "What warehouses without a system pick, pack and hand over", open: "Not out", to_pick: "To pick", picked: "Picked", packed: "Packed", out: "Out", cancelled: "Cancelled",
    number: "Work", order: "Order", goods: "Goods", receiver: "Receiver", warehouse: "Warehouse", state: "Step", created: "Dispatched", note: "Note",
    pickList: "Pick list", terminal: "Hand terminal", bench: "Pack bench", ways: "Pages about works", printJobs: "Print jobs", doubts: "Doubts", slip: "Packing slip to print", held: "On hold: leave it for now", orderCancelled: "The order is cancelled: nothing is to leave",
    empty: "No works yet", emptyMeans: "Paid orders go to a warehouse by the rules of sourcing. What goes to one that has no system of its own shows up here, for people to do.", filterEmpty: "No work is at this step",
    doPicked: "Picked", doPacked: "Packed", doOut: "Hand over", carrier: "Carrier", waybill: "Waybill", waybillMeans: "Not needed where a label was bought; it may follow later.", reason: "Note", reasonMeans: "Needed for goods that leave although they were called back",
    waves: "Waves", floor: "Floor now", together: "To merge", merged: "Merged", rescue: "Rescue a missed order", rescueMeans: "The number of an order that was missed: where its goods lie, a wave of its own or your name on it, and its label, at once. A step that cannot be done says why; asked again, it goes on.", rescueNow: "Send it now", inHand: "Picked by", wave: "Wave", labelAsked: "Label asked for",
    handOver: "Book as out", told: "Booked", boxes: "Parcels", noWaybill: "Waybill to follow", units: (count) => `×${count}`, boxed: (count) => `${count} packed`,
  },
);

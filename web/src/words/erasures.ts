/** What the page of erasures says. */
import { bilingual } from "./language";

interface Emptied { vouchers: number; labels: number; notes: number; deliveries: number; texts: number }

export const erasures = bilingual(
  {
    title: "抹除个人信息", add: "抹除一个人", none: "还没有抹除过", means: "有人要求删除个人信息时，在这里按订单号或电话抹除；这里只留下谁、何时、为何、多少单。",
    addMeans: "抹掉姓名、电话、地址，以及原始凭证、面单、备注里的内容；订单、金额、库存和日志的证明都保留。还没走完的订单不会动。",
    numbers: "订单号（每行一个，或用逗号隔开）", phone: "收件人电话（完整号码）", look: "看会抹掉什么",
    at: "时间", by: "谁", orders: "单数", state: "结果", gone: "抹掉了", reason: "原因", reasonHint: "至少 4 个字；不要写姓名和电话",
    running: "进行中", ended: "已抹除", begun: "已开始抹除，进度见右上角",
    partly: (done: number, refused: number) => `${done} 单已抹除，${refused} 单没动`,
    count: (count: number) => `${count} 单`,
    emptied: (one: Emptied) => `凭证 ${one.vouchers}、面单 ${one.labels}、备注 ${one.notes}、推送 ${one.deliveries}、日志文字 ${one.texts}`,
    would: (count: number) => `将抹除 ${count} 单的个人信息`, wouldNone: "没有可以抹除的订单",
    vouchers: "原始凭证", labels: "面单", notes: "备注", deliveries: "推送正文", cases: "异常单里的证据", files: "订单导出文件（全部删除）",
    sharedMeans: (count: number) => `其中 ${count} 条凭证是含多张订单的文件：整份清空，其他订单各有自己的凭证，不受影响。`,
    leftOut: (count: number) => `${count} 单不会动：`,
    why: (code: string) => ({ in_progress: "还没走完", deliveries_wait: "还有推送没送完", erased: "已经抹除过" })[code] ?? code,
    type: (count: number) => `输入单数 ${count} 以确认`,
    forGood: "抹除后找不回来。已有的数据库备份里仍有这些内容，到备份过期为止。",
    doIt: (count: number) => `抹除 ${count} 单`,
  },
  {
    title: "Erasures", add: "Erase a person", none: "Nobody has been erased yet", means: "When somebody asks to be forgotten, erase them here by order number or phone. What is kept is who did it, when, why and for how many orders.",
    addMeans: "Takes out name, phone and address, and what stands in vouchers, labels and notes. Orders, money, stock and the proof of the log stay. Orders that are under way are left alone.",
    numbers: "Order numbers (one a line, or by commas)", phone: "Receiver's phone (whole number)", look: "Show what would go",
    at: "When", by: "Who", orders: "Orders", state: "Result", gone: "Emptied", reason: "Reason", reasonHint: "4 characters at least; no name, no phone",
    running: "Under way", ended: "Erased", begun: "Begun: progress is shown at the top",
    partly: (done: number, refused: number) => `${done} erased, ${refused} left`,
    count: (count: number) => `${count} orders`,
    emptied: (one: Emptied) => `vouchers ${one.vouchers}, labels ${one.labels}, notes ${one.notes}, pushes ${one.deliveries}, texts of the log ${one.texts}`,
    would: (count: number) => `The person of ${count} orders would be erased`, wouldNone: "There is no order to erase",
    vouchers: "Vouchers", labels: "Labels", notes: "Notes", deliveries: "Bodies of pushes", cases: "Evidence of cases", files: "Files of exported orders (all are removed)",
    sharedMeans: (count: number) => `${count} of the vouchers are files of several orders: they are emptied whole. The other orders have vouchers of their own and are not touched.`,
    leftOut: (count: number) => `${count} are left alone:`,
    why: (code: string) => ({ in_progress: "still under way", deliveries_wait: "pushes of it wait", erased: "erased before" })[code] ?? code,
    type: (count: number) => `Type the number of orders, ${count}, to confirm`,
    forGood: "It cannot be taken back. Backups of the database that exist keep it until they expire.",
    doIt: (count: number) => `Erase ${count} orders`,
  },
);

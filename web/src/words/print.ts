/** Words of the pages about printing and about requests in doubt. */
import { bilingual } from "./language";

export const print = bilingual(
  {
    title: "打印任务", sub: "面单、装箱单、拣货单；每张只交给打印机一次，打没打出来说不准的问人", back: "作业单",
    open: "要看的", queued: "排队", leased: "打印中", printed: "已打出", failed: "没打出", unknown: "打出来了吗", cancelled: "已撤回", any: "全部",
    job: "任务", paper: "打什么", about: "内容", printer: "打印机", state: "状态", made: "时间", by: "谁", error: "原因", reason: "补打原因", again: "补打", reprintOf: "补打自", size: "纸", ended: "结束", station: "工位", warehouse: "仓库",
    label: "面单", slip: "装箱单", pick_list: "拣货单", wave_sheet: "波次单", code_labels: "库位标签",
    cameOut: "打出来了", notOut: "没打出来", unknownMeans: "打印代理没说清这张纸打出来没有。去打印机旁看一眼：打出来了就确认；没打出来再补打，面单号不变。",
    reprint: "补打", reprintMeans: "会另打一张，面单上印“补打”，运单号不变。写明原因。", takeBack: "撤回", done: "已登记", queuedNow: "已排队",
    printers: "打印机", noPrinter: "还没有打印机", noPrinterMeans: "管理员登记打印机（docs/printing.md），在打印机旁的电脑上运行 orderloom print-agent，面单买到就自动打印。",
    alive: "代理在线", silent: "代理没来取任务", never: "代理还没来过", off: "停用", automatic: "自动打面单",
    empty: "没有要打印的", emptyMeans: "买到面单时按工位自动排队；也可以从作业单打印装箱单、面单。", filterEmpty: "这个状态下没有打印任务",
    otherPrinter: "换一台打印机（可不填）",
    lease_over: "代理领走后没有回音", not_out: "人看过，没打出来", unreachable: "连不上打印机", broken_off: "传到一半断了", cups: "CUPS 没打完", folder: "文件夹写不进", not_found: "面单已不在", label_not_there: "面单没有买到", label_hidden: "收件人被平台隐藏", hidden_field: "代理的令牌看不到收件人", not_possible: "这台打印机打不了",
  },
  {
    title: "Print jobs", sub: "Labels, slips, pick lists: each goes to a printer once, and people are asked about those nobody is sure of", back: "Works",
    open: "To look at", queued: "Queued", leased: "Printing", printed: "Printed", failed: "Not printed", unknown: "Did it come out?", cancelled: "Taken back", any: "All",
    job: "Job", paper: "Paper", about: "About", printer: "Printer", state: "State", made: "When", by: "Who", error: "Why", reason: "Why again", again: "reprint", reprintOf: "Reprint of", size: "Size", ended: "Ended", station: "Station", warehouse: "Warehouse",
    label: "Label", slip: "Packing slip", pick_list: "Pick list", wave_sheet: "Wave sheet", code_labels: "Place labels",
    cameOut: "It came out", notOut: "It did not", unknownMeans: "The print agent could not say whether this paper came out. Look at the printer: say so if it did; if not, print it again. The waybill stays the same.",
    reprint: "Print again", reprintMeans: "Another sheet is printed, marked 补打 on a label, with the same waybill. Say why.", takeBack: "Take back", done: "Noted", queuedNow: "Queued",
    printers: "Printers", noPrinter: "No printer yet", noPrinterMeans: "An administrator enters printers (docs/printing.md) and runs orderloom print-agent on the computer beside each: then labels print as they are bought.",
    alive: "Agent is there", silent: "Agent asks for nothing", never: "Agent was never there", off: "Off", automatic: "Prints labels by itself",
    empty: "Nothing to print", emptyMeans: "A label queues at its station as it is bought; slips and labels can be printed from a work, too.", filterEmpty: "No print job is in this state",
    otherPrinter: "Another printer (may be left out)",
    lease_over: "Taken by an agent, then silence", not_out: "A person looked: it did not come out", unreachable: "The printer cannot be reached", broken_off: "The line broke half-way", cups: "CUPS did not end it", folder: "The folder cannot be written", not_found: "The label is gone", label_not_there: "The label was not bought", label_hidden: "The platform hides the receiver", hidden_field: "The agent's token sees no receivers", not_possible: "Not for this printer",
  },
);

export const doubts = bilingual(
  {
    title: "存疑台", sub: "问了承运商、回答丢了的面单和取件：先再问一次，问不到的由人核实，绝不重复购买", back: "作业单",
    what: "什么", number: "编号", work: "作业单", account: "账号", asked: "申请", state: "状态", error: "原因", order: "订单", box: "箱", by: "谁申请",
    label: "面单", label_cancel: "取消面单", pickup: "取件", pickup_cancel: "取消取件",
    in_doubt: "存疑", askedState: "还没有回音", cancelling: "取消中存疑",
    askAgain: "再问一次", askAgainMeans: "先问承运商有没有这一单：有就取回运单号，没有才重新下单。", asking: "正在问",
    found: "承运商那边有", waybill: "运单号", evidence: "在哪看到的", foundMeans: "在承运商后台查到运单号时登记；登记后算已购买，不会再买第二张。", enter: "登记运单号",
    none: "承运商那边没有", noneMeans: "放弃这次申请，之后可以重新申请或换承运商。写明问过谁。", giveUp: "放弃申请", done: "已登记",
    empty: "没有存疑的", emptyMeans: "承运商没有回音的面单和取件会出现在这里，不会自动重买。", more: "只列出最早的 200 条",
  },
  {
    title: "Desk of doubts", sub: "Labels and couriers whose answer was lost: asked again first, then looked up by a person, never bought twice", back: "Works",
    what: "What", number: "Number", work: "Work", account: "Account", asked: "Asked", state: "State", error: "Why", order: "Order", box: "Box", by: "Asked by",
    label: "Label", label_cancel: "Label given back", pickup: "Courier", pickup_cancel: "Courier called off",
    in_doubt: "In doubt", askedState: "No answer yet", cancelling: "Cancelling, in doubt",
    askAgain: "Ask again", askAgainMeans: "The carrier is asked whether it has the order: if so its waybill is taken, else it is ordered anew.", asking: "Asking",
    found: "The carrier has it", waybill: "Waybill", evidence: "Where it was seen", foundMeans: "For a waybill that was found in the carrier's own system: it counts as bought, and no second one is.", enter: "Enter the waybill",
    none: "The carrier has none", noneMeans: "The request is given up; another may be made, of this carrier or another. Say who was asked.", giveUp: "Give it up", done: "Noted",
    empty: "Nothing is in doubt", emptyMeans: "Labels and couriers that a carrier does not answer for show up here; none is bought again by itself.", more: "The oldest 200 are listed",
  },
);

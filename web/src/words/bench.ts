/** Words of the pack bench, read from a step away. */
import { bilingual } from "./language";

export const bench = bilingual(
  {
    title: "打包台", station: "本台", noStation: "不打印", noPrinter: "没有自动打印的打印机：在“打印任务”里设一台。", hint: "扫周转箱、作业单或面单，再扫商品", hintBox: "扫要装进去的商品", hintWall: "扫商品，亮的格子就是它的",
    wall: "播种墙", slot: (slot: number) => `${slot} 号`, into: (slot: number) => `放 ${slot} 号格`, intoBox: "装进这一箱", closed: "已封箱", full: "已封", empty: "没拣到",
    label: (state: string, printer: string) => ({ printing: `面单在 ${printer} 打印`, asked: "面单已申请，回来就在本台打印", in_doubt: "面单没有回音：找主管", printed_before: "面单之前已送打印", no_printer: "面单已有，本台没有打印机", no_label_account: "没有卖面单的账号：手工贴单", refused: "快递不给面单：找主管", buyer_fetches: "买家自提：不贴面单" }[state] ?? `没有面单（${state}）：找主管`),
    labelState: (state: string) => ({ "": "没有面单", asked: "等快递回面单", bought: "有面单", in_doubt: "面单没有回音", refused: "快递不给面单", given_up: "没有面单" }[state] ?? state),
    atHand: "称重", grams: "克", weigh: "称好", weighed: (grams: number) => `已称 ${grams} 克`, unweighed: "还没有称", material: "包材", fits: "合适", why: "为什么照样发（运营填）", letGo: "照样放行", isKept: "记下了",
    itIs: "这是", itWants: "要的是", nothingWanted: "这一箱不缺了", other: "换一箱", leaveWave: "换一个波次", done: "这一波装完了",
  },
  {
    title: "Pack bench", station: "Bench", noStation: "No printing", noPrinter: "No printer prints by itself: set one up among the print jobs.", hint: "Scan a tote, a work or a label, then items", hintBox: "Scan what goes into it", hintWall: "Scan an item: its slot lights up",
    wall: "Put wall", slot: (slot) => `Slot ${slot}`, into: (slot) => `Into slot ${slot}`, intoBox: "Into this box", closed: "Closed", full: "closed", empty: "not picked",
    label: (state, printer) => ({ printing: `Label prints on ${printer}`, asked: "Label asked for: it prints here when it comes", in_doubt: "Nothing heard of the label: tell your lead", printed_before: "Label was sent to print before", no_printer: "There is a label, but no printer here", no_label_account: "No account sells labels: stick your own", refused: "The carrier gives no label: tell your lead", buyer_fetches: "The buyer fetches it: no label" }[state] ?? `No label (${state}): tell your lead`),
    labelState: (state) => ({ "": "no label", asked: "label on its way", bought: "has its label", in_doubt: "nothing heard of its label", refused: "carrier gives no label", given_up: "no label" }[state] ?? state),
    atHand: "On the scale", grams: "Grams", weigh: "Weigh", weighed: (grams) => `Weighs ${grams} g`, unweighed: "Not weighed yet", material: "Material", fits: "fits", why: "Why it leaves all the same (operations)", letGo: "Let it go", isKept: "Kept",
    itIs: "This is", itWants: "Wanted", nothingWanted: "This box lacks nothing", other: "Another box", leaveWave: "Another wave", done: "This wave is packed",
  },
);

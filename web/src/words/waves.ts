/** Words of the waves page: works that are picked together in a warehouse that is run here. */
import { bilingual } from "./language";

export const waves = bilingual(
  {
    title: "波次", sub: "自管仓库里一起拣的作业单", back: "作业单", all: "全部", planned: "待放行", released: "拣货中", closed: "已完成", cancelled: "已取消",
    number: "波次", kind: "拣法", warehouse: "仓库", anyWarehouse: "所有仓库", state: "状态", due: "最早要发", done: "进度", works: "作业单", maker: "建的人", opened: "建于",
    discrete: "按单", single_item: "单品单件", same_sku: "爆款", cluster: "边拣边分", batch_sort: "先拣后播",
    progress: (picked: string, units: string) => `已拣 ${picked} / ${units}`, packed: (units: string) => `已装 ${units}`, short: (units: string) => `缺 ${units}`,
    empty: "还没有波次", emptyMeans: "波次把自管仓库里待拣的作业单按最早发货时间凑在一起，由手持终端逐件扫描拣货。先在设置 → 仓库里把仓库改为自管仓。", filterEmpty: "没有这样的波次",
    plan: "建波次", planMeans: "按最早要发的先后，从这个仓库待拣的作业单里选；货架上货不够的不进来。", orders: "最多几单", carrier: "只要承运商（可不填）", release: "放行", planNow: "建好并放行", planOnly: "只建，稍后放行",
    noHouse: "没有自管的仓库", made: (number: string) => `已建 ${number}`, isReleased: "已放行", giveUp: "取消波次", giveUpMeans: "没装箱的作业单退回，已拣的要放回货架；装好的照发。", isCancelled: "已取消",
    tasks: "拣货任务", place: "库位", sku: "商品", lot: "批号", rest: "还要", picked: "已拣", shortHead: "缺", picker: "谁拣的", slot: "格口", order: "订单", boxed: "已装箱", left: "已离开", putBack: (units: string) => `放回 ${units}`, tote: "周转箱", pickList: "打印拣货单", sheet: "打印波次单", buyLabels: "预买面单", labelsTold: (asked: string, known: string) => `面单：新申请 ${asked}，已有 ${known}；回来后在打包台封箱时打印`,
    history: "经过", more: (rest: string) => `还有 ${rest} 次扫描，见审计`,
    wave_planned: "建波次", wave_released: "放行", wave_tasks_added: "加拣货任务", wave_units_picked: "拣货", wave_units_packed: "装箱", wave_units_put_back: "放回", wave_task_short: "缺货", wave_box_closed: "封箱", wave_box_weighed: "称重", wave_scan_undone: "撤销扫描", wave_box_packed_in: "用包材", wave_work_left: "作业单离开", wave_closed: "完成", wave_cancelled: "取消",
  },
  {
    title: "Waves", sub: "Works that are picked together in a warehouse that is run here", back: "Works", all: "All", planned: "Planned", released: "Picking", closed: "Closed", cancelled: "Cancelled",
    number: "Wave", kind: "Way", warehouse: "Warehouse", anyWarehouse: "Any warehouse", state: "State", due: "First due", done: "Progress", works: "Works", maker: "By", opened: "Since",
    discrete: "Work by work", single_item: "Single pieces", same_sku: "Equal works", cluster: "Sorted on the cart", batch_sort: "Sorted at the wall",
    progress: (picked, units) => `${picked} of ${units} picked`, packed: (units) => `${units} packed`, short: (units) => `${units} short`,
    empty: "No waves yet", emptyMeans: "A wave takes the works that are due first in a warehouse that is run here; hand terminals pick them by scans. Make a warehouse one that is run here first, in settings → warehouses.", filterEmpty: "No such wave",
    plan: "Plan a wave", planMeans: "Of the warehouse's works that are to be picked, those that are due first; what the shelves lack goods for stays out.", orders: "Works at most", carrier: "This carrier alone (optional)", release: "Release", planNow: "Plan and release", planOnly: "Plan, release later",
    noHouse: "No warehouse is run here", made: (number) => `${number} is planned`, isReleased: "Released", giveUp: "Give the wave up", giveUpMeans: "Works that are not boxed are given back, what was picked goes back to its shelf; closed boxes leave all the same.", isCancelled: "Given up",
    tasks: "Tasks", place: "Place", sku: "SKU", lot: "Lot", rest: "To fetch", picked: "Picked", shortHead: "Short", picker: "Picker", slot: "Slot", order: "Order", boxed: "Boxed", left: "Left", putBack: (units) => `${units} to put back`, tote: "Tote", pickList: "Pick list", sheet: "Wave sheet", buyLabels: "Buy labels", labelsTold: (asked, known) => `Labels: ${asked} asked for, ${known} there before; each prints where its box is closed`,
    history: "History", more: (rest) => `${rest} scans more: see the audit`,
    wave_planned: "Planned", wave_released: "Released", wave_tasks_added: "Tasks added", wave_units_picked: "Picked", wave_units_packed: "Packed", wave_units_put_back: "Put back", wave_task_short: "Short", wave_box_closed: "Box closed", wave_box_weighed: "Weighed", wave_scan_undone: "Scan taken back", wave_box_packed_in: "Packed in", wave_work_left: "Work left", wave_closed: "Closed", wave_cancelled: "Given up",
  },
);

/** Words of the page of sourcing: carriers' regions that are stopped, and rule sets beside each other. */
import { bilingual } from "./language";

export const sourcing = bilingual(
  {
    title: "选仓", how: "选仓权重、快递产品与价格写在业务蓝图的 sourcing.yaml；这里停运区域，并对比规则分组的结果。",
    stops: "停运区域", none: "没有停运", noneText: "快递不通的区域在这里停运：新订单绕开，没出库的承诺改期并告知买家。", number: "编号", carrier: "快递", every: "全部快递", region: "区域", from: "开始", until: "结束", open: "未定", reason: "原因", source: "来源",
    hand: "人工", tracking: "物流轨迹", by: "谁说的", ended: "已恢复", inForce: "生效中", resume: "恢复", resumeMeans: "新订单又会走这里；已经改期的承诺不再改回。", resumed: "已恢复",
    add: "停运", regionMeans: "省、市名称或代码，如 浙江省、杭州市、3301", carrierMeans: "如 中通；留空为全部快递", stopped: (number: string) => `已停运：${number}`,
    arms: "规则分组（近 30 天已结束的订单）", noArms: "还没有结果", noArmsText: "蓝图里有快递产品后，每张订单送达时记下它的结果；sourcing.yaml 的 arms 让两套规则各走一部分订单。", arm: "分组", one: "（唯一）", rule: "规则版本", orders: "订单", onTime: "准时", split: "拆单", returned: "退回", cost: "每单运费", parcels: "包裹",
    s_passed: "可发", s_stopped: "停运", s_does_not_serve: "不通", s_pickup_only: "仅自提", s_too_heavy: "超重", s_not_here: "不在这里自提", service: (name: string, what: string) => `${name}：${what}`, promised: "送达承诺", moved: (stop: string) => `因 ${stop} 改期`, refusedBy: (carrier: string) => `${carrier} 不出面单，改走这个`,
    trial: "配送试算", tryIt: "试算", province: "收货省", city: "收货市", goods: "商品编码，如 M-001:2", noWay: "没有可行的方式", noWayText: "没有一个仓库备齐这些商品，或没有快递产品能到那里。", method: "方式", m_parcel: "快递", m_rider: "骑手", m_pickup: "自提", recommended: "推荐", house: "发货仓", km: "距离 km", freight: "运费",
  },
  {
    title: "Sourcing", how: "Weights, carriers' services and prices stand in the blueprint's sourcing.yaml; here regions are stopped, and rule sets compared.",
    stops: "Stopped regions", none: "Nothing is stopped", noneText: "Stop a region that a carrier does not serve: new orders go around it, promises of what is not out move and buyers are told.", number: "Number", carrier: "Carrier", every: "Every carrier", region: "Region", from: "From", until: "Until", open: "open", reason: "Reason", source: "Source",
    hand: "by hand", tracking: "tracking", by: "Told by", ended: "Resumed", inForce: "In force", resume: "Resume", resumeMeans: "New orders go there again; promises that have moved stay as they are.", resumed: "Resumed",
    add: "Stop a region", regionMeans: "A province or city by name or code: 浙江省, 杭州市, 3301", carrierMeans: "Such as ZTO; empty: every carrier", stopped: (number) => `Stopped: ${number}`,
    arms: "Rule sets (orders that ended in 30 days)", noArms: "No outcomes yet", noArmsText: "Once the blueprint has carriers' services, each order's outcome is kept when it has arrived; arms in sourcing.yaml let two rule sets have a share of the orders each.", arm: "Arm", one: "(one alone)", rule: "Rule version", orders: "Orders", onTime: "On time", split: "Split", returned: "Returned", cost: "Freight an order", parcels: "Parcels",
    s_passed: "can go", s_stopped: "stopped", s_does_not_serve: "does not serve there", s_pickup_only: "pickup only", s_too_heavy: "too heavy", s_not_here: "not fetched here", service: (name, what) => `${name}: ${what}`, promised: "Promised delivery", moved: (stop) => `moved by ${stop}`, refusedBy: (carrier) => `${carrier} sold no label: this one instead`,
    trial: "Try a delivery", tryIt: "Try", province: "To province", city: "To city", goods: "SKUs, such as M-001:2", noWay: "No way there", noWayText: "No warehouse has all of these goods, or no carrier's service goes there.", method: "Method", m_parcel: "Parcel", m_rider: "Rider", m_pickup: "Pickup", recommended: "recommended", house: "From", km: "Distance km", freight: "Freight",
  },
);

/** Words of warehouses and carriers in the settings. */
import { bilingual } from "./language";

export const places = bilingual(
  {
    comma: "、", addHouse: "添加仓库", noHouse: "还没有仓库", houseMeans: "订单从哪里发，先在这里说：所在地、由哪个系统管、先派给谁、一天能发多少。", code: "代码", codeMeans: "大小写有别，以后不能改", name: "名称", system: "系统", byHand: "人工发货", region: "所在地",
    country: "国家（两个字母）", province: "省份", city: "城市", cityMeans: "算距离用；留空则按省会", serves: "服务范围", everywhere: "不限", servesMeans: "省份或国家代码；留空则不限", priority: "优先级", priorityMeans: "0 到 100，小的先派", capacity: "每日上限", capacityMeans: "一天最多派多少张作业单",
    today: "今天已派", waiting: "等发的单", oldest: "最早", units: "库存件数", state: "状态", on: "启用", off: "停用", save: "保存", saved: "已保存", turnOn: "启用", turnOff: "停用", houseOffMeans: "不再派新单，这里的库存不再可售；已经派出的照常发完。",
    inFlight: (count: number) => `已停用，还有 ${count} 单在这里发完`, turned: "已启用", makeFloor: "改为自管仓", noFloor: "不再自管", isFloor: "自管仓：按库位拣货，用波次和手持终端", floorMeans: "自管仓按库位管货，用波次和手持终端拣货；现有库存先算作未上架。", systemOff: "系统已停用", inRules: "选仓的权重在蓝图的 sourcing.yaml，这里只读：发布新蓝图来改。",
    noCarrier: "还没有连接承运商", carrierMeans: "连接承运商后，织单替你买面单、叫揽收、跟踪包裹。", connect: "连接承运商", account: "账号", carries: "承运", any: "任何承运商", can: "能做", label: "面单", pickup: "揽收", quote: "询价", track: "轨迹", labelsDay: "24 小时面单",
    labelsWeek: "7 天面单", lastLabel: "最近一张", parcels: "在途包裹", parked: "搁置", health: "检查", error: "最近的错误", carrierOffMeans: "停用后不再买面单、叫揽收、查轨迹；已经发出的包裹照常走。", carrierOff: "已停用", most: "1,000+",     unfollowed: (what: string) => `没有账号跟踪的在途包裹：${what}。连接它们的承运商或查询服务，轨迹才会更新。`, count: (name: string, count: number) => `${name} ${count} 个`, well: "正常", ill: "有问题", untested: "未测试",
  },
  {
    comma: ", ", addHouse: "Add warehouse", noHouse: "No warehouse yet", houseMeans: "Where orders leave from is said here first: where it is, which system runs it, who is given work first, how much a day.", code: "Code", codeMeans: "Upper and lower case differ; it cannot be changed", name: "Name", system: "System", byHand: "By hand", region: "Region",
    country: "Country (two letters)", province: "Province", city: "City", cityMeans: "For distances; empty: as far as the capital of the province", serves: "Serves", everywhere: "Everywhere", servesMeans: "Provinces or country codes; empty: everywhere", priority: "Priority", priorityMeans: "0 to 100, the lower first", capacity: "Daily capacity", capacityMeans: "Works a day at most",
    today: "Given today", waiting: "Orders waiting", oldest: "Oldest", units: "Units", state: "State", on: "On", off: "Off", save: "Save", saved: "Saved", turnOn: "Switch on", turnOff: "Switch off", houseOffMeans: "It gets no new work and its stock is not for sale; what it was given goes out.",
    inFlight: (count) => `Off; ${count} orders still go out from there`, turned: "Switched on", makeFloor: "Run it here", noFloor: "Not run here any more", isFloor: "Run here: places, waves and hand terminals", floorMeans: "A warehouse that is run here keeps goods by place and picks by waves and hand terminals; what lies there now counts as not placed.", systemOff: "its system is off", inRules: "The weights of sourcing stand in the blueprint's sourcing.yaml and are read-only here: publish a blueprint to change them.",
    noCarrier: "No carrier is connected", carrierMeans: "Once a carrier is connected the hub buys labels, sends for couriers and follows parcels.", connect: "Connect a carrier", account: "Account", carries: "Carries", any: "Any carrier", can: "Can do", label: "Labels", pickup: "Pickups", quote: "Prices", track: "Tracking", labelsDay: "Labels, 24 h",
    labelsWeek: "Labels, 7 d", lastLabel: "Latest", parcels: "Parcels moving", parked: "Parked", health: "Check", error: "Latest error", carrierOffMeans: "No labels, couriers or tracking while it is off; parcels that left go on.", carrierOff: "Switched off", most: "1,000+",     unfollowed: (what) => `Parcels under way that no account follows: ${what}. Connect their carriers or a tracking service to hear of them.`, count: (name, count) => `${name} ${count}`, well: "Well", ill: "Ill", untested: "Untested",
  },
);

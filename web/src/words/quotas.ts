/** Words of the quota pages: the list, one quota, and setting units aside. */
import { bilingual } from "./language";

export const quotas = bilingual(
  {
    title: "预留配额", sub: "给活动、店铺或客户留的货：到时开始留，订单来了就用，到期自动放回", all: "全部", planned: "未开始", open: "进行中", closed: "已结束",
    create: "设置预留", number: "配额号", sku: "商品编码", warehouse: "仓库", anyWarehouse: "全部仓库", keptFor: "留给", units: "留 / 用 / 缺", until: "起止", state: "状态",
    findSku: "商品编码", findCampaign: "活动", empty: "还没有预留", emptyMeans: "大促前先把货留给活动，别的订单就动不到它；没用完的到期自动放回。", filterEmpty: "没有符合的预留",
    kept: "留着", drawn: "已用", missing: "还缺", wanted: "要留", keptMeans: "现在为它留着、别人买不到的", drawnMeans: "已被匹配的订单用掉，归那些订单", missingMeans: "没有足够的可售库存，来货后自动补满",
    bar: (kept: string, drawn: string, missing: string) => `留着 ${kept}，已用 ${drawn}，还缺 ${missing}`,
    unbacked: "货不够", unbackedMeans: "这个仓库里留出去的比货还多：谁先下单谁得，不会卖出没有的货。补货或缩小预留。",
    campaign: "活动", account: "店铺", customer: "客户", campaignHint: "与订单字段 campaign 相同", customerHint: "与订单字段 customer 相同", anyAccount: "不限店铺",
    forWhom: "留给谁（至少写一项，写了的都要符合）", order: "先用哪一边", quotaFirst: "先用预留，再用通用库存", poolFirst: "先用通用库存，再用预留",
    only: "用完即止：符合的订单不用通用库存", mayFall: "用完后接着用通用库存", onlyShort: "用完即止", starts: "开始", ends: "结束", startsNow: "马上开始", endsNever: "直到手动结束",
    zone: (zone: string) => `时间按 ${zone}`, wrongEnd: "结束要晚于开始和现在。", addGoods: "添加商品：编码或名称", noLines: "还没有商品，先添加。", quantity: "件数", remove: "删除这一行", tooFew: "每一行都要选仓库、写大于 0 的件数。", twice: (sku: string) => `${sku} 在同一仓库写了两行。`,
    save: (count: number) => `设置 ${count} 行预留`, saved: (count: number) => `已设置 ${count} 个预留`, back: "库存", history: "经过", resize: "改数量", newQuantity: "新的件数",
    resizeMeans: "调大：有可售的马上留，不够的来货后补；调小：多留的马上放回。不能小于已用掉的。", resized: "已改", close: "提前结束", closedNow: "已结束，没用完的已放回",
    closeMeans: (kept: string, drawn: string) => `马上放回 ${kept} 件，所有渠道都能卖；已被订单用掉的 ${drawn} 件仍归那些订单。结束后不能再打开。`,
    sayOpen: (kept: string, who: string) => `为“${who}”留着 ${kept} 件。`, sayPlanned: (wanted: string, who: string) => `到时为“${who}”留 ${wanted} 件。`, sayClosed: (drawn: string, who: string) => `已结束，“${who}”的订单共用掉 ${drawn} 件。`,
    lacking: (missing: string) => `还缺 ${missing} 件，来货后自动补。`, beforeAll: "符合的订单先用这里的，再用通用库存。", afterAll: "符合的订单先用通用库存，不够才用这里的。",
    h_quota_planned: (units: string) => `设置，要留 ${units} 件`, h_quota_opened: (units: string) => `开始，留出 ${units} 件`, h_quota_filled: (units: string) => `补进 ${units} 件`,
    h_quota_resized: (units: string, delta: string) => `数量改为 ${units} 件（${delta}）`, h_quota_closed: (units: string) => `结束，放回 ${units} 件`, keptMore: (units: string) => `多留 ${units}`, fewer: (units: string) => `放回 ${units}`, same: "留着的没变", byHub: "织单",
    drawnWhere: "订单用掉的写在各订单的历史里。", toWho: "看谁占着这个商品",
  },
  {
    title: "Quotas", sub: "Units kept for a campaign, a shop or a customer: kept from their time on, drawn by orders, given back at the end", all: "All", planned: "Planned", open: "Open", closed: "Closed",
    create: "Set units aside", number: "Quota", sku: "SKU", warehouse: "Warehouse", anyWarehouse: "All warehouses", keptFor: "Kept for", units: "Kept / drawn / missing", until: "From - to", state: "State",
    findSku: "SKU", findCampaign: "Campaign", empty: "Nothing is set aside yet", emptyMeans: "Before a campaign keep units for it: no other order gets them, and what is left goes back by itself.", filterEmpty: "No quota fits",
    kept: "Kept", drawn: "Drawn", missing: "Missing", wanted: "Wanted", keptMeans: "Set aside for it now; nobody else can buy them", drawnMeans: "Taken by orders that match; theirs", missingMeans: "Not enough is free; filled up as goods come in",
    bar: (kept, drawn, missing) => `${kept} kept, ${drawn} drawn, ${missing} missing`,
    unbacked: "Not enough goods", unbackedMeans: "More is set aside in this warehouse than lies there: whoever orders first gets it, and nobody gets what is not there. Restock, or make quotas smaller.",
    campaign: "Campaign", account: "Shop", customer: "Customer", campaignHint: "as in the orders' field campaign", customerHint: "as in the orders' field customer", anyAccount: "Any shop",
    forWhom: "For whom (one at least; all that are given have to fit)", order: "Which is drawn first", quotaFirst: "These units first, then the general stock", poolFirst: "The general stock first, then these units",
    only: "Only these units: matching orders get nothing of the general stock", mayFall: "Then the general stock", onlyShort: "Only these", starts: "Starts", ends: "Ends", startsNow: "At once", endsNever: "Until it is closed",
    zone: (zone) => `Times in ${zone}`, wrongEnd: "It has to end after it starts, and after now.", addGoods: "Add goods: code or name", noLines: "No goods yet: add some first.", quantity: "Units", remove: "Remove this line", tooFew: "Each line needs a warehouse and units above 0.", twice: (sku) => `${sku} stands there twice in one warehouse.`,
    save: (count) => (count === 1 ? "Set 1 line aside" : `Set ${count} lines aside`), saved: (count) => (count === 1 ? "1 quota is made" : `${count} quotas are made`), back: "Stock", history: "What happened", resize: "Resize", newQuantity: "New units",
    resizeMeans: "More: what is free is kept at once, the rest as goods come in. Fewer: what is too much goes back at once. Never less than was drawn.", resized: "Changed", close: "Close early", closedNow: "Closed; what nobody drew went back",
    closeMeans: (kept, drawn) => `${kept} units go back at once and every channel can sell them; the ${drawn} that orders drew stay theirs. It cannot be opened again.`,
    sayOpen: (kept, who) => `${kept} units are kept for ${who}.`, sayPlanned: (wanted, who) => `${wanted} units will be kept for ${who}.`, sayClosed: (drawn, who) => `Closed; orders of ${who} drew ${drawn} units.`,
    lacking: (missing) => ` ${missing} are missing and come as goods come in.`, beforeAll: " Matching orders draw these first, then the general stock.", afterAll: " Matching orders draw the general stock first, then these.",
    h_quota_planned: (units) => `Planned: ${units} units`, h_quota_opened: (units) => `Opened: ${units} units set aside`, h_quota_filled: (units) => `${units} more set aside`,
    h_quota_resized: (units, delta) => `Resized to ${units} units (${delta})`, h_quota_closed: (units) => `Closed: ${units} units given back`, keptMore: (units) => `${units} more kept`, fewer: (units) => `${units} given back`, same: "as many kept as before", byHub: "Orderloom",
    drawnWhere: "What orders drew stands in their own histories.", toWho: "See who holds this SKU",
  },
);

export type QuotaWords = (typeof quotas)["zh"] | (typeof quotas)["en"];

/** Words of the stock documents: the list, one document, and counting. */
import { bilingual } from "./language";

export const documents = bilingual(
  {
    title: "库存单据", sub: "收货、盘点、调整、调拨、退货入库、报损：先做单，大额由另一个人批准，入账一次", back: "库存", all: "全部",
    receipt: "收货", count: "盘点", adjustment: "调整", transfer: "调拨", return_to_stock: "退货入库", scrap: "报损",
    draft: "草稿", counting: "盘点中", waiting_approval: "待审批", posting: "在途", posted: "已入账", refused: "已驳回", cancelled: "已取消",
    find: "查找单号、原因", anyKind: "全部类型", anyWarehouse: "全部仓库", warehouse: "仓库", number: "单号", kind: "类型", state: "状态", why: "原因", maker: "制单", units: "件数", changed: "更新",
    lines: "行", inTransit: (units: string) => `在途 ${units} 件`, empty: "还没有库存单据", emptyMeans: "急用的小改动可以直接“调整库存”；要留凭据、要人批准的，在这里做单。", filterEmpty: "没有符合的单据",
    create: "新建单据", save: "存为草稿", saved: (number: string) => `已存草稿 ${number}`, to: "调入仓库", addGoods: "添加商品：编码或名称", quantity: "件数", frozen: "冻结件", remove: "删除这一行", noLines: "还没有明细，先添加商品",
    receiptMeans: "写到货的件数。", countMeans: "只列要盘的商品和仓库，件数由盘点的人报。", adjustmentMeans: "写变化的件数，减少写负数。", transferMeans: "写调出的件数；货先在途，调入仓库收货后才可卖。", return_to_stockMeans: "写退回的件数。", scrapMeans: "写报损的件数。",
    frozenMeans: "待检或已冻结的货：进来先不卖，报损时从冻结里扣。", submit: "提交", begin: "开始盘点", approve: "批准", refuse: "驳回", cancel: "取消单据", cancelMeans: "单据不再入账，盘点冻结的货放回。", refuseMeans: "单据不入账。",
    overUnits: "件数超过限额", overAmount: "金额超过限额", overCurrency: "成本币种不同，无法比较", waits: (why: string, roles: string) => `${why}，等 ${roles} 批准；制单的人不能批自己的。`,
    value: "货值", sku: "商品编码", name: "名称", differs: "差异", counts: "盘点记录", counted: (by: string, units: string, book: string) => `${by} 数 ${units}，账面 ${book}`,
    received: "已到", found: "多到", lost: "丢失", rest: "在途", blind: "盲盘：不显示账面数，数多少报多少。", blindMeans: "差异要由另一个人再数一遍。", yours: "等别人复盘", askCount: "待盘", askRecount: "待复盘", done: "已数清",
    tell: (count: number) => `报 ${count} 行`, told: "已记下", sure: "我再数过了，就是这个数", slip: "这个数像是按错了：请再数一遍。", came: "这次到的件数", receive: "收货", receivedNow: "已收货", lose: "按丢失处理", loseMeans: "在途的货不会再到，从账上去掉。", lostUnits: "丢失件数",
    history: "经过", judged: (by: string, text: string) => `${by}：${text}`, hidden: (lines: number) => `有 ${lines} 行不在你的范围内，不能办理。`, nothingLeft: "没有要你数的行。",
    document_drafted: "做单", document_lines_stated: "写明细", document_submitted: "提交", document_approved: "批准", document_refused: "驳回", document_cancelled: "取消", document_posted: "入账", document_count_begun: "开始盘点，冻结所盘的货",
    document_lines_counted: "报盘点数", document_goods_sent: "货已发出，在途", document_goods_arrived: "到货", document_goods_lost: "在途丢失", done_submit: "已提交", done_approve: "已批准", done_refuse: "已驳回", done_cancel: "已取消",
  },
  {
    title: "Stock documents", sub: "Receive, count, adjust, transfer, return, scrap: drafted first, approved by somebody else where it is large, posted once", back: "Stock", all: "All",
    receipt: "Receipt", count: "Count", adjustment: "Adjustment", transfer: "Transfer", return_to_stock: "Return to stock", scrap: "Scrap",
    draft: "Draft", counting: "Counting", waiting_approval: "Waiting for approval", posting: "In transit", posted: "Posted", refused: "Refused", cancelled: "Cancelled",
    find: "Find number or reason", anyKind: "All kinds", anyWarehouse: "All warehouses", warehouse: "Warehouse", number: "Number", kind: "Kind", state: "State", why: "Reason", maker: "Made by", units: "Units", changed: "Changed",
    lines: "Lines", inTransit: (units) => `${units} in transit`, empty: "No stock documents yet", emptyMeans: "A small change can be made at once by “Adjust stock”; what needs a document or somebody's approval is made here.", filterEmpty: "No document fits",
    create: "New document", save: "Save as draft", saved: (number) => `Draft ${number} is saved`, to: "To warehouse", addGoods: "Add goods: code or name", quantity: "Units", frozen: "Frozen", remove: "Remove this line", noLines: "No lines yet: add goods first",
    receiptMeans: "Write the units that came.", countMeans: "List what is to be counted and where; whoever counts tells the units.", adjustmentMeans: "Write the units that change; fewer is negative.", transferMeans: "Write the units that go; they are in transit until the other warehouse receives them.", return_to_stockMeans: "Write the units that came back.", scrapMeans: "Write the units that are thrown away.",
    frozenMeans: "Goods to be inspected, or frozen: what comes is not sold yet, what is scrapped is taken out of the frozen.", submit: "Submit", begin: "Begin the count", approve: "Approve", refuse: "Refuse", cancel: "Cancel the document", cancelMeans: "It will not be posted; what a count froze is released.", refuseMeans: "It will not be posted.",
    overUnits: "More units than the limit", overAmount: "A greater amount than the limit", overCurrency: "Costs in another currency cannot be compared", waits: (why, roles) => `${why}: it waits for ${roles}. Nobody approves a document of their own.`,
    value: "Value", sku: "SKU", name: "Name", differs: "Differs", counts: "Counts", counted: (by, units, book) => `${by} counted ${units}, books ${book}`,
    received: "Received", found: "Found", lost: "Lost", rest: "In transit", blind: "Blind count: the books are not shown. Tell what you count.", blindMeans: "A difference is counted again by somebody else.", yours: "Somebody else counts again", askCount: "To count", askRecount: "To recount", done: "Agreed on",
    tell: (count) => (count === 1 ? "Tell 1 line" : `Tell ${count} lines`), told: "Noted", sure: "I have counted again, it is this figure", slip: "This looks like a slip of the hand: count once more.", came: "Units that came", receive: "Receive", receivedNow: "Received", lose: "Write off as lost", loseMeans: "The goods in transit will not come any more, and are taken off the books.", lostUnits: "Units lost",
    history: "History", judged: (by, text) => `${by}: ${text}`, hidden: (lines) => `${lines} lines are out of your sight: nothing can be done here.`, nothingLeft: "There is no line for you to count.",
    document_drafted: "Drafted", document_lines_stated: "Lines written", document_submitted: "Submitted", document_approved: "Approved", document_refused: "Refused", document_cancelled: "Cancelled", document_posted: "Posted", document_count_begun: "Count begun, its goods frozen",
    document_lines_counted: "Lines counted", document_goods_sent: "Goods sent, in transit", document_goods_arrived: "Goods arrived", document_goods_lost: "Lost in transit", done_submit: "Submitted", done_approve: "Approved", done_refuse: "Refused", done_cancel: "Cancelled",
  },
);
export type DocumentWords = (typeof documents)["zh"] | (typeof documents)["en"];

/** Words of the manual order. */
import { bilingual } from "./language";

export const enter = bilingual(
  {
    title: "手工建单", sub: "电话、线下、经销商订单", who: "收件人", paste: "粘贴收件人", pasteHint: "粘贴姓名、电话、地址，自动拆开", stays: "收件人按原来的不变。要查看或修改，请写明原因，会留下记录。", seeReceiver: "显示收件人", noSight: "你没有查看明文的权限；改收件人可以在订单页做。", split: "拆开", unsure: "标黄的请核对",
    name: "姓名", phone: "电话", province: "省", city: "市", district: "区县", detail: "详细地址", postcode: "邮编", country: "国家代码",
    goods: "商品", find: "找商品：编码或名称", sku: "商品编码", asWritten: (text: string) => `照写添加 ${text}`, quantity: "件", price: "单价", discount: "优惠", remove: "移除", noGoods: "还没有商品，在上面找", sold: (text: string) => `可售 ${text}`,
    money: "金额与付款", freight: "运费", orderDiscount: "整单优惠", payment: "付款", paid: "已付款", unpaid: "未付款", cod: "货到付款", currency: "币种", note: "备注", buyer: "客户", buyerHint: "不填为收件电话", account: "记入账号", rush: "加急",
    total: "应付", pending: "填好商品后显示", create: "建单", created: (number: string) => `已建单 ${number}`, waiting: "已收下，正在生成订单", parked: "已收下，但有问题待处理", keys: "Ctrl-Enter 发送 · Esc 离开，草稿保留", clearDraft: "清空", draftBack: "这是上次没建完的草稿", wrong: "请改正标红的内容",
    correctTitle: (number: string) => `更正 ${number}`, enteredBy: (name: string) => (name ? `${name} 录入` : ""), correct: "更正订单", corrected: (number: string) => `已更正 ${number}`, asItIs: "恢复原样", hidden: "你的角色看不到金额，不能更正这个订单。", backToOrder: "回到订单",
    changedTitle: "你打开之后，有人改过这个订单", changedMeans: "你填的都还在；再提交会以你的为准。", keepMine: "重新应用我的", keepTheirs: "放弃我的",
  },
  {
    title: "Manual order", sub: "By phone, in a shop, from a dealer", who: "Receiver", paste: "Paste the receiver", pasteHint: "Paste name, phone and address: they are taken apart", stays: "The receiver stays as it is. To see or change it, say why; that is logged.", seeReceiver: "Show the receiver", noSight: "You may not see clear text; the receiver can be changed on the order's page.", split: "Take apart", unsure: "Check what is marked",
    name: "Name", phone: "Phone", province: "Province", city: "City", district: "District", detail: "Street", postcode: "Postcode", country: "Country code",
    goods: "Goods", find: "Find goods by code or name", sku: "SKU", asWritten: (text) => `Add ${text} as written`, quantity: "Units", price: "Price", discount: "Discount", remove: "Remove", noGoods: "No goods yet: find them above", sold: (text) => `available: ${text}`,
    money: "Money and payment", freight: "Freight", orderDiscount: "Discount on all", payment: "Payment", paid: "Paid", unpaid: "Not paid", cod: "On delivery", currency: "Currency", note: "Note", buyer: "Customer", buyerHint: "Left out: the phone", account: "Booked to account", rush: "Rush",
    total: "To pay", pending: "shown once goods are in", create: "Create order", created: (number) => `Order ${number} made`, waiting: "Taken in; the order is being made", parked: "Taken in; something has to be mended", keys: "Ctrl-Enter sends · Esc leaves, the draft is kept", clearDraft: "Clear", draftBack: "This is the draft of last time", wrong: "Put right what is marked",
    correctTitle: (number) => `Correct ${number}`, enteredBy: (name) => (name ? `Typed by ${name}` : ""), correct: "Correct order", corrected: (number) => `${number} corrected`, asItIs: "As it is", hidden: "Your role does not see amounts, so you cannot correct this order.", backToOrder: "Back to the order",
    changedTitle: "Somebody changed this order since you opened it", changedMeans: "What you typed is still here; sent again, yours stands.", keepMine: "Apply mine again", keepTheirs: "Drop mine",
  },
);

export type EnterWords = typeof enter.zh;

/** Words of the manual order. */
import { bilingual } from "./language";

export const enter = bilingual(
  {
    title: "手工建单", sub: "电话、线下、经销商订单", who: "收件人", paste: "粘贴收件人", pasteHint: "粘贴姓名、电话、地址，自动拆开", split: "拆开", unsure: "标黄的请核对",
    name: "姓名", phone: "电话", province: "省", city: "市", district: "区县", detail: "详细地址", postcode: "邮编",
    goods: "商品", find: "找商品：编码或名称", free: "可售", quantity: "件", price: "单价", discount: "优惠", remove: "移除", noGoods: "还没有商品，在上面找", sold: (text: string) => `可售 ${text}`,
    money: "金额与付款", freight: "运费", orderDiscount: "整单优惠", payment: "付款", paid: "已付款", unpaid: "未付款", cod: "货到付款", currency: "币种", note: "备注", buyer: "买家", account: "账号", rush: "加急",
    total: "应付", pending: "填好商品后显示", create: "建单", created: (number: string) => `已建单 ${number}`, waiting: "已收下，正在生成订单", parked: "已收下，但有问题待处理", draft: "草稿已保留", clearDraft: "清空", draftBack: "这是上次没建完的草稿", wrong: "请改正",
  },
  {
    title: "Manual order", sub: "By phone, in a shop, from a dealer", who: "Receiver", paste: "Paste the receiver", pasteHint: "Paste name, phone and address: they are taken apart", split: "Take apart", unsure: "Check what is marked",
    name: "Name", phone: "Phone", province: "Province", city: "City", district: "District", detail: "Street", postcode: "Postcode",
    goods: "Goods", find: "Find goods by code or name", free: "Available", quantity: "Units", price: "Price", discount: "Discount", remove: "Remove", noGoods: "No goods yet: find them above", sold: (text) => `available: ${text}`,
    money: "Money and payment", freight: "Freight", orderDiscount: "Discount on all", payment: "Payment", paid: "Paid", unpaid: "Not paid", cod: "On delivery", currency: "Currency", note: "Note", buyer: "Buyer", account: "Account", rush: "Rush",
    total: "To pay", pending: "shown once goods are in", create: "Create order", created: (number) => `Order ${number} made`, waiting: "Taken in; the order is being made", parked: "Taken in; something has to be mended", draft: "Draft kept", clearDraft: "Clear", draftBack: "This is the draft of last time", wrong: "Put this right",
  },
);

export type EnterWords = typeof enter.zh;

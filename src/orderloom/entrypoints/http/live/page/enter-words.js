"use strict";
// What the order form says, Chinese first.
const SAYS = {
  zh: {
    heading: "手工建单", heading_mend: "更正订单", back: "回到首页", goods: "商品", add_line: "＋ 添加一行", receiver: "收件人",
    paste: "粘贴姓名、电话、地址", paste_hint: "张三 13800138000 浙江省杭州市余杭区文一西路969号", name: "姓名", phone: "电话", detail: "详细地址",
    detail_hint: "可直接写全：浙江省杭州市余杭区文一西路969号", province: "省", city: "市", district: "区县", postcode: "邮编",
    country: "国家代码", buyer: "客户", buyer_hint: "不填为收件电话", payment: "付款", unpaid: "未付款", paid: "已付款", cod: "货到付款",
    currency: "币种", freight: "运费", discount: "整单优惠", rush: "加急", note: "备注", which_account: "记入哪个账号", keys: "Ctrl+Enter 建单",
    send: "建单", send_mend: "更正订单", sum_goods: "商品", sum_off: "优惠", sum_freight: "运费", sum_total: "应付", sku: "商品编码或名称",
    quantity: "数量", price: "单价", line_off: "优惠", drop: "删除这一行", free: "可售", none_free: "无可售库存", no_goods: "没有这样的商品",
    made: "已建单", mended: "已更正", waits: "已收下，正在建单", parked: "已收下，但需要有人处理", another: "再建一单", mend: "更正或取消",
    again: "连接中断，请再点一次；不会重复建单", sign_in_first: "请先登录（右上角）", receiver_stays: "收件人按原来的不变。要查看或修改，请写明原因（会记录）。",
    why_see: "查看原因", see_receiver: "显示收件人", why_cancel: "取消原因", cancel: "取消整单", cancelled: "已取消", no_reason: "请写明原因",
    mend_field: "请改正标红的内容", unsure: "请核对",
  },
  en: {
    heading: "Enter an order", heading_mend: "Correct an order", back: "Back to Home", goods: "Goods", add_line: "+ Add a line",
    receiver: "Receiver", paste: "Paste name, phone and address", paste_hint: "张三 13800138000 浙江省杭州市余杭区文一西路969号", name: "Name",
    phone: "Phone", detail: "Address", detail_hint: "May hold all of it: 浙江省杭州市余杭区文一西路969号", province: "Province", city: "City",
    district: "District", postcode: "Postcode", country: "Country code", buyer: "Customer", buyer_hint: "Left out: the phone", payment: "Payment",
    unpaid: "Unpaid", paid: "Paid", cod: "Cash on delivery", currency: "Currency", freight: "Freight", discount: "Order discount", rush: "Rush",
    note: "Note", which_account: "Which account", keys: "Ctrl+Enter sends it", send: "Enter the order", send_mend: "Correct the order",
    sum_goods: "Goods", sum_off: "Discounts", sum_freight: "Freight", sum_total: "To pay", sku: "SKU or name", quantity: "Units", price: "Price",
    line_off: "Discount", drop: "Remove this line", free: "free", none_free: "nothing free", no_goods: "No such goods", made: "Entered",
    mended: "Corrected", waits: "Kept; the order is being made", parked: "Kept, but somebody has to look at it", another: "Enter another",
    mend: "Correct or cancel", again: "The connection broke: press again; it is not entered twice", sign_in_first: "Sign in first (top right)",
    receiver_stays: "The receiver stays as it is. To see or change it, say why (it is written down).", why_see: "Reason", see_receiver: "Show the receiver",
    why_cancel: "Why it is cancelled", cancel: "Cancel the order", cancelled: "Cancelled", no_reason: "Say why", mend_field: "Correct what is marked",
    unsure: "please check",
  },
};
const say = (key) => SAYS[chosenLanguage()][key];

// A message of the hub is "中文 | English".
function ownHalf(text) {
  const at = text.indexOf(" | ");
  return at < 0 ? text : chosenLanguage() === "zh" ? text.slice(0, at) : text.slice(at + 3);
}

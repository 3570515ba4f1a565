/** Words of the product pages: the list, one SKU's form, twins, import and export. */
import { bilingual } from "./language";

export const products = bilingual(
  {
    title: "商品资料", sub: "编码、名称、条码、尺寸、别名", all: "全部", active: "在售", inactive: "停用", bundles: "组合商品", twins: "疑似重复", find: "查找编码、名称、别名、条码",
    code: "商品编码", name: "名称", nameEn: "英文名称", category: "分组", goodsClass: "货品类别", barcodes: "条码", weight: "重量（克）", size: "尺寸 长×宽×高（毫米）", unit: "单位", units: "换算",
    kind: "种类", goods: "实物", service: "服务", virtual: "虚拟", tax: "税类", hs: "海关编码", cost: "成本", currency: "币种", lots: "批号管理", serials: "序列号管理", shelf: "保质期（天）", lowAt: "低库存下限（0 不提醒）", lowAtDefault: "默认",
    components: "组合", aliases: "别名", usedIn: "用在这些组合里", history: "修改记录", picture: "图片", add: "新增商品", import: "导入", export: "导出", stock: "看库存", back: "商品资料",
    empty: "还没有商品", emptyMeans: "登记商品，或从表格导入；订单里的写法会用别名对到这里。", filterEmpty: "没有符合的商品", twinsEmpty: "没有疑似重复的编码",
    twinsMean: "只差大小写、全半角、横杠、0 和 O、1 和 l 或前导零的编码。确认是不同商品后就不再提示。", apart: "不是重复", apartDone: "已记为不同商品",
    basics: "基本", measures: "重量和尺寸", trade: "税与成本", tracking: "批号与效期", many: "换算与组合", manyMeans: "每行一个：名称=整数", codesMean: "每行一个", costHidden: "你的角色看不到成本",
    saved: "已保存", created: "已新增", changedMeanwhile: "刚刚被别人改过，下面的内容没有丢；请对照最新内容再保存", reapply: "在最新内容上重新应用", save: "保存", doubt: "可能有误",
    upload: "上传图片", uploadMeans: "JPEG、PNG、WebP 或 GIF，最大 5 MB", removePicture: "删除图片", noHistory: "还没有修改", from: "原来", to: "现在", noAliases: "还没有别名", every: "全部店铺", addAlias: "登记别名", spelling: "渠道写法",
    factor: "含数量", shop: "店铺", remove: "删除", aliasAdded: (released: number) => `已登记，${released} 条搁置的消息继续处理`, off: "停用", switchOff: "停用", switchOn: "启用", switched: "已更改", looksLike: (other: string) => `和 ${other} 很像，是同一个商品吗？`,
    download: "下载", failed: "没有完成", skus: "商品", isActive: "在售", yes: "是", no: "否",
  },
  {
    title: "Products", sub: "Codes, names, barcodes, sizes, aliases", all: "All", active: "On sale", inactive: "Off", bundles: "Bundles", twins: "Suspected twins", find: "Find code, name, alias, barcode",
    code: "SKU", name: "Name", nameEn: "English name", category: "Group", goodsClass: "Goods class", barcodes: "Barcodes", weight: "Weight (g)", size: "Length×width×height (mm)", unit: "Unit", units: "Units",
    kind: "Kind", goods: "Goods", service: "Service", virtual: "Virtual", tax: "Tax class", hs: "HS code", cost: "Cost", currency: "Currency", lots: "Lots", serials: "Serial numbers", shelf: "Shelf life (days)", lowAt: "Low-stock limit (0: never)", lowAtDefault: "default",
    components: "Components", aliases: "Aliases", usedIn: "Used in these bundles", history: "Changes", picture: "Picture", add: "Add SKU", import: "Import", export: "Export", stock: "See stock", back: "Products",
    empty: "No SKUs yet", emptyMeans: "Add SKUs, or import a table; what orders call them is tied to these by aliases.", filterEmpty: "No SKU fits", twinsEmpty: "No codes look alike",
    twinsMean: "Codes that differ by case, width, dashes, 0 and O, 1 and l, or leading zeros alone. Say that they are different and they are not shown again.", apart: "No twins", apartDone: "Noted as different",
    basics: "Basics", measures: "Weight and size", trade: "Tax and cost", tracking: "Lots and shelf life", many: "Units and components", manyMeans: "One a line: name=whole number", codesMean: "One a line", costHidden: "Your role does not see costs",
    saved: "Saved", created: "Added", changedMeanwhile: "Somebody else has just changed it. What you typed is still here: compare, then save again", reapply: "Apply to the latest", save: "Save", doubt: "May be wrong",
    upload: "Upload a picture", uploadMeans: "JPEG, PNG, WebP or GIF, up to 5 MB", removePicture: "Remove the picture", noHistory: "No changes yet", from: "From", to: "To", noAliases: "No aliases yet", every: "Every shop", addAlias: "Add an alias", spelling: "Spelling",
    factor: "Units in one", shop: "Shop", remove: "Remove", aliasAdded: (released) => `Noted; ${released} parked messages go on`, off: "Off", switchOff: "Switch off", switchOn: "Switch on", switched: "Changed", looksLike: (other) => `It looks like ${other}: are they one SKU?`,
    download: "Download", failed: "It was not finished", skus: "SKUs", isActive: "On sale", yes: "yes", no: "no",
  },
);

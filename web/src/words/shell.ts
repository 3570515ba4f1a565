/** Words of the frame around every page. */
import { bilingual } from "./language";

export const shell = bilingual(
  {
    product: "织单", skip: "跳到内容", nav: "主导航", run: "运行", find: "订单号、渠道单号、手机号、运单、商品编码",
    live: (time: string) => `实时 · ${time}`, reconnecting: "正在重连", offline: "未连实时", liveTitle: "数据时间",
    language: "中 / EN", languageTitle: "Switch to English", signOut: "退出登录", theme: "外观",
    themeSystem: "跟随系统", themeLight: "浅色", themeDark: "深色", density: "密度", dense: "紧密", compact: "紧凑",
    comfortable: "宽松", keysOn: "单键快捷键", fold: "收起导航", unfold: "展开导航", more: "更多", keysHint: "查看全部快捷键",
    press: "按", keysTitle: "快捷键", anywhere: "任何页面", inList: "列表", inOrder: "订单", inCase: "异常单",
    home: "首页", orders: "订单", cases: "异常", stock: "库存", products: "商品", works: "作业单", messages: "原始消息", deliveries: "推送",
    connections: "连接", mappings: "映射", lifecycle: "生命周期", insight: "洞察", settings: "设置",
    pages: "页面", parcels: "运单", jobs: "后台任务", jobDone: (done: number, refused: number) => `${done} 条完成${refused ? `，${refused} 条不能做` : ""}`, download: "下载", stop: "停止", nothingFound: "没有找到", close: "关闭",
    kSearch: "搜索", kLeave: "离开，草稿保留", kGo: (page: string) => `去${page}`, kFold: "收起或展开导航", kSend: "提交表单", 
    kDown: "下一行", kUp: "上一行", kPeek: "快速查看", kOpen: "打开", kOpenTab: "在新标签页打开", kTick: "选中", kTickRange: "选中到这一行",
    kFind: "在结果中查找", kFilter: "添加筛选", kViews: "切换视图", kNew: "显示新来的", kExport: "导出", kHelp: "快捷键",
    kNextOrder: "列表里的下一单", kPreviousOrder: "上一单", kHold: "挂起", kAddress: "改收件人", kNote: "写备注", kTags: "打标签",
    kCopy: "复制单号", kCopySummary: "复制给聊天用的摘要", kSection: "第几部分", kMend: "修复", kAssign: "转给", kSnooze: "稍后处理",
    kResolve: "关闭异常单", kCommit: "照预览执行",
  },
  {
    product: "Orderloom", skip: "Skip to content", nav: "Main navigation", run: "Running", find: "Order, channel number, phone, waybill, SKU",
    live: (time) => `Live · ${time}`, reconnecting: "Reconnecting", offline: "Not live", liveTitle: "Time of the data",
    language: "中 / EN", languageTitle: "切换到中文", signOut: "Sign out", theme: "Appearance",
    themeSystem: "Like the system", themeLight: "Light", themeDark: "Dark", density: "Density", dense: "Dense", compact: "Compact",
    comfortable: "Comfortable", keysOn: "Single-key shortcuts", fold: "Fold navigation", unfold: "Unfold navigation", more: "More", keysHint: "for all shortcuts",
    press: "Press", keysTitle: "Shortcuts", anywhere: "Anywhere", inList: "List", inOrder: "Order", inCase: "Case",
    home: "Home", orders: "Orders", cases: "Cases", stock: "Stock", products: "Products", works: "Works", messages: "Messages", deliveries: "Deliveries",
    connections: "Connections", mappings: "Mappings", lifecycle: "Lifecycle", insight: "Insight", settings: "Settings",
    pages: "Pages", parcels: "Parcel", jobs: "Background jobs", jobDone: (done, refused) => `${done} done${refused ? `, ${refused} refused` : ""}`, download: "Download", stop: "Stop", nothingFound: "Nothing found", close: "Close",
    kSearch: "Search", kLeave: "Leave, draft kept", kGo: (page) => `Go to ${page}`, kFold: "Fold or unfold the navigation", kSend: "Send the form", 
    kDown: "Next row", kUp: "Previous row", kPeek: "Peek", kOpen: "Open", kOpenTab: "Open in a new tab", kTick: "Choose", kTickRange: "Choose up to this row",
    kFind: "Find in the results", kFilter: "Add a filter", kViews: "Switch views", kNew: "Show new rows", kExport: "Export", kHelp: "Shortcuts",
    kNextOrder: "Next order of the list", kPreviousOrder: "Previous order", kHold: "Hold", kAddress: "Change the receiver", kNote: "Write a note", kTags: "Tags",
    kCopy: "Copy the number", kCopySummary: "Copy a summary for chat", kSection: "Section by number", kMend: "Mend", kAssign: "Assign", kSnooze: "Snooze",
    kResolve: "Close the case", kCommit: "Do what the preview shows",
  },
);

"use strict";
// The page's own words, Chinese first. The user's words (stages, cases) come from the blueprint by /live/words.
const WORDS = {
  zh: {
    title: "织单 · 实时总览",
    route: "订单路线", accounting: "消息账", phases: "订单阶段", last_orders: "最近 20 单", cases: "未关闭的异常单",
    accounts: "账号状态", number: "订单号", channel: "渠道", stage: "环节", amount: "金额", age: "多久前", as_of: "数据时间",
    no_orders: "还没有订单。接入一个渠道（orderloom connect），或导入一个订单文件（orderloom import）。",
    no_cases: "没有未关闭的异常单。", no_accounts: "还没有接入账号：orderloom connect",
    live: "实时", connecting: "正在连接…", lost: "已断开，正在重连…",
    database_away: "数据库暂时连不上。下面是断开前的数字；平台推送仍在接收并存到磁盘，恢复后自动入库。",
    page_away: "与服务的连接已断开，正在自动重连。下面是断开前的数字。",
    not_allowed: "不在本机访问时需要登录：点右上角“登录”。",
    new_order: "手工建单",
    sign_in: "登录", sign_out: "退出", user_name: "用户名", password: "密码", close: "关闭",
    sign_in_hint: "首次登录用启动时显示的一次性密码；忘记密码：在服务器上运行 orderloom user reset-password 用户名",
    new_password: "新密码（至少 12 个字符，一次性密码须立即更换）",
    received: "收到", stored: "已存", normalised: "已处理", pending: "待处理", quarantined: "隔离", parked: "搁置",
    discarded: "作废", blocked: "受阻", spool: "磁盘暂存",
    balanced: "一条不少", unbalanced: "对不上：有消息不在账上，请立即运行 orderloom doctor",
    duplicates: "重复推送（已识别）", spooled: "磁盘暂存（待入库）", forged: "伪造推送（已拒绝，只计数）",
    lost: "从磁盘暂存中消失", written_off: "已核销",
    per_minute: "/分", oldest: "最早", overdue: "已超时",
    well: "正常", ill: "异常", untested: "未测试", off: "已停用", held: "挂起",
    verbs: { land: "收单", translate: "翻译", check: "核对", record: "建单", reserve: "预占", assign: "选仓",
      dispatch: "下发", deliver: "推送", confirm: "仓库回告", track: "物流跟踪", publish: "对外发布" },
    ago: { s: "秒", m: "分钟", h: "小时", d: "天" },
  },
  en: {
    title: "Orderloom · live",
    route: "The route of an order", accounting: "Loss accounting", phases: "Orders by phase",
    last_orders: "Last 20 orders", cases: "Open cases", accounts: "Accounts", number: "Order", channel: "Channel",
    stage: "Stage", amount: "Amount", age: "Age", as_of: "As of",
    no_orders: "No orders yet. Connect a channel (orderloom connect) or import a file (orderloom import).",
    no_cases: "No open cases.", no_accounts: "No accounts yet: orderloom connect",
    live: "Live", connecting: "Connecting…", lost: "Lost, reconnecting…",
    database_away: "The database cannot be reached. These are the last known numbers; pushes from the platforms are " +
      "still taken in, kept on disk, and stored when it is back.",
    page_away: "The connection to the hub is lost and is being made again. These are the last known numbers.",
    not_allowed: "Away from the hub's own machine this page needs a login: use “Sign in” above.",
    new_order: "Enter an order",
    sign_in: "Sign in", sign_out: "Sign out", user_name: "User", password: "Password", close: "Close",
    sign_in_hint: "The first time use the one-time password that the start printed. Forgotten? On the server run: " +
      "orderloom user reset-password NAME",
    new_password: "New password (12 characters or more; the one-time password has to be replaced now)",
    received: "received", stored: "stored", normalised: "processed", pending: "pending", quarantined: "quarantined",
    parked: "parked", discarded: "discarded", blocked: "blocked", spool: "on disk", balanced: "nothing is lost",
    unbalanced: "does not add up: messages are unaccounted for, run orderloom doctor now",
    duplicates: "repeated pushes (recognised)", spooled: "on disk, not stored yet", forged: "forged pushes (refused, only counted)",
    lost: "gone from the disk", written_off: "written off",
    per_minute: "/min", oldest: "oldest", overdue: "overdue",
    well: "well", ill: "trouble", untested: "not tested", off: "off", held: "on hold",
    verbs: { land: "land", translate: "translate", check: "check", record: "record", reserve: "reserve",
      assign: "assign", dispatch: "dispatch", deliver: "deliver", confirm: "confirm", track: "track",
      publish: "publish" },
    ago: { s: "s", m: "min", h: "h", d: "d" },
  },
};
// What waits before a stage and what stands still in it, by the words of the glossary: they are never swapped.
const STANDING = {
  land: ["spool", "quarantined"], translate: ["pending", "parked"], reserve: ["pending", "blocked"],
  deliver: ["pending", "parked"], publish: ["pending", "parked"],
};
const PHASES = ["new", "ready", "blocked", "amending", "held", "in_transit", "delivered", "failed", "returned", "cancelled"];
const EXPONENTS = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLF: 4, UYW: 4,
};

// What the person chose here, else the first of the browser's languages that we speak.
function chosenLanguage() {
  const spoken = [localStorage.getItem("language"), ...navigator.languages, "zh"].map((name) => (name || "").slice(0, 2));
  return spoken.find((name) => name in WORDS);
}

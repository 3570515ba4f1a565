/** Words of the settings: one's own account, users, tokens. */
import { bilingual } from "./language";

export const settings = bilingual(
  {
    settings: "设置", account: "我的账号", users: "用户", roles: "角色", rules: "规则", sourcing: "选仓", tokens: "接口令牌", name: "名称", role: "角色", state: "状态", since: "开始", lastUsed: "最近使用",
    device: "设备", address: "地址", made: "新建于", end: "退出", wrong: "没有成功",
    // my account
    password: "密码", oldPassword: "现在的密码", newPassword: "新密码", again: "再输一次", changePassword: "更换密码", passwordMeans: "至少 12 个字符。换过之后，其他地方的登录都会结束。",
    differs: "两次输入不一样", passwordChanged: "密码已更换，其他登录已结束",
    second: "第二因素", secondOff: "还没有开启。开启后，登录除了密码还要输入手机应用里的 6 位数字。", secondOn: (left: number) => `已开启，还有 ${left} 个恢复码没有用过。`,
    secondMust: "你的角色需要第二因素。设置好以后才能使用其他页面。", setUp: "开启第二因素", takeOff: "关闭第二因素", newCodes: "换一组恢复码", proveIt: "再输一次密码", proceed: "继续",
    scan: "用验证器应用扫描，或手工输入密钥，然后输入应用显示的 6 位数字。", secret: "密钥", picture: "供验证器应用扫描的二维码", code: "6 位数字", confirmSecond: "确认并开启",
    codesTitle: "恢复码", codesMeans: "手机丢了，用一个恢复码代替数字，每个只能用一次。现在抄下或存好：离开本页后不再显示。", copyAll: "复制全部", codesKept: "已经存好", takenOff: "第二因素已关闭",
    sessions: "登录的地方", sessionsMeans: "不认识的，立即退出它，然后更换密码。", thisOne: "当前", endOthers: "退出其他地方", ended: (count: number) => `已退出 ${count} 处`, never: "从未", program: "程序",
    // users
    addUser: "添加用户", outside: "从单点登录进入", oneTimeTitle: "一次性密码", oneTimeMeans: (name: string) => `把它交给 ${name}，首次登录时更换。离开后不再显示。`, add: "添加", close: "已经记下",
    active: "可以登录", off: "停用", mustChange: "等待更换一次性密码", hasSecond: "已开第二因素", resetPassword: "重置密码", disable: "停用", enable: "启用",
    dropSecond: "去掉第二因素", changeRole: "换角色", userSessions: "登录的地方", endAll: "全部退出", resetMeans: "给出新的一次性密码，此人的登录全部结束。", disableMeans: "登录和此人建的令牌立即失效。", loggedIn: "最近登录",
    roleChanged: "角色已更换", done: "已完成", noSessions: "现在没有登录", habits: "习惯", chinese: "中文", english: "English", language: "语言", landing: "打开后先到", columns: "列表的列", columnsReset: "恢复默认", habitKept: "已保存",
    limits: "数据范围", changeLimits: "改数据范围", limitsKept: "数据范围已更新", noLimits: "没有限定，看得到全部数据。", unlimited: "不限定", allOfKind: "全部", limitSku: "编码，或开头加 *，如 ABC*", limitRegion: "省份，如 浙江省", lacksLimit: (kinds: string) => `角色必须限定${kinds}，还没有限定，此人现在什么都看不到。`,
    addMeans: "一次性密码只显示一次，本人首次登录时换成自己的。", act: "操作",
    // tokens
    addToken: "新建令牌", tokenRole: "选了角色，令牌只看得到、做得到该角色的；留空不限", tokenScopes: "留空则为角色的全部权限", limitAll: "* 为全部；输入编码后回车", tokenMeans: "给程序用。令牌只显示一次，库里只存摘要。", scopes: "权限", days: "有效天数", forEver: "留空则一直有效", tokenTitle: "新令牌", tokenOnce: "现在复制给程序。离开后不再显示，丢了就新建一个。",
    revoke: "吊销", revokeMeans: "立即失效，用它的程序会被拒绝。", revoked: "已吊销", expires: "到期", by: "由谁建", noTokens: "还没有令牌", valid: "有效", ended2: "已失效",
    unmaskings: "查看记录", erasures: "抹除记录", webhooks: "事件订阅", warehouses: "仓库", carriers: "承运商", notifications: "通知", audit: "审计", backup: "备份", seenAt: "时间", seenBy: "谁", seenWhat: "看了什么", seenWhy: "原因", seenMessage: "原始消息", seenNothing: "还没有人查看过明文", seenMeans: "每次查看收件人明文，都在这里记下谁、何时、为什么。",
  },
  {
    settings: "Settings", account: "My account", users: "Users", roles: "Roles", rules: "Rules", sourcing: "Sourcing", tokens: "API tokens", name: "Name", role: "Role", state: "State", since: "Since", lastUsed: "Last used",
    device: "Device", address: "Address", made: "Made", end: "Sign out", wrong: "That did not work",
    password: "Password", oldPassword: "Present password", newPassword: "New password", again: "Once more", changePassword: "Change password", passwordMeans: "12 characters at least. Every other sign-in ends.",
    differs: "The two are not the same", passwordChanged: "Password changed; other sign-ins have ended",
    second: "Second factor", secondOff: "It is off. With it, signing in needs six digits of an app beside the password.", secondOn: (left) => `It is on; ${left} recovery codes have not been used.`,
    secondMust: "Your role needs a second factor. Other pages open once it is set up.", setUp: "Set up", takeOff: "Take it off", newCodes: "New recovery codes", proveIt: "Your password once more", proceed: "Go on",
    scan: "Scan it with an authenticator app, or type the secret, then enter the six digits that the app shows.", secret: "Secret", picture: "QR code for an authenticator app", code: "Six digits", confirmSecond: "Confirm and switch on",
    codesTitle: "Recovery codes", codesMeans: "Without your phone a code stands in for the digits, each once. Write them down now: they are not shown again.", copyAll: "Copy all", codesKept: "I have kept them", takenOff: "The second factor is off",
    sessions: "Where you are signed in", sessionsMeans: "One that you do not know: end it at once, then change your password.", thisOne: "this one", endOthers: "Sign out elsewhere", ended: (count) => `${count} ended`, never: "never", program: "Program",
    addUser: "Add user", outside: "Signs in elsewhere", oneTimeTitle: "One-time password", oneTimeMeans: (name) => `Hand it to ${name}; it is replaced at the first sign-in. It is not shown again.`, add: "Add", close: "I have noted it",
    active: "May sign in", off: "Off", mustChange: "One-time password to replace", hasSecond: "Second factor on", resetPassword: "Reset password", disable: "Disable", enable: "Enable",
    dropSecond: "Take second factor off", changeRole: "Change role", userSessions: "Where they are signed in", endAll: "Sign out everywhere", resetMeans: "Gives a new one-time password; every sign-in of theirs ends.", disableMeans: "Their sign-ins and the tokens that they made end at once.", loggedIn: "Last sign-in",
    roleChanged: "Role changed", done: "Done", noSessions: "Signed in nowhere", habits: "Preferences", chinese: "中文", english: "English", language: "Language", landing: "Begin at", columns: "Columns of lists", columnsReset: "As at first", habitKept: "Kept",
    limits: "Rows", changeLimits: "Change rows", limitsKept: "Rows are changed", noLimits: "Not limited: they see all rows.", unlimited: "Not limited", allOfKind: "Every one", limitSku: "A code, or its beginning and *, such as ABC*", limitRegion: "A province, such as 浙江省", lacksLimit: (kinds) => `The role must be limited by ${kinds}, and is not: they see nothing now.`,
    addMeans: "The one-time password is shown once and replaced at the first sign-in.", act: "Act",
    addToken: "Make token", tokenRole: "With a role it sees and may no more than the role does; empty: no such bound", tokenScopes: "Empty: all that the role may", limitAll: "* is every one; type a code and press Enter", tokenMeans: "For programs. A token is shown once; only its digest is stored.", scopes: "Scopes", days: "Days", forEver: "empty: until revoked", tokenTitle: "New token", tokenOnce: "Copy it to the program now. It is not shown again; make another if it is lost.",
    revoke: "Revoke", revokeMeans: "It ends at once; programs that use it are refused.", revoked: "Revoked", expires: "Expires", by: "Made by", noTokens: "No token yet", valid: "Valid", ended2: "Ended",
    unmaskings: "Clear text seen", erasures: "Erasures", webhooks: "Webhooks", warehouses: "Warehouses", carriers: "Carriers", notifications: "Notifications", audit: "Audit", backup: "Backup", seenAt: "When", seenBy: "Who", seenWhat: "What", seenWhy: "Why", seenMessage: "A message", seenNothing: "Nobody has seen clear text yet", seenMeans: "Each look at a receiver in clear text is written down here: who, when and why.",
  },
);

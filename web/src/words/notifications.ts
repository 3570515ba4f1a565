/** Words of the notifications in the settings. */
import { bilingual } from "./language";

export const notifications = bilingual(
  {
    comma: "、", rules: "规则", people: "接收人", log: "记录", rule: "规则", when: "什么时候", who: "告诉谁", by: "用什么", reaches: "现在能到", quiet: "安静时段", throttle: "限量", nobody: "没有人能收到", fromFile: (file: string) => `规则在蓝图的 ${file}，这里只读：发布新蓝图来改。`,
    t_case: "出现异常单", t_not_taken: (time: string) => `异常单 ${time}没人接手`, t_backlog: (over: number) => `未关闭的异常单超过 ${over} 张`, t_lifecycle: "订单走到通知环节", t_token_ends: (time: string) => `授权 ${time}内到期`,
    low: "低", medium: "中", high: "高", critical: "紧急", owner: "负责的角色", anyone: "所有渠道", room: (account: string) => `${account} 群里的人`, then: (time: string) => `再过 ${time}`,     throttled: (most: number, time: string) => `每 ${time}最多 ${most} 条`, hours: (from: string, to: string) => `${from} 到 ${to} 先等着`, steps: (count: number) => `之后还有 ${count} 步`,
    noMessenger: "还没有连接通知渠道", noMessengerMeans: "连接钉钉、企业微信、飞书、邮件、短信或自己的地址，织单才能找到人。", connect: "连接通知渠道", messenger: "通知账号", isRoom: "群", isPersons: "按人", trial: "试发一条", trialSent: "已排队，结果在记录里",
    addAddress: "添加地址", recipient: "接收人", address: "地址", addressMeans: "邮箱、手机号或用户号；加密存放，之后只显示遮盖的样子", inRoom: "在群里（不用地址）", keptBy: "由谁", keptAt: "时间", forget: "删除", forgotten: "已删除", kept: "已保存", noAddress: "还没有地址", noAddressMeans: "告诉织单每个角色用什么找到：群、邮箱、手机号。",
    state: "结果", waiting: "等待发送", sending: "正在发送", sent: "已送出", parked: "搁置", given_up: "已放弃", needless: "不用再发", unreachable: "找不到人", at: "时间", about: "关于", acknowledged: (who: string) => `${who} 已知道`, acknowledge: "知道了", done: "已记下，不再催促", noLog: "还没有通知过谁", noLogMeans: "规则要告诉人时，每一条都记在这里。",
    error: "最近的错误", all: "全部", together: (count: number) => `合并 ${count} 条`, openCase: "异常单", filterEmpty: "这个结果下没有记录", held_quiet: "安静时段", held_throttle: "限量", held_messenger: "等对方恢复", grave: (what: string) => `轻重：${what}`,
  },
  {
    comma: ", ", rules: "Rules", people: "Recipients", log: "Log", rule: "Rule", when: "When", who: "Tells", by: "By", reaches: "Reaches now", quiet: "Quiet hours", throttle: "At most", nobody: "Reaches nobody", fromFile: (file) => `The rules stand in the blueprint's ${file} and are read-only here: publish a blueprint to change them.`,
    t_case: "A case opens", t_not_taken: (time) => `Nobody takes a case for ${time}`, t_backlog: (over) => `More than ${over} cases are open`, t_lifecycle: "An order reaches a stage that tells", t_token_ends: (time) => `An authorisation ends within ${time}`,
    low: "Low", medium: "Medium", high: "High", critical: "Critical", owner: "The role that has to act", anyone: "any messenger", room: (account) => `whoever is in ${account}`, then: (time) => `after ${time} more`,     throttled: (most, time) => `${most} per ${time} at most`, hours: (from, to) => `Waits from ${from} to ${to}`, steps: (count) => `${count} more steps follow`,
    noMessenger: "No messenger is connected", noMessengerMeans: "Connect DingTalk, WeCom, Feishu, mail, SMS or an address of your own, so that the hub can reach people.", connect: "Connect a messenger", messenger: "Messenger account", isRoom: "Room", isPersons: "By person", trial: "Send a trial", trialSent: "In the queue; the log shows how it ends",
    addAddress: "Add address", recipient: "Recipient", address: "Address", addressMeans: "A mail address, phone number or user id; it is stored encrypted and shown masked", inRoom: "In the room (no address)", keptBy: "By whom", keptAt: "Since", forget: "Delete", forgotten: "Deleted", kept: "Saved", noAddress: "No address yet", noAddressMeans: "Say where each role is reached: a room, a mail address, a phone number.",
    state: "Result", waiting: "Waiting", sending: "Being sent", sent: "Arrived", parked: "Parked", given_up: "Given up", needless: "Not needed", unreachable: "Nobody reached", at: "When", about: "About", acknowledged: (who) => `${who} knows`, acknowledge: "I know", done: "Noted; nobody is told again", noLog: "Nobody was told of anything yet", noLogMeans: "Whenever a rule tells somebody, it is written down here.",
    error: "Latest error", all: "All", together: (count) => `${count} in one`, openCase: "Case", filterEmpty: "No message ended so", held_quiet: "quiet hours", held_throttle: "throttled", held_messenger: "messenger is unwell", grave: (what) => `severity ${what}`,
  },
);

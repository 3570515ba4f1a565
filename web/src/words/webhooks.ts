/** Words of the webhook endpoints. */
import { bilingual } from "./language";

export const webhooks = bilingual(
  {
    add: "添加订阅", means: "订单一有变化，织单就把事件发到你的地址，带签名（Standard Webhooks）。事件只说是哪一单、发生了什么，不含个人信息。", none: "还没有订阅",
    seesAs: "看得到的范围同", code: "代码", codeMeans: "字母、数字和短横线；以后不能改，也不能再用", title: "名称", url: "地址", inside: "这是内网或本机地址，允许连接（需要管理员）", state: "状态", on: "启用", off: "停用", waiting: "待处理", parked: "搁置", heard: "最近收下",
    never: "从未", error: "最近的回答", secretAt: "密钥自", most: "1,000+", change: "修改", save: "保存", saved: "已保存", ping: "试发一条", pinged: "已排队，结果在下面的记录里",
    turnOff: "停用", turnOn: "启用", offMeans: "停用期间发生的事件不再补发；已经排队的先等着。", turned: "已完成", renew: "更换密钥", renewMeans: "旧密钥立即不再签名；对方换上新密钥之前，收到的事件会验签失败。",
    remove: "删除", removeMeans: "不再发送，密钥销毁，排队的取消；推送记录保留。这个代码不能再用。", removed: "已删除", secretTitle: "签名密钥", secretMeans: "现在交给接收方。离开后不再显示，丢了就更换一个。", keptIt: "已经交付",
    log: "推送记录", order: "订单", result: "结果", status: "应答码", tries: "次数", at: "时间", resend: "重发", resent: "已重新排队", all: "全部", noLog: "还没有推送", noLogMeans: "试发一条，看对方能不能收到。", trial: "试发", back: "全部订阅",
    filterEmpty: "这个状态下没有推送",
  },
  {
    add: "Add endpoint", means: "Whenever an order changes, the hub posts an event to your address, signed (Standard Webhooks). An event says which order and what happened; no personal data is in it.", none: "No endpoint yet",
    seesAs: "Told what is seen by", code: "Code", codeMeans: "Letters, digits and hyphens; it cannot be changed or used again", title: "Name", url: "Address", inside: "It is an address of the inside: allow it (administrators only)", state: "State", on: "On", off: "Off", waiting: "Pending", parked: "Parked", heard: "Last taken",
    never: "never", error: "Latest answer", secretAt: "Secret since", most: "1,000+", change: "Change", save: "Save", saved: "Saved", ping: "Send a trial", pinged: "In the queue; the log below shows how it ends",
    turnOff: "Switch off", turnOn: "Switch on", offMeans: "What happens while it is off is never sent later; what is in the queue waits.", turned: "Done", renew: "New secret", renewMeans: "The old secret signs nothing from now on; until the receiver has the new one, events fail its check.",
    remove: "Delete", removeMeans: "Nothing is sent any more, the secret is destroyed and the queue cancelled; the log stays. The code cannot be used again.", removed: "Deleted", secretTitle: "Signing secret", secretMeans: "Hand it to the receiver now. It is not shown again; make another if it is lost.", keptIt: "It is handed over",
    log: "Delivery log", order: "Order", result: "Result", status: "Code", tries: "Tries", at: "When", resend: "Resend", resent: "In the queue again", all: "All", noLog: "No deliveries yet", noLogMeans: "Send a trial and see whether it is heard.", trial: "Trial", back: "All endpoints",
    filterEmpty: "No delivery is in this state",
  },
);

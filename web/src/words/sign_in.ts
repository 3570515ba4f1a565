/** Words of the way in. One sentence for whatever was wrong: it tells nobody who exists. */
import { bilingual } from "./language";

export const signIn = bilingual(
  {
    product: "织单", title: "登录织单", name: "用户名", password: "密码", go: "登录", going: "正在登录",
    elsewhere: (title: string) => `用${title}登录`, or: "或", show: "显示密码", hide: "隐藏密码", capsLock: "大写锁定已开",
    codeTitle: "输入验证码", codeWhy: "打开验证器应用，输入 6 位数字。手机不在身边，用一个恢复码。", code: "验证码或恢复码", confirm: "确认", back: "返回",
    freshTitle: "设置自己的密码", freshWhy: "一次性密码只能用来换一个自己的密码：至少 12 个字符，只有你知道。", fresh: "新密码", again: "再输一次",
    differs: "两次输入不一样。", short: "至少 12 个字符。", keep: "保存并进入",
    wrong: "没有登录成功。核对用户名、密码和验证码；还是不行，找管理员。", locked: (time: string) => `失败次数太多，${time} 后再试。`,
    away: "暂时连不上织单。稍后再试；平台推送仍在接收。", reload: "页面放得太久了，刷新后再试。", unfit: "这个密码不能用，换一个。",
    unknownHere: "本系统里没有你的用户或角色，找管理员开通。", elsewhereAway: "单点登录暂时连不上。稍后再试，或用本地密码。",
    elsewhereFailed: "单点登录没有完成，再试一次。", language: "Switch to English", languageShort: "English", dark: "深色", light: "浅色",
  },
  {
    product: "Orderloom", title: "Sign in to Orderloom", name: "User name", password: "Password", go: "Sign in", going: "Signing in",
    elsewhere: (title) => `Sign in with ${title}`, or: "or", show: "Show password", hide: "Hide password", capsLock: "Caps Lock is on",
    codeTitle: "Enter a code", codeWhy: "Open your authenticator app and enter its six digits. Without your phone, use a recovery code.", code: "Code or recovery code", confirm: "Confirm", back: "Back",
    freshTitle: "Choose your own password", freshWhy: "The one-time password only lets you choose your own: 12 characters at least, known to you alone.", fresh: "New password", again: "Once more",
    differs: "The two are not the same.", short: "12 characters at least.", keep: "Save and go in",
    wrong: "You are not signed in. Check name, password and code; if it still fails, ask an administrator.", locked: (time) => `Too many failed tries. Try again after ${time}.`,
    away: "Orderloom cannot be reached. Try again soon; messages are still taken in.", reload: "The page is too old: reload it and try again.", unfit: "This password cannot be used: choose another.",
    unknownHere: "You have no user or role here: ask an administrator.", elsewhereAway: "Single sign-on cannot be reached. Try again soon, or use a password.",
    elsewhereFailed: "Single sign-on did not finish: try again.", language: "切换到中文", languageShort: "中文", dark: "Dark", light: "Light",
  },
);

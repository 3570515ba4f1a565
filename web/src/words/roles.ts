/** Words of the roles page. */
import { bilingual } from "./language";

export const roles = bilingual(
  {
    title: "角色与权限", version: (number: number) => `生效的业务蓝图：第 ${number} 版`,
    actions: "能做什么", fields: "看不到什么", limits: "必须限定的数据范围", allowed: "允许", included: "随其他权限一起", hidden: "看不到", needed: "必须限定",
    added: "比自带的多", removed: "比自带的少", own: "自建角色", missing: (names: string) => `自带而这份蓝图没有的角色：${names}`,
    how: "角色写在业务蓝图的 roles.yaml 里：改好后发布新版本，下一次请求就按新的来。", row: "权限", seeAs: "看成此角色", seeAsOf: (role: string) => `看成 ${role}`,
  },
  {
    title: "Roles", version: (number) => `Blueprint in force: version ${number}`,
    actions: "May do", fields: "Never sees", limits: "Must be limited by", allowed: "Allowed", included: "Comes with another right", hidden: "Hidden", needed: "Must be limited",
    added: "More than shipped", removed: "Less than shipped", own: "Own role", missing: (names) => `Shipped roles that this blueprint has not: ${names}`,
    how: "Roles stand in roles.yaml of the blueprint: change it and publish a version; it counts from the next request on.", row: "Right", seeAs: "See as this role", seeAsOf: (role) => `See as ${role}`,
  },
);

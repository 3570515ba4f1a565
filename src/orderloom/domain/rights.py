"""What can be allowed, hidden and limited: the words of which roles, tokens and endpoints are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from orderloom.domain.words import Words

ADMIN = "admin"
SCOPE_WORDS: Mapping[str, Words] = {
    "orders:read": Words("看订单", "see orders"),
    "orders:note": Words("写备注、打标签", "write notes and tags"),
    "orders:receiver": Words("改收件人", "change the receiver"),
    "orders:lines": Words("改商品行", "change lines"),
    "orders:price": Words("改价格", "change prices"),
    "orders:hold": Words("挂起", "hold"),
    "orders:cancel": Words("取消、补发、执行动作", "cancel, re-ship, take actions"),
    "orders:enter": Words("手工建单", "enter orders"),
    "orders:import": Words("导入订单文件", "import files of orders"),
    "orders:export": Words("导出订单", "export orders"),
    "orders:export-closed": Words("导出已了结的订单", "export closed orders"),
    "orders:write": Words("改订单的一切", "change everything of orders"),
    "stock:read": Words("看库存", "see stock"),
    "stock:write": Words("入库、调整、盘点", "receive, adjust and count stock"),
    "purchasing:read": Words("看补货建议、采购单、供应商", "see what is to be bought, purchase tickets and suppliers"),
    "purchasing:write": Words("下采购单、改供应商", "order goods and change suppliers"),
    "vmi:read": Words("供应商视图：自己的商品与采购单", "a supplier's view: their own SKUs and tickets"),
    "works:read": Words("看作业单", "see works"),
    "works:write": Words("拣货、打包、出库", "pick, pack and hand over"),
    "skus:read": Words("看商品、别名、仓库", "see SKUs, aliases and warehouses"),
    "skus:write": Words("改商品、别名、仓库", "change SKUs, aliases and warehouses"),
    "cases:read": Words("看异常单", "see cases"),
    "cases:write": Words("处理异常单", "work on cases"),
    "messages:read": Words("看原始消息", "see messages"),
    "messages:write": Words("重放、作废原始消息", "replay and discard messages"),
    "deliveries:write": Words("重发、放弃推送", "resend and give up deliveries"),
    "accounts:read": Words("看连接", "see connections"),
    "accounts:write": Words("改连接", "change connections"),
    "views:share": Words("给角色共享视图", "share views with a role"),
    "events:read": Words("听事件流", "listen to events"),
    "labels:read": Words("看待发包裹的收件人", "see the receiver of what is to be packed"),
    "labels:print": Words("领取并回报打印任务（打印代理）", "take print jobs (print agents)"),
    "pii:read": Words("查看明文", "show clear text"),
    ADMIN: Words("一切，及设置", "everything, and settings"),
}
"""Every scope, of people and programs alike, and what it is called."""
SCOPES = tuple(SCOPE_WORDS)
IMPLIED: Mapping[str, tuple[str, ...]] = {
    "orders:read": ("works:read",),
    "orders:write": tuple(s for s in SCOPES if s.startswith("orders:") and s not in ("orders:read", "orders:write")),
    "orders:export": ("orders:export-closed",),
    "stock:read": ("skus:read",),
    "stock:write": ("works:write",),
    "purchasing:read": ("skus:read", "vmi:read"),
    "purchasing:write": ("purchasing:read",),
    "skus:write": ("skus:read",),
    "accounts:read": ("skus:read",),
    "accounts:write": ("skus:write",),
    ADMIN: tuple(s for s in SCOPES if s != ADMIN),
}
"""What a scope includes: tokens that were made when scopes were coarser go on working."""

FIELD_WORDS: Mapping[str, Words] = {
    "price": Words("单价、优惠、行金额", "unit prices, discounts and line amounts"),
    "paid": Words("订单金额：应付、实付、退款", "totals of an order: to pay, paid, refunded"),
    "cost": Words("成本、费用、结算", "costs, fees and payouts"),
    "receiver": Words("收件人（连遮盖的也不给）", "the receiver, masked ones too"),
    "payload": Words("原始报文与推送正文", "raw messages and bodies of deliveries"),
}
"""Groups of fields that can be hidden. `payload` holds all others: it is hidden with any of them."""
PAYLOAD = "payload"
LIMIT_WORDS: Mapping[str, Words] = {
    "warehouse": Words("仓库", "warehouse"), "channel": Words("渠道", "channel"), "shop": Words("店铺", "shop"),
    "region": Words("省份", "province"), "sku": Words("商品编码", "SKU"), "supplier": Words("供应商", "supplier"),
}
"""What the rows that a user sees can be limited by."""
ALL = "*"
"""The value of a limit that says: every one of the kind."""


class Role(msgspec.Struct, frozen=True):
    """A role ready to be asked: `scopes` with all that they include, `hides` with all that follows from it."""

    name: str
    title: Words
    may: tuple[str, ...]
    scopes: frozenset[str]
    hides: frozenset[str]
    limits: tuple[str, ...]


def including(scopes: Iterable[str]) -> frozenset[str]:
    """These scopes and all that they include."""
    found: set[str] = set()
    waiting = list(scopes)
    while waiting:
        if (scope := waiting.pop()) not in found:
            found.add(scope)
            waiting += IMPLIED.get(scope, ())
    return frozenset(found)


def hiding(groups: Iterable[str]) -> frozenset[str]:
    """These groups of fields, and `payload` with any of them."""
    found = frozenset(groups)
    return found | {PAYLOAD} if found else found

"""`orderloom status`: is everything accounted for, where are the orders, what is wrong, what waits."""

from __future__ import annotations

from typing import Any

import msgspec

from orderloom.application.queries.notifications import unheard_rules
from orderloom.application.queries.status import STOCK_WITHIN_SECONDS, Status, read_status
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.entrypoints.cli.attach import connection, run
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.screen import screen

app = single()
BACKLOG = {
    "translate": ("待处理的消息", "messages pending"), "parked": ("搁置的消息", "messages parked"),
    "reread": ("待重读的变动", "hints to read again"),
    "deliver": ("待处理的推送", "deliveries pending"), "deliver_parked": ("搁置的推送", "deliveries parked"),
    "wake": ("到时的任务", "deadlines due"), "confirm": ("进行中的作业单", "works under way"),
    "track": ("在途包裹", "parcels on their way"),
    "stock_late": ("晚于约定的库存推送", "stock pushes later than promised"),
    "audit": ("未签章的事实", "facts not sealed"),
}
NOTIFICATIONS = {"waiting": ("等待", "waiting"), "sending": ("发送中", "being sent"), "parked": ("搁置", "parked"),
                 "unreachable": ("一天内无人可达", "reached nobody within a day")}
ACCOUNTING = (("received", "收到"), ("stored", "已存"), ("normalised", "已处理"), ("pending", "待处理"),
              ("parked", "搁置"), ("quarantined", "隔离"), ("discarded", "作废"), ("duplicates", "重复"),
              ("spooled", "本地暂存"), ("lost", "磁盘丢失"), ("written_off", "已核销"), ("forged", "伪造（只计数）"))


@app.command(help="总览：消息账、订单、异常单、积压 / accounting, orders, cases, backlog")
def status() -> None:
    """Print the status."""
    found, called = run(_read)
    if not screen.answer(found):
        _show(found, called)


async def _read() -> tuple[Status, Vocabulary]:
    async with connection() as (hub, one):
        directory = await hub.directory()
        active = directory.blueprints.get(directory.blueprint_active)
        within = active.publish.within_seconds if active else STOCK_WITHIN_SECONDS
        found = await read_status(one, hub.spool.on_disk(), within)
        unheard = await unheard_rules(one, directory, hub.manifests)
        return msgspec.structs.replace(found, unheard=[rule.rule for rule in unheard]), Vocabulary(directory)


def _show(found: Status, called: Vocabulary) -> None:
    accounting = found.accounting
    screen.table(
        {zh: en for en, zh in ACCOUNTING}, [[getattr(accounting, en) for en, _ in ACCOUNTING]],
        title=screen.words("消息账", "Messages", between=" "))
    if accounting.is_balanced:
        screen.say("✓ 消息账平：收到 = 已存 + 本地暂存 + 已核销",
                   "✓ it adds up: received = stored + spooled + written off", style="green")
    elif accounting.lost:
        screen.say(f"✗ 消息账不平：{accounting.lost} 条已确认的消息从 spool/ 中消失。"
                   "请放回文件，或让渠道重发后关闭异常单。",
                   f"✗ It does not add up: {accounting.lost} acknowledged messages are gone from spool/. Put the files "
                   "back, or have the channel send again and close the case.", style="red")
    else:
        screen.say("✗ 消息账不平：请运行 orderloom audit verify 并查看异常单。",
                   "✗ It does not add up: run orderloom audit verify and look at the cases.", style="red")
    by_phase = {screen.called(called.phase(name)): count for name, count in found.orders.by_phase.items()}
    by_kind = {screen.called(called.case(kind)): count for kind, count in found.cases.by_kind.items()}
    _counts("订单", "Orders", by_phase, found.orders.total)
    _counts("已完成", "Completed", found.orders.completed_by_channel)
    _counts("未关闭的异常单", "Open cases", by_kind, found.cases.open)
    _counts("积压", "Backlog", {screen.words(*BACKLOG.get(name, (name, name)), between=" "): count
                              for name, count in found.backlog.items()})
    if found.backfills:
        _counts("补拉进度 %", "Backfill %", found.backfills)
    if found.authorisations:
        screen.table({"账号": "Account", "须重新授权": "To be authorised again"}, list(found.authorisations.items()))
    if found.notifications:
        _counts("通知", "Notifications", {screen.words(*NOTIFICATIONS[state], between=" "): count
                                        for state, count in found.notifications.items()})
    if found.unheard:
        screen.say(f"✗ 无人接收的通知规则：{'、'.join(found.unheard)}。请看 orderloom doctor。",
                   f"✗ Notification rules that reach nobody: {', '.join(found.unheard)}. See orderloom doctor.",
                   style="red")


def _counts(zh: str, en: str, counts: dict[str, int], total: int | None = None) -> None:
    rows: list[Any] = sorted(counts.items()) if total is not None else list(counts.items())
    head = f" {total}" if total is not None else ""
    screen.table({zh: en, "数量": "count"}, rows, title=screen.words(zh, en, between=" ") + head)

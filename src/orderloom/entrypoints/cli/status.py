"""`orderloom status`: is everything accounted for, where are the orders, what is wrong, what waits."""

from __future__ import annotations

from typing import Any

from orderloom.application.queries.status import Status, read_status
from orderloom.entrypoints.cli.attach import connection, run
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.screen import screen

app = single()
ACCOUNTING = (("received", "收到"), ("stored", "已存"), ("normalised", "已成单"), ("parked", "待处理"),
              ("quarantined", "隔离"), ("pending", "排队"), ("duplicates", "重复"), ("spooled", "本地暂存"),
              ("forged", "伪造(只计数)"))


@app.command(help="总览:收发对账、订单、异常、积压 / accounting, orders, cases, backlog")
def status() -> None:
    """Print the status."""
    found = run(_read)
    if not screen.answer(found):
        _show(found)


async def _read() -> Status:
    async with connection() as (hub, one):
        return await read_status(one, hub.spool.count())


def _show(found: Status) -> None:
    accounting = found.accounting
    screen.table(
        {zh: en for en, zh in ACCOUNTING}, [[getattr(accounting, en) for en, _ in ACCOUNTING]],
        title=screen.words("消息对账", "Messages", between=" "))
    if accounting.adds_up:
        screen.say("✓ 对账平:收到 = 已存", "✓ it adds up: received = stored", style="green")
    else:
        screen.say("✗ 对账不平:请运行 orderloom audit verify 并查看异常。",
                   "✗ It does not add up: run orderloom audit verify and look at the cases.", style="red")
    _counts("订单", "Orders", found.orders.by_phase, found.orders.total)
    _counts("已完成", "Completed", found.orders.completed_by_channel)
    _counts("未结异常", "Open cases", found.cases.by_kind, found.cases.open)
    _counts("积压", "Backlog", found.backlog)


def _counts(zh: str, en: str, counts: dict[str, int], total: int | None = None) -> None:
    rows: list[Any] = sorted(counts.items()) if total is not None else list(counts.items())
    head = f" {total}" if total is not None else ""
    screen.table({zh: en, "数量": "count"}, rows, title=screen.words(zh, en, between=" ") + head)

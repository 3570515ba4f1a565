"""Units that are bound for nobody, set free on a person's word: `stock compensate`."""

from __future__ import annotations

from typing import Annotated

import typer

from orderloom.adapters.ids import new_id
from orderloom.application.compensate_leak import LeakSeen, free_leak
from orderloom.application.find_leaks import Leak
from orderloom.application.queries.catalogue import codes_about
from orderloom.application.queries.stock_leaks import LeakList, leaks_of
from orderloom.application.queries.stock_page import sku_id_of
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.cli.attach import doer, hub, run
from orderloom.entrypoints.cli.catalogue import must_be_sku
from orderloom.entrypoints.cli.frame import unknown, written
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.refusals import words_of

SHOWN_MAX = 20


def compensate(
    sku: Annotated[str, typer.Argument(metavar="SKU", help="商品编码 / SKU")],
    warehouse: Annotated[str, typer.Argument(metavar="WAREHOUSE", help="仓库编码 / warehouse")],
    reason: Annotated[str, typer.Option("--reason", callback=written, help="原因 / why")],
    order: Annotated[str, typer.Option("--order", help=(
        "哪个订单占着的；none：没有订单的差额 / whose; none: no order's"))] = "",
    hold: Annotated[int, typer.Option("--hold", min=0, help="订单里的第几笔占用 / the binding's number")] = 0,
) -> None:
    """Set one leak free."""
    left = run(lambda: _compensate(sku, warehouse, reason, order, hold))
    if screen.answer(LeakList(left)):
        return
    screen.say(f"已补偿。{sku} 还有 {len(left)} 笔对不上。", f"Set free. {len(left)} leaks of {sku} are left.")


async def _compensate(sku: str, warehouse: str, reason: str, order: str, hold: int) -> list[Leak]:
    async with hub() as opened:
        houses = {one.code: one.id for one in (await opened.directory()).warehouses}
        async with opened.ports.reading() as one:
            must_be_sku(sku, await codes_about(one, sku))
            sku_id = await sku_id_of(one, sku)
        assert sku_id is not None
        if warehouse not in houses:
            raise unknown("仓库", "warehouse", warehouse, list(houses)[:12])

        async def leaks() -> list[Leak]:
            async with opened.ports.reading() as one:
                return await leaks_of(one, sku_id)

        leak = _chosen([one for one in await leaks() if one.warehouse == warehouse], order, hold)
        seen = LeakSeen(leak.sku, leak.warehouse, leak.why, leak.kind, leak.quantity, reason, leak.order_id,
                        leak.hold_no)
        left = await free_leak(opened.ports.subjects, opened.handle, leaks, seen, (sku_id, houses[warehouse]), doer(),
                               opened.now(), new_id())
        if isinstance(left, Refusal):
            words = words_of(left.code, left.particulars)
            assert words is not None
            raise Stop(words.zh, words.en)
        return left


def _chosen(leaks: list[Leak], order: str, hold: int) -> Leak:
    """The one that is meant; when there are several, whoever asks has to say which."""
    meant = [one for one in leaks
             if (not order or one.order == ("" if order == "none" else order)) and hold in (0, one.hold_no)]
    if len(meant) == 1:
        return meant[0]
    shown = [f"--order {one.order or 'none'} --hold {one.hold_no}: {one.kind} {one.quantity} ({one.why})"
             for one in (meant or leaks)[:SHOWN_MAX]]
    if not shown:
        raise Stop("这里没有对不上的占用。", "Nothing is bound for nobody there.")
    lines = "\n".join(shown)
    raise Stop(f"请写明是哪一笔：\n{lines}", f"Say which one:\n{lines}", code=2)

"""Erase a person on request: look first, then for good; and the list of erasures."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from orderloom.adapters.ids import new_id
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.erase_people import ERASE, IDS_MAX, REASON_MIN, EraseAsked, erase_people
from orderloom.application.jobs.shapes import NOWHERE, Job
from orderloom.application.queries.erasures import (
    ErasurePage,
    ErasurePreview,
    list_erasures,
    orders_of_phone,
    preview_erasure,
)
from orderloom.application.queries.orders import find_orders
from orderloom.bootstrap import Hub
from orderloom.domain.rights import ADMIN, including
from orderloom.entrypoints.cli.attach import actor, doer, hub, run
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.screen import Stop, screen

erase, erasures = single(), single()
WHY_NOT = {"in_progress": "还没走完 / under way", "deliveries_wait": "推送没送完 / deliveries wait",
           "erased": "已抹除 / erased before", "": "将抹除 / to be erased"}


@erase.command(help="抹除一个人，先看会抹掉什么 / erase a person; looks first")
def erase_command(
    orders: Annotated[list[str] | None, typer.Argument(metavar="NO...", help="订单号 / numbers of orders")] = None,
    phone: Annotated[str, typer.Option(help="收件人的完整电话 / the receiver's whole phone number")] = "",
    reason: Annotated[str, typer.Option(help="原因，至少 4 个字 / why, 4 characters at least")] = "",
    count: Annotated[int, typer.Option(min=0, help="预览说的单数；写上才抹除 / as previewed: does it")] = 0,
) -> None:
    """Say what would be erased; with --count, erase it."""
    if not (orders or phone):
        raise Stop("请给出订单号或 --phone。", "Give numbers of orders or --phone.", code=2)
    if count and len(reason.strip()) < REASON_MIN:
        raise Stop(f"--reason 至少 {REASON_MIN} 个字。", f"--reason: {REASON_MIN} characters at least.", code=2)
    if not count:
        _tell(run(lambda: _look(orders or [], phone)))
    else:
        found = run(lambda: _erase(orders or [], phone, reason.strip(), count))
        if not screen.answer(found):
            screen.say(f"已抹除 {found.erasures[0].done} 单。", f"{found.erasures[0].done} orders erased.")


@erasures.command(help="抹除记录 / what was erased, when, by whom and why")
def list_command() -> None:
    """List erasures."""
    found = run(_list)
    if not screen.answer(found):
        screen.table({"时间": "At", "谁": "By", "单数": "Orders", "已抹除": "Erased", "原因": "Why"},
                     [(one.at, one.by, one.orders, one.done, one.reason) for one in found.erasures])


def _tell(found: ErasurePreview) -> None:
    if screen.answer(found):
        return
    screen.table({"订单": "Order", "结果": "Result"}, [(row.number, WHY_NOT[row.why_not]) for row in found.rows])
    screen.say(f"将抹除 {found.order_count} 单：凭证 {found.vouchers}，面单 {found.labels}，备注 {found.notes}，"
               f"推送 {found.deliveries}。确认请加 --count {found.order_count} --reason。",
               f"{found.order_count} orders: {found.vouchers} vouchers, {found.labels} labels, {found.notes} notes, "
               f"{found.deliveries} deliveries. Add --count {found.order_count} --reason to do it.")


async def _look(orders: list[str], phone: str) -> ErasurePreview:
    async with hub() as opened:
        return await _preview(opened, orders, phone)


async def _preview(opened: Hub, orders: list[str], phone: str) -> ErasurePreview:
    async with opened.ports.reading() as connection:
        known = await find_orders(connection, orders) if orders else {}
        if missing := [one for one in orders if one not in known]:
            raise Stop(f"没有订单“{missing[0]}”。", f'There is no order "{missing[0]}".')
        ids = list(known.values())
        if phone and (index := opened.vault.phone_index(phone)) is not None:
            ids += await orders_of_phone(connection, index, IDS_MAX)
        return await preview_erasure(connection, list(dict.fromkeys(ids)), await opened.directory())


async def _erase(orders: list[str], phone: str, reason: str, count: int) -> ErasurePage:
    async with hub() as opened:
        found = await _preview(opened, orders, phone)
        if found.order_count != count:
            raise Stop(f"现在是 {found.order_count} 单，没有抹除；请重新预览。",
                       f"It is {found.order_count} orders, nothing was erased: look again.")
        ids = tuple(row.id for row in found.rows if not row.why_not)
        caller = Caller(actor(), including([ADMIN]), "", roles=doer().roles)
        asked = msgspec.json.encode(EraseAsked(ids, reason))
        job = Job(new_id(), ERASE, caller, asked, NOWHERE, len(ids), 0, opened.now())
        while not (stepped := await erase_people(opened, job)).is_over:
            job = msgspec.structs.replace(job, done=job.done + len(stepped.rows))
        async with opened.ports.reading() as connection:
            return await list_erasures(connection, limit=1)


async def _list() -> ErasurePage:
    async with hub() as opened, opened.ports.reading() as connection:
        return await list_erasures(connection, limit=100)

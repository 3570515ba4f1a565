"""Quotas: `quota list | open | resize | close` - units kept for a campaign, a channel's account or a customer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NoReturn

import msgspec
import typer

from orderloom.adapters.ids import new_id
from orderloom.application.keep_quotas import QuotaLine, QuotaWish, close_quota, plan_quotas, resize_quota
from orderloom.application.queries.catalogue import codes_about, sku_ids
from orderloom.application.queries.quotas import QuotaPage, QuotaView, list_quotas
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.domain.inventory.quota_keeping import KeptQuota
from orderloom.domain.refusal import Refusal
from orderloom.domain.words import Words
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.frame import group, written
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.refusals import words_of

app = group("预留：给活动、渠道或客户留的库存", "quotas: units kept for a campaign, a channel or a customer")
UNITS_MAX = 1_000_000_000
Number = Annotated[str, typer.Argument(metavar="NO", help="配额号 / the quota's number")]
Reason = Annotated[str, typer.Option("--reason", callback=written, help="原因 / why")]
Instant = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z"],
                                                  help="例 / like 2026-11-11T00:00:00+0800")]
STATES = {"planned": Words("未开始", "planned"), "open": Words("进行中", "open"), "closed": Words("已结束", "closed")}


@app.command("list", help="配额：要多少、留着多少、用了多少 / quotas: wanted, kept, drawn")
def list_command(
    sku: str = "", warehouse: str = "", campaign: str = "",
    state: Annotated[str, typer.Option(help=" | ".join(STATES))] = "", after: str = "",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
) -> None:
    """List quotas, newest first."""
    if state and state not in STATES:
        raise Stop(f"--state 只能是 {'、'.join(STATES)}。", f"--state is one of {', '.join(STATES)}.", code=2)
    page = run(lambda: _list(sku, warehouse, campaign, state, after, limit))
    if screen.answer(page):
        return
    _table(page.quotas)
    if page.next:
        screen.say(f"下一页：--after {page.next}", f"Next page: --after {page.next}")


@app.command("open", help="设置预留 / set units aside")
def open_command(
    sku: Annotated[str, typer.Argument(metavar="SKU")], warehouse: Annotated[str, typer.Argument(metavar="WAREHOUSE")],
    quantity: Annotated[int, typer.Argument(min=1, max=UNITS_MAX)], reason: Reason,
    account: Annotated[str, typer.Option(help="渠道账号 / a channel's account")] = "",
    campaign: Annotated[str, typer.Option(help="活动，订单字段 campaign / orders' field campaign")] = "",
    customer: Annotated[str, typer.Option(help="客户，订单字段 customer / orders' field customer")] = "",
    draw_order: Annotated[int, typer.Option(min=-1000, max=1000, help=(
        "小于 0：先用预留再用通用；否则先用通用 / below 0: before the general pool, else behind it"))] = -1,
    is_closed_list: Annotated[bool, typer.Option("--only", help=(
        "用完即止，不用通用库存 / nothing of the general pool"))] = False,
    starts: Instant = None, ends: Instant = None,
    promised: Annotated[datetime | None, typer.Option("--presale", formats=["%Y-%m-%d"], help=(
        "预售：先卖后到，承诺发货日 / a presale: sold before it is there, to be sent on this day"))] = None,
) -> None:
    """Plan a quota; it opens when its time has come."""
    try:
        wish = msgspec.convert({
            "lines": [QuotaLine(sku, warehouse, quantity)], "reason": reason, "account": account, "campaign": campaign,
            "customer": customer, "draw_order": draw_order, "may_fall_through": not is_closed_list, "starts_at": starts,
            "ends_at": ends, "promised_on": promised.date() if promised else None}, QuotaWish)
    except msgspec.ValidationError as error:
        raise Stop(f"参数不对：{error}。", f"Not so: {error}.", code=2) from error
    _tell(run(lambda: _plan(wish)))


@app.command("resize", help="改数量；不能比已用的少 / another quantity, never below what is drawn")
def resize_command(number: Number, quantity: Annotated[int, typer.Argument(min=0, max=UNITS_MAX)], reason: Reason,
                   ) -> None:
    """Change how many units are wanted."""
    _tell(run(lambda: _resize(number, quantity, reason)))


@app.command("close", help="提前结束，没用掉的还给大家 / close it: what nobody drew is everybody's again")
def close_command(number: Number, reason: Reason) -> None:
    """Close a quota."""
    _tell(run(lambda: _close(number, reason)))


async def _list(sku: str, warehouse: str, campaign: str, state: str, after: str, limit: int) -> QuotaPage:
    async with connection() as (opened, one):
        Vocabulary(await opened.directory(), skus=await codes_about(one, sku)).check(sku=sku, warehouse=warehouse)
        return await list_quotas(one, sku=sku, warehouse=warehouse, campaign=campaign, state=state, cursor=after,
                                 limit=limit)


async def _plan(wish: QuotaWish) -> QuotaPage:
    async with hub() as opened:
        async with opened.ports.reading() as one:
            ids = await sku_ids(one, {line.sku for line in wish.lines})
        made = await plan_quotas(opened.ports.subjects, wish, ids, await opened.directory(), f"{actor()}/{new_id()}",
                                 actor(), opened.now(), new_id)
        if isinstance(made, Refusal):
            _refuse(made)
        async with opened.ports.reading() as one:
            return await list_quotas(one, numbers=made, limit=len(made))


async def _resize(number: str, quantity: int, reason: str) -> QuotaPage:
    async with hub() as opened:
        found = await resize_quota(opened.ports.subjects, number, quantity, reason, actor(), opened.now())
        async with opened.ports.reading() as one:
            return await list_quotas(one, numbers=[_kept(found)], limit=1)


async def _close(number: str, reason: str) -> QuotaPage:
    async with hub() as opened:
        found = await close_quota(opened.ports.subjects, number, reason, actor(), opened.now())
        async with opened.ports.reading() as one:
            return await list_quotas(one, numbers=[_kept(found)], limit=1)


def _kept(found: KeptQuota | Refusal) -> str:
    if isinstance(found, Refusal):
        _refuse(found)
    return found.number


def _refuse(refusal: Refusal) -> NoReturn:
    words = words_of(refusal.code, refusal.particulars) or Words(refusal.code, refusal.code)
    raise Stop(f"没有改动：{words.zh}", f"Nothing was changed: {words.en}")


def _tell(page: QuotaPage) -> None:
    if not screen.answer(page):
        _table(page.quotas)


def _table(quotas: list[QuotaView]) -> None:
    screen.table(
        {"配额": "Quota", "SKU": "SKU", "仓库": "Warehouse", "给谁": "For", "要": "Wanted", "留着": "Kept",
         "用了": "Drawn", "状态": "State"},
        [(q.number, q.sku, q.warehouse, " · ".join([x for x in (q.account, q.campaign, q.customer) if x]), q.quantity,
          q.kept, q.drawn, screen.called(STATES[q.state])) for q in quotas])

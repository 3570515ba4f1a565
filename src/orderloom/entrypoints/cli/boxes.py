"""`orderloom work label | labels | unlabel | prices | pickup | pickups | unpickup | handover`: carriers, for a box."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import typer

from orderloom.application.book_pickup import Pickup
from orderloom.application.box_wishes import (
    BoxMeant,
    Wished,
    wish_courier,
    wish_label,
    wish_label_back,
    wish_no_courier,
)
from orderloom.application.buy_label import BOXES_MAX, WEIGHT_MAX, Label, LabelWish
from orderloom.application.commands import Outcome
from orderloom.application.compare_prices import PriceList, compare_prices
from orderloom.application.queries import paper
from orderloom.application.queries.labels import (
    Handover,
    LabelList,
    PickupList,
    handover_of,
    label_of,
    labels_of,
    pickup_of,
    pickups_of,
)
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.application.queries.works import HandWork, read_work
from orderloom.bootstrap import Hub
from orderloom.domain.money import format_minor
from orderloom.domain.refusal import Refusal
from orderloom.domain.words import Words
from orderloom.entrypoints.cli.attach import actor, connection, doer, hub, run
from orderloom.entrypoints.cli.decisions import refuse
from orderloom.entrypoints.cli.frame import unknown
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.cli.works import app

__all__ = ["app"]
T = TypeVar("T")
Number = Annotated[str, typer.Argument(metavar="NO", help="作业单号 / the work's number")]
Code = Annotated[str, typer.Option("--account", help="承运商账号 / carrier account")]
Carrier = Annotated[str, typer.Option("--carrier", help="承运商，账号有多家时 / carrier, if it has several")]
Product = Annotated[str, typer.Option("--product", help="承运商的产品代码 / the carrier's service")]
Box = Annotated[int, typer.Option("--box", min=1, max=BOXES_MAX, help="第几箱 / which box")]
Weight = Annotated[int, typer.Option("--weight", min=1, max=WEIGHT_MAX, help="克 / grams")]
Back = Annotated[bool, typer.Option("--back", help="退货：买家寄回 / for the way back")]
Why = Annotated[str, typer.Option("--reason", help="原因 / why")]
LABELS = {
    "asked": Words("已申请，等承运商回答", "asked of the carrier"), "bought": Words("已取得", "bought"),
    "in_doubt": Words("结果存疑", "in doubt"), "refused": Words("承运商拒绝", "refused"),
    "cancelling": Words("正在取消", "being given back"), "cancelled": Words("已取消", "given back"),
    "given_up": Words("已放弃", "given up"),
}
PICKUPS = {**LABELS, "booked": Words("已预约", "booked")}


@app.command("label", help=(
    "向承运商申请一箱的面单：重复执行也只买一次 / buy a carrier's label for a box: once, however often asked"))
def label_command(
    number: Number, account: Code = "", carrier: Carrier = "", product: Product = "", box: Box = 1,
    weight: Weight = 1_000, is_back: Back = False,
) -> None:
    """Ask for a label."""
    wish = LabelWish(account, carrier, product, box, _purpose(is_back), weight)
    _tell(run(lambda: _ask(number, wish)))


@app.command("labels", help="作业单的面单；带 --reason 取打印数据并记录 / a work's labels; --reason: what prints them")
def labels_command(
    number: Annotated[str, typer.Argument(metavar="NO", help="作业单号 / the work's number")],
    reason: Annotated[str, typer.Option("--reason", help="为什么要打印 / why they are printed")] = "",
) -> None:
    """Show a work's labels."""
    found = run(lambda: _labels(number, reason.strip()))
    if screen.answer(found):
        return
    screen.table(
        {"面单": "Label", "账号": "Account", "状态": "State", "运单": "Waybill", "原因": "Reason"},
        [(x.number, x.account, screen.called(LABELS[x.state]), x.waybill, screen.one_of(x.error))
         for x in found.labels])
    for text in found.prints.values():
        _print(text + "\n")


@app.command("unlabel", help=(
    "取消一箱的面单：运单在承运商处作废，之后可再申请 / give a box's label back: its waybill is void"))
def unlabel_command(
    number: Number, box: Box = 1, is_back: Back = False, reason: Why = "",
) -> None:
    """Give a label back."""
    _tell(run(lambda: _give_back(number, box, _purpose(is_back), reason.strip()[:200])))


@app.command("prices", help="比较各承运商的报价 / what carriers ask, side by side")
def prices_command(
    number: Number, account: Code = "", carrier: Carrier = "", product: Product = "", weight: Weight = 1_000,
    is_back: Back = False,
) -> None:
    """Compare prices."""
    found = run(lambda: _prices(number, LabelWish(account, carrier, product, 1, _purpose(is_back), weight)))
    if isinstance(found, Outcome):
        refuse(found)
    elif not screen.answer(found):
        screen.table(
            {"账号": "Account", "承运商": "Carrier", "产品": "Service", "价格": "Price", "预计": "Arrives",
             "原因": "Reason"},
            [(x.account, x.carrier, f"{x.product} {x.title}".strip(),
              "" if x.amount is None else f"{format_minor(x.amount, x.currency)} {x.currency}", x.arrives,
              screen.one_of(x.error))
             for x in found.prices])


@app.command("pickup", help="预约快递员取一箱：重复执行也只预约一次 / send for a courier: once")
def pickup_command(
    number: Number,
    start: Annotated[str, typer.Option("--from", help="开始时间，如 2026-11-26T14:00 / from")],
    end: Annotated[str, typer.Option("--until", help="结束时间 / until")],
    account: Code = "", carrier: Carrier = "", product: Product = "", box: Box = 1, weight: Weight = 1_000,
    is_back: Back = False,
) -> None:
    """Send for a courier."""
    wish = LabelWish(account, carrier, product, box, _purpose(is_back), weight)
    _tell(run(lambda: _collect(number, wish, start, end)))


@app.command("pickups", help="作业单的取件预约 / couriers that were sent for")
def pickups_command(number: Number) -> None:
    """Show a work's couriers."""
    found = run(lambda: _pickups(number))
    if not screen.answer(found):
        screen.table(
            {"预约": "Pickup", "账号": "Account", "状态": "State", "编号": "Booking", "开始": "From", "结束": "Until",
             "原因": "Reason"},
            [(x.number, x.account, screen.called(PICKUPS[x.state]), x.booking, x.from_at, x.until_at,
              screen.one_of(x.error))
             for x in found.pickups])


@app.command("unpickup", help=(
    "取消一箱的取件预约：不再上门，之后可再预约 / call a box's courier off; it may have another"))
def unpickup_command(
    number: Number, box: Box = 1, is_back: Back = False, reason: Why = "",
) -> None:
    """Call a courier off."""
    _tell(run(lambda: _call_off(number, box, _purpose(is_back), reason.strip()[:200])))


@app.command("handover", help="交接单：账号当天的面单，交司机签收 / handover list of a day, to be signed")
def handover_command(
    account: Annotated[str, typer.Option("--account", help="承运商账号 / carrier account")],
    day: Annotated[str, typer.Option("--day", help="日期，默认今天 / day, default today")] = "",
    is_sheet: Annotated[bool, typer.Option("--csv", help="输出 CSV / print CSV")] = False,
) -> None:
    """Print the handover list."""
    found = run(lambda: _handover(account, day))
    if not screen.answer(found):
        _print(paper.handover_csv(found) if is_sheet else paper.handover_text(found, _say))


def _say(zh: str, en: str) -> str:
    return screen.words(zh, en, between=" ")


def _print(text: str) -> None:
    """Text for a printer or a file: as it is, with no colour and no folding."""
    print(text, end="", flush=True)


def _purpose(is_back: bool) -> str:
    return "back" if is_back else "out"


def _tell(found: Label | Pickup | Outcome) -> None:
    """What was asked for by our number, how it stands, and by which number the carrier knows it; or why it was not."""
    if isinstance(found, Outcome):
        refuse(found)
    elif not screen.answer(found):
        theirs = found.waybill if isinstance(found, Label) else found.booking
        state = (LABELS if isinstance(found, Label) else PICKUPS)[found.state]
        before = Words("（此前已申请）", " (asked before)") if found.is_known else Words("", "")
        screen.say(f"{found.number}：{state.zh} {theirs}{before.zh}", f"{found.number}: {state.en} {theirs}{before.en}")


async def _ask(number: str, wish: LabelWish) -> Label | Outcome:
    async with hub() as opened:
        return await _label(opened, await wish_label(opened, number, wish, doer()))


async def _give_back(number: str, box: int, purpose: str, reason: str) -> Label | Outcome:
    async with hub() as opened:
        return await _label(opened, await wish_label_back(opened, BoxMeant(number, box, purpose), reason, doer()))


async def _collect(number: str, wish: LabelWish, start: str, end: str) -> Pickup | Outcome:
    async with hub() as opened:
        zone = (await opened.directory()).business_zone
        span = (_instant("--from", start, zone), _instant("--until", end, zone))
        return await _pickup(opened, number, await wish_courier(opened, number, wish, span, doer()))


async def _call_off(number: str, box: int, purpose: str, reason: str) -> Pickup | Outcome:
    async with hub() as opened:
        box_meant = BoxMeant(number, box, purpose)
        return await _pickup(opened, number, await wish_no_courier(opened, box_meant, reason, doer()))


async def _label(opened: Hub, wished: Wished | Outcome) -> Label | Outcome:
    if isinstance(wished, Outcome):
        return wished
    async with opened.ports.reading() as one:
        return msgspec.structs.replace(await label_of(one, wished.number), is_known=wished.is_known)


async def _pickup(opened: Hub, number: str, wished: Wished | Outcome) -> Pickup | Outcome:
    if isinstance(wished, Outcome):
        return wished
    async with opened.ports.reading() as one:
        return msgspec.structs.replace(await pickup_of(one, number, wished.number), is_known=wished.is_known)


async def _prices(number: str, wish: LabelWish) -> PriceList | Outcome:
    async with hub() as opened:
        work = await _work(opened, number)
        found = await compare_prices(opened, wish, work.receiver)
        return Outcome(refusal=found.code, particulars=found.particulars) if isinstance(found, Refusal) else found


async def _pickups(number: str) -> PickupList:
    async with connection() as (_, one):
        return await pickups_of(one, number)


async def _handover(code: str, day: str) -> Handover:
    async with connection() as (opened, one):
        directory = await opened.directory()
        Vocabulary(directory).check(account=code)
        account = directory.account_by_code(code)
        if account is None:
            raise unknown("账号", "account", code, [])
        zone = directory.business_zone
        chosen = _parsed("--day", day, _day) if day else opened.now().astimezone(ZoneInfo(zone)).date()
        return await handover_of(one, account, chosen, zone)


async def _labels(number: str, reason: str) -> LabelList:
    async with hub() as opened, opened.ports.reading() as one:
        work = await read_work(one, number, opened.vault.show_receiver, is_clear=False)
        if work is None:
            raise unknown("手工作业单", "work done by hand", number, [])
        if reason:  # that it is seen is written down first
            await opened.ports.access.unmasked(actor(), work.order_id, reason)
        return await labels_of(one, number, opened.vault.show_text if reason else None)


async def _work(opened: Hub, number: str) -> HandWork:
    async with opened.ports.reading() as one:
        work = await read_work(one, number, opened.vault.show_receiver, is_clear=False)
    if work is None:
        raise unknown("手工作业单", "work done by hand", number, [])
    return work


def _instant(option: str, text: str, zone: str) -> datetime:
    """An instant as people write it: without an offset it is the seller's own time."""
    found = _parsed(option, text, datetime.fromisoformat)
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def _day(text: str) -> date:
    found = date.fromisoformat(text)
    if not 2000 <= found.year <= 2100:
        raise ValueError(text)
    return found


def _parsed(option: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except ValueError as error:
        raise Stop(f"{option}：看不懂“{text[:40]}”，写成 2026-11-26 或 2026-11-26T14:00。",
                   f'{option}: "{text[:40]}" is no time; write 2026-11-26 or 2026-11-26T14:00.', code=2) from error

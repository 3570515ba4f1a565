"""What carriers are asked about a box of work over HTTP: its label, a courier, a price; and the day's handover list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.application import commands as c
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
from orderloom.application.compare_prices import PriceList, compare_prices
from orderloom.application.identity.access import Caller
from orderloom.application.queries import labels, paper, works
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Text, needs
from orderloom.entrypoints.http.kit.printed import Form, printable, printed
from orderloom.entrypoints.http.kit.problem import Problem, not_found, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/works", tags=["works"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
Writer = Annotated[Caller, Depends(needs("works:write"))]
Short = Annotated[str, msgspec.Meta(max_length=80)]
Code = Annotated[str, msgspec.Meta(max_length=12)]
Box = Annotated[int, msgspec.Meta(ge=1, le=BOXES_MAX)]
Grams = Annotated[int, msgspec.Meta(ge=1, le=WEIGHT_MAX)]
DAYS = (date(2000, 1, 1), date(2100, 1, 1))


class LabelRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label for box `box` of a work. `account` may be left out while only one account sells labels; `carrier` is for
    accounts that sell those of several, `product` the carrier's own word for its service. `purpose`: out, or back.
    `station`: it is printed there as soon as it is bought, where a printer is for that."""

    account: Code = ""
    carrier: Short = ""
    product: Short = ""
    box: Box = 1
    purpose: Literal["out", "back"] = "out"
    weight_g: Grams = 1_000
    station: Short = ""


class BackRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The label of box `box`, or its courier, is not needed: the carrier cancels it, and hears the `reason`."""

    box: Box = 1
    purpose: Literal["out", "back"] = "out"
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class PickupRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A courier for box `box`, between `from_at` and `until_at`. Of the account that sold its label where there is one;
    else `account` and `carrier` as for a label."""

    from_at: datetime
    until_at: datetime
    account: Code = ""
    carrier: Short = ""
    product: Short = ""
    box: Box = 1
    purpose: Literal["out", "back"] = "out"
    weight_g: Grams = 1_000


@router.get("/handover", **printable(labels.Handover, problems=(404,)), summary="交接单 | Handover list of a day")
async def handover(
    desk: DeskHere, who: Reader, account: Text, day: date | None = None, form: Form = "json",
) -> Response:
    """The waybills that a carrier's account sold on a day (today) and that were not given back, to be signed for."""
    await desk.check(account=account)
    if day is not None and not DAYS[0] <= day <= DAYS[1]:
        raise Problem("wrong_value", f"day：{DAYS[0]} 到 {DAYS[1]} | day: from {DAYS[0]} to {DAYS[1]}")
    directory = await desk.directory()
    found = directory.account_by_code(account)
    if found is None:
        raise not_found("账号", "account", account)
    zone = directory.business_zone
    async with desk.connect() as connection:
        listed = await labels.handover_of(
            connection, found, day or desk.hub.now().astimezone(ZoneInfo(zone)).date(), zone)
    return printed(form, listed, paper.handover_text, paper.handover_csv)


@router.post("/{number}/label", **spoken(Label, takes=LabelRequest, problems=(404, 409)),
             summary="申请面单 | Buy a label")
async def label(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """Ask a carrier for the waybill and label of a box: bought once, however often this is called.

    The answer comes later: read the work's labels.
    """
    body = await body_of(request, LabelRequest)
    wish = LabelWish(body.account, body.carrier, body.product, body.box, body.purpose, body.weight_g,
                     station=body.station.strip())
    return await _label(desk, await wish_label(desk.hub, number, wish, who.doer))


@router.post("/{number}/label/cancel", **spoken(Label, takes=BackRequest, problems=(404, 409)),
             summary="取消面单 | Give a label back")
async def give_back(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """Cancel a waybill that was bought and is on no parcel that is out. The answer comes later, as that of a label;
    once it is cancelled the box may have another."""
    body = await body_of(request, BackRequest)
    box = BoxMeant(number, body.box, body.purpose)
    return await _label(desk, await wish_label_back(desk.hub, box, body.reason.strip(), who.doer))


@router.post("/{number}/pickup", **spoken(Pickup, takes=PickupRequest, problems=(404, 409)),
             summary="预约取件 | Send for a courier")
async def pickup(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """Book a courier for a box: once, however often this is called. The answer comes later: read the work's pickups."""
    body = await body_of(request, PickupRequest)
    if body.from_at.tzinfo is None or body.until_at.tzinfo is None:
        raise Problem("wrong_value", "from_at、until_at：写明时区，例如 2026-11-26T14:00:00+08:00 | from_at, until_at: "
                                     "write the offset, such as 2026-11-26T14:00:00+08:00")
    wish = LabelWish(body.account, body.carrier, body.product, body.box, body.purpose, body.weight_g)
    span = (body.from_at, body.until_at)
    return await _pickup(desk, number, await wish_courier(desk.hub, number, wish, span, who.doer))


@router.post("/{number}/pickup/cancel", **spoken(Pickup, takes=BackRequest, problems=(404, 409)),
             summary="取消取件 | Call a courier off")
async def call_off(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """Call off a courier that was booked and has not scanned the box: once, however often this is called. The answer
    comes later: read the work's pickups; then the box may have another one."""
    body = await body_of(request, BackRequest)
    box = BoxMeant(number, body.box, body.purpose)
    return await _pickup(desk, number, await wish_no_courier(desk.hub, box, body.reason.strip(), who.doer))


@router.get("/{number}/pickups", **spoken(labels.PickupList, problems=(404,)), summary="取件 | Couriers of a work")
async def list_pickups(desk: DeskHere, who: Reader, number: str) -> Response:
    """Which couriers were sent for, and what came of it."""
    async with desk.connect() as connection:
        return reply(await labels.pickups_of(connection, number))


@router.get("/{number}/prices", **spoken(PriceList, problems=(404, 409)), summary="比价 | What carriers ask")
async def prices(
    desk: DeskHere, who: Reader, number: str, account: Text = "", carrier: Text = "", product: Text = "",
    weight_g: Annotated[int, Query(ge=1, le=WEIGHT_MAX)] = 1_000, purpose: Literal["out", "back"] = "out",
) -> Response:
    """Ask every carrier's account that names prices what a box of the work would cost; nothing is bought or stored.

    Amounts are in minor units of their currency. Carriers are told regions and weight, nobody's name or street.
    """
    async with desk.connect() as connection:
        work = await works.read_work(connection, number, desk.hub.vault.show_receiver, is_clear=False)
    if work is None:
        raise not_found("作业单", "work done by hand", number)
    found = await compare_prices(desk.hub, LabelWish(account, carrier, product, 1, purpose, weight_g), work.receiver)
    if isinstance(found, Refusal):
        raise problem_of(c.Outcome(refusal=found.code, particulars=found.particulars))
    return reply(found)


async def _label(desk: Desk, wished: Wished | c.Outcome) -> Response:
    """The label as it stands then. Raises Problem where it was refused."""
    if isinstance(wished, c.Outcome):
        raise problem_of(wished)
    async with desk.connect() as connection:
        found = await labels.label_of(connection, wished.number)
    return reply(msgspec.structs.replace(found, is_known=wished.is_known))


async def _pickup(desk: Desk, number: str, wished: Wished | c.Outcome) -> Response:
    """The courier of a work as it stands then. Raises Problem where it was refused."""
    if isinstance(wished, c.Outcome):
        raise problem_of(wished)
    async with desk.connect() as connection:
        found = await labels.pickup_of(connection, number, wished.number)
    return reply(msgspec.structs.replace(found, is_known=wished.is_known))

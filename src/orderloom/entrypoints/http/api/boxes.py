"""What carriers are asked about a box of work over HTTP: its label, a courier, a price; and the day's handover list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.application import commands as c
from orderloom.application.ask_pickup import pickup_number
from orderloom.application.book_pickup import Pickup, book_pickup, meant_pickup
from orderloom.application.buy_label import BOXES_MAX, WEIGHT_MAX, Label, LabelWish, buy_label, meant
from orderloom.application.compare_prices import PriceList, compare_prices
from orderloom.application.identity.access import Caller
from orderloom.application.ports import able
from orderloom.application.queries import labels, paper, works
from orderloom.application.unbook_pickup import BookedCourier, meant_off, unbook_pickup
from orderloom.application.void_label import meant_back, void_label
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Text, needs
from orderloom.entrypoints.http.kit.printed import Form, printable, printed
from orderloom.entrypoints.http.kit.problem import Problem, not_found, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/works", tags=["works"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]
Writer = Annotated[Caller, Depends(needs("stock:write"))]
Short = Annotated[str, msgspec.Meta(max_length=80)]
Code = Annotated[str, msgspec.Meta(max_length=12)]
Box = Annotated[int, msgspec.Meta(ge=1, le=BOXES_MAX)]
Grams = Annotated[int, msgspec.Meta(ge=1, le=WEIGHT_MAX)]
DAYS = (date(2000, 1, 1), date(2100, 1, 1))


class LabelRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label for box `box` of a work. `account` may be left out while only one account sells labels; `carrier` is for
    accounts that sell those of several, `product` the carrier's own word for its service. `purpose`: out, or back."""

    account: Code = ""
    carrier: Short = ""
    product: Short = ""
    box: Box = 1
    purpose: Literal["out", "back"] = "out"
    weight_g: Grams = 1_000


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
    _, round = await _standing(desk, number, body.box, body.purpose)
    wish = LabelWish(body.account, body.carrier, body.product, body.box, body.purpose, body.weight_g, round)
    asked = meant(wish, number, who.doer, (await desk.directory()).accounts.values(), desk.hub.manifests)
    if isinstance(asked, Refusal):
        raise problem_of(c.Outcome(refusal=asked.code, facts=asked.facts))
    found = await buy_label(desk.hub.handler.handle, asked, desk.hub.now())
    if isinstance(found, c.Outcome):
        raise problem_of(found)
    standing, _ = await _standing(desk, number, body.box, body.purpose)
    assert standing is not None
    return reply(msgspec.structs.replace(standing, is_known=found is not None))


@router.post("/{number}/label/cancel", **spoken(Label, takes=BackRequest, problems=(404, 409)),
             summary="取消面单 | Give a label back")
async def give_back(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """Cancel a waybill that was bought and is on no parcel that is out. The answer comes later, as that of a label;
    once it is cancelled the box may have another."""
    body = await body_of(request, BackRequest)
    bought, _ = await _standing(desk, number, body.box, body.purpose)
    asked = meant_back(bought, number, body.reason.strip(), who.doer, await desk.directory(),
                       able(desk.hub.manifests, "label_cancel"))
    if isinstance(asked, Refusal):
        raise problem_of(c.Outcome(refusal=asked.code, facts=asked.facts))
    if (refused := await void_label(desk.hub.handler.handle, asked, desk.hub.now())) is not None:
        raise problem_of(refused)
    async with desk.connect() as connection:
        return reply(await labels.label_of(connection, asked.number))


@router.post("/{number}/pickup", **spoken(Pickup, takes=PickupRequest, problems=(404, 409)),
             summary="预约取件 | Send for a courier")
async def pickup(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """Book a courier for a box: once, however often this is called. The answer comes later: read the work's pickups."""
    body = await body_of(request, PickupRequest)
    if body.from_at.tzinfo is None or body.until_at.tzinfo is None:
        raise Problem("wrong_value", "from_at、until_at：写明时区，例如 2026-11-26T14:00:00+08:00 | from_at, until_at: "
                                     "write the offset, such as 2026-11-26T14:00:00+08:00")
    bought, _ = await _standing(desk, number, body.box, body.purpose)
    _, round = await _last_pickup(desk, number, body.box, body.purpose)
    wish = LabelWish(body.account, body.carrier, body.product, body.box, body.purpose, body.weight_g, round)
    asked = meant_pickup(wish, (body.from_at, body.until_at), number, bought, who.doer,
                         (await desk.directory()).accounts.values(), desk.hub.manifests)
    if isinstance(asked, Refusal):
        raise problem_of(c.Outcome(refusal=asked.code, facts=asked.facts))
    found = await book_pickup(desk.hub.handler.handle, asked, desk.hub.now())
    if isinstance(found, c.Outcome):
        raise problem_of(found)
    if found is not None:
        return reply(found)
    async with desk.connect() as connection:
        booked = (await labels.pickups_of(connection, number)).pickups
    return reply(next(one for one in booked if one.number == pickup_number(asked)))


@router.post("/{number}/pickup/cancel", **spoken(Pickup, takes=BackRequest, problems=(404, 409)),
             summary="取消取件 | Call a courier off")
async def call_off(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """Call off a courier that was booked and has not scanned the box: once, however often this is called. The answer
    comes later: read the work's pickups; then the box may have another one."""
    body = await body_of(request, BackRequest)
    booked, _ = await _last_pickup(desk, number, body.box, body.purpose)
    accounts = {a.code: a for a in (await desk.directory()).accounts.values()}
    asked = meant_off(booked, number, body.reason.strip(), who.doer, accounts, desk.hub.manifests)
    if isinstance(asked, Refusal):
        raise problem_of(c.Outcome(refusal=asked.code, facts=asked.facts))
    if isinstance(asked, Pickup):
        return reply(asked)
    if (refused := await unbook_pickup(desk.hub.handler.handle, asked)) is not None:
        raise problem_of(refused)
    async with desk.connect() as connection:
        told = (await labels.pickups_of(connection, number)).pickups
    return reply(next(one for one in told if one.number == asked.number))


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
        raise problem_of(c.Outcome(refusal=found.code, facts=found.facts))
    return reply(found)


async def _last_pickup(desk: Desk, number: str, box: int, purpose: str) -> tuple[BookedCourier | None, int]:
    async with desk.hub.ports.labels() as shelf:
        return await shelf.last_pickup(number, box, purpose)


async def _standing(desk: Desk, number: str, box: int, purpose: str) -> tuple[Label | None, int]:
    async with desk.hub.ports.labels() as shelf:
        return await shelf.standing(number, box, purpose)

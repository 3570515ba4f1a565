"""Orders that people type over HTTP: enter one, correct it, look at what was typed, find goods for it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from orderloom.application.enter_order import (
    CONNECTOR,
    Entered,
    EntryLook,
    correct_order,
    enter_order,
    is_known_key,
    look_at_entry,
)
from orderloom.application.entered_problems import NotEntered
from orderloom.application.entered_shapes import EnteredOrder
from orderloom.application.expected import MovedOn
from orderloom.application.identity.access import Caller
from orderloom.application.queries import entered as read
from orderloom.application.queries.order_detail import read_facts
from orderloom.domain.address import split
from orderloom.domain.glued import take_apart
from orderloom.domain.order import Order
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, IfMatch, Reason, as_written, may_unmask, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["orders"])
Seeker = Annotated[Caller, Depends(needs("orders:enter", "orders:lines"))]
Writer = Annotated[Caller, Depends(needs("orders:enter"))]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[!-~]+$", description=(
    "Sent again with the same key and body it changes nothing; 8 to 100 visible characters without blanks"))]
REWRITES = ("order_amended", "receiver_changed", "order_cancelled", "parcel_shipped")
"""Facts after which a form that was opened before says something else than the order."""
WAIT_SECONDS_MAX, PAUSE_SECONDS = 5.0, 0.05
"""How long an answer waits for a worker to make the order out of what was typed."""


class EnteredAnswer(msgspec.Struct, frozen=True):
    """A typed order. `state` is `recorded` (it has its number), `waiting` (kept; a worker makes it soon) or `parked`
    (`problem` says what is in the way, and a case is open)."""

    account: str
    external_id: str
    message_id: str
    is_new: bool
    state: Literal["recorded", "waiting", "parked"]
    number: str | None = None
    order_id: str | None = None
    problem: str = ""


class TypedOrder(msgspec.Struct, frozen=True):
    """What was typed last of an order, and by whom; the receiver only to who may see it, with a reason. `version` is
    the order's, to be sent as If-Match with the correction."""

    number: str
    entered_by: str
    order: EnteredOrder
    version: int


class SplitRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A receiver as people paste it."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]


class SplitAddress(msgspec.Struct, frozen=True):
    """Its parts; `unsure` are those that somebody should look at."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    detail: str
    unsure: list[str]


class GoodsList(msgspec.Struct, frozen=True):
    """Goods that fit what was typed so far."""

    goods: list[read.GoodsFound]


def _taken(status: int, *problems: int) -> dict[str, Any]:
    """How taking a typed order is documented: done, known already, or kept and not made yet."""
    told = spoken(EnteredAnswer, takes=EnteredOrder, status=status, problems=problems)
    done = told["responses"][status]
    told["responses"] |= {code: {**done, "description": words} for code, words in (
        (200, "Done, or known by its key"), (202, "Kept; it is made as soon as a worker takes it")) if code != status}
    return told


@router.post("/orders", **_taken(201, 409), summary="手工建单 | Enter an order")
async def enter(request: Request, desk: DeskHere, who: Writer, key: Key) -> Response:
    """Take an order in that a person took on the phone: kept as it was typed, with who typed it, and on the route of
    all others. What is wrong is told field by field in `facts` (`lines.0.sku`, `receiver.phone`), and nothing is kept.
    202 when no worker made the order within five seconds: it is kept, and made as soon as one runs."""
    typed = await body_of(request, EnteredOrder)
    try:
        done = await enter_order(desk.hub, desk.ports, typed, key, who.actor)
    except NotEntered as refused:
        raise _problem(refused) from refused
    return await _answer(desk, done, 201)


@router.post("/orders/entered/look", **spoken(EntryLook, takes=EnteredOrder),
             summary="试算手工订单 | Look at a typed order")
async def look(request: Request, desk: DeskHere, who: Writer) -> Response:
    """What it comes to, by the formula of all orders, and field by field what is still wrong; nothing is kept."""
    typed = await body_of(request, EnteredOrder)
    try:
        return reply(await look_at_entry(desk.hub, desk.ports, typed))
    except NotEntered as refused:
        raise _problem(refused) from refused


@router.post("/addresses/split", **spoken(SplitAddress, takes=SplitRequest),
             summary="拆开收件人 | Take a receiver apart")
async def split_address(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Name, phone and address out of one text, as orders are read; `unsure` names what to look at. Nothing is kept."""
    text = (await body_of(request, SplitRequest)).text
    glued = take_apart(text.strip())
    area = split(glued.address)
    found = {"name": glued.name, "phone": glued.phone, "province": area.province, "city": area.city,
             "district": area.district, "detail": area.detail}
    asked = ("province", "city", "district", "detail") if area.is_unsure else ()
    unsure = [name for name, value in found.items() if name in asked or (not value and name != "district")]
    return reply(SplitAddress(**found, unsure=unsure))


@router.put("/orders/{reference}", **_taken(200, 404, 409), summary="更正手工订单 | Correct a manual order")
async def correct(
    request: Request, desk: DeskHere, who: Writer, seen: IfMatch, reference: str, key: Key,
) -> Response:
    """The order as it is to be from now on: whole, but for a receiver that stays when it is left out. Only of orders
    that were typed, and only while nothing of them is out; cancelling is POST /orders/{reference}/cancel. With If-Match
    (its `version`) it is 409 `changed_meanwhile` when somebody changed the order since."""
    typed = await body_of(request, EnteredOrder)
    order = await _order(desk, reference)
    if seen is not None and await _changed_since(desk, order, seen) and not await is_known_key(desk.ports, order, key):
        raise MovedOn(order.id, seen, order.event_count)
    try:
        done = await correct_order(desk.hub, desk.ports, desk.hub.vault.decrypt_voucher, order, typed, key, who.actor)
    except NotEntered as refused:
        raise _problem(refused) from refused
    return await _answer(desk, done, 200)


@router.get("/orders/{reference}/entered", **spoken(TypedOrder, problems=(404, 409)),
            summary="录入内容 | What was typed")
async def show(desk: DeskHere, who: Writer, reference: str, reason: Reason = "") -> Response:
    """As it was typed last, to correct it. The receiver and whoever bought only with scope pii:read and a reason, which
    is written down."""
    is_clear = may_unmask(who, reason)
    order = await _order(desk, reference)
    async with desk.ports.entries() as entries:
        cipher = await entries.last_voucher(order.account_id, order.id)
    directory = await desk.directory()
    if cipher is None or directory.accounts[order.account_id].connector != CONNECTOR:
        raise not_found("录入内容", "typed order", reference)
    if is_clear:
        await desk.access.unmasked(who.actor, order.id, as_written(reason))
    held: dict[str, Any] = msgspec.json.decode(desk.hub.vault.decrypt_voucher(cipher))
    typed = msgspec.convert(held["order"], EnteredOrder)
    if not is_clear:
        typed = msgspec.structs.replace(typed, receiver=None, buyer="")
    return reply(TypedOrder(order.number, str(held.get("entered_by", "")), typed, order.event_count))


@router.get("/goods", **spoken(GoodsList), summary="查找商品 | Find goods for an order")
async def goods(
    desk: DeskHere, who: Seeker, q: Annotated[str, Query(min_length=1, max_length=100)],
    limit: Annotated[int, Query(ge=1, le=read.GOODS_MAX)] = 8,
) -> Response:
    """By a part of code or name, with what is free of them in each warehouse."""
    async with desk.connect() as connection:
        return reply(GoodsList(await read.find_goods(connection, q, limit)))


async def _order(desk: Desk, reference: str) -> Order:
    order = await desk.ports.order(await desk.order_id(reference))
    if order is None:
        raise not_found("订单", "order", reference)
    return order


async def _changed_since(desk: Desk, order: Order, version: int) -> bool:
    """Whether what was typed of the order stands otherwise by now; that a warehouse goes on with it does not count."""
    async with desk.connect() as connection:
        since = await read_facts(connection, order.id, version)
    return any(fact.kind in REWRITES for fact in since)


async def _answer(desk: Desk, done: Entered, status: int) -> Response:
    """What became of it, as soon as a worker has taken it, or that it waits."""
    loop = asyncio.get_running_loop()
    until = loop.time() + WAIT_SECONDS_MAX
    while True:
        async with desk.connect() as connection:
            became = await read.what_became(connection, done.message_id)
        if (became is not None and became.outcome != "pending") or loop.time() >= until:
            break
        await asyncio.sleep(PAUSE_SECONDS)
    told = (done.account, done.external_id, done.message_id, done.is_new)
    if became is None or became.outcome == "pending":
        return reply(EnteredAnswer(*told, "waiting"), 202)
    if became.number is None:
        return reply(EnteredAnswer(*told, "parked", problem=became.detail or became.reason), 202)
    return reply(EnteredAnswer(*told, "recorded", became.number, became.order_id), status if done.is_new else 200)


def _problem(refused: NotEntered) -> Problem:
    """Every field that is wrong, in `particulars`; in words, the first few."""
    particulars = {field: f"{words.zh} | {words.en}" for field, words in refused.wrong.items()}
    some = list(refused.wrong.items())[:3]
    zh = "；".join(f"{field}：{words.zh}" for field, words in some)
    en = "; ".join(f"{field}: {words.en}" for field, words in some)
    return Problem(refused.code, f"{zh} | {en}", particulars=particulars)

"""The same for many orders over HTTP: begun at once, done in the background, with a result for every order."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.bulk_orders import BULK, IDS_MAX, BulkAsked, Verb, wished
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.begin_job import begin_job
from orderloom.application.ports import TooLong
from orderloom.application.preview import Preview
from orderloom.application.queries.order_list import ids_of
from orderloom.application.queries.order_query import OrderQuery
from orderloom.application.queries.orders import find_orders
from orderloom.application.queries.vocabulary import UnknownWord
from orderloom.application.replay_chosen import ReplayPreview, preview_messages
from orderloom.application.replay_orders import REPLAY_ORDERS, ReplayOrdersAsked
from orderloom.entrypoints.http.kit.begun import JobBegun
from orderloom.entrypoints.http.kit.foreseen import with_words
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Key, decides, needs
from orderloom.entrypoints.http.kit.order_query import NARROW, meant_by
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/orders", tags=["orders"])
Decider = Annotated[Caller, Depends(decides("orders:cancel", "orders:hold", "cases:write"))]
Replayer = Annotated[Caller, Depends(needs("messages:write"))]
REPLAY_AHEAD_MAX = 100
"""Orders whose replay is looked at ahead: each has several messages."""
FILTER_MAX, FILTER_SECONDS = 10_000, 2.0
"""Orders of a filter, and how long finding them may take."""
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class AllOfFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"left_out": "except"}):
    """All orders of a filter that were there at an instant, but for these, by number or id."""

    query: OrderQuery
    as_of: Annotated[datetime, msgspec.Meta(tz=True)]
    left_out: Annotated[tuple[Reference, ...], msgspec.Meta(max_length=IDS_MAX)] = ()


class OrdersChosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which orders: those named by number or id, or all of a filter (10,000 at most)."""

    orders: Annotated[tuple[Reference, ...], msgspec.Meta(max_length=IDS_MAX)] = ()
    filter: AllOfFilter | None = None


class ManyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be done to which orders: those named by number or id, or all of a filter (10,000 at most).

    `hold_type`: one of the blueprint's, for `hold`.
    """

    verb: Verb
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    orders: Annotated[tuple[Reference, ...], msgspec.Meta(max_length=IDS_MAX)] = ()
    filter: AllOfFilter | None = None
    hold_type: Annotated[str, msgspec.Meta(max_length=100)] = "manual"


class ManyPreview(msgspec.Struct, frozen=True):
    """What it would do to the first 500 of `row_count` orders, as for one order."""

    row_count: int
    preview: Preview


@router.post("/bulk/preview", **spoken(ManyPreview, takes=ManyRequest, problems=(404,)),
             summary="批量试算 | What it would do to many orders")
async def look_ahead(request: Request, desk: DeskHere, who: Decider) -> Response:
    """The same code without its end: counts, money, stock, and the rows with what stands in the way."""
    asked = await _asked(request, desk, who)
    orders = await desk.ports.orders(asked.ids[:IDS_MAX])
    commands = [command for order in orders for command in wished(order, asked, who.doer)]
    preview = await desk.hub.foreseer.preview(commands)
    return reply(ManyPreview(len(asked.ids), with_words(preview)))


@router.post("/bulk", **spoken(JobBegun, takes=ManyRequest, status=202, problems=(404, 409)),
             summary="批量处理 | Do the same to many orders")
async def change_many(request: Request, desk: DeskHere, who: Decider, key: Key = "") -> Response:
    """Hold, release or cancel orders in the background, each as one order would be; `rows` of the job tell of each.

    A refused order stays as it is and does not stop the others. `release` lifts every hold that the caller may lift.
    """
    asked = await _asked(request, desk, who)
    job = await begin_job(desk.ports.jobs, new_id(), BULK, who, asked, desk.hub.now(), key=key, total=len(asked.ids))
    return reply(JobBegun(job), 202)


class OrdersReplayed(msgspec.Struct, frozen=True):
    """What replaying `orders` would change; only the first `looked_at` of them were looked at."""

    orders: int
    looked_at: int
    preview: ReplayPreview


@router.post("/bulk-replay/preview", **spoken(OrdersReplayed, takes=OrdersChosen, problems=(404,)),
             summary="批量重放试算 | What replaying these orders would change")
async def look_ahead_again(request: Request, desk: DeskHere, who: Replayer) -> Response:
    """The messages that the first 100 orders were made of, through the mapping as it is now; nothing of it is kept."""
    ids = await _chosen(desk, await body_of(request, OrdersChosen))
    looked = ids[:REPLAY_AHEAD_MAX]
    made_of = await desk.ports.messages_of(looked)
    stood = await desk.ports.standing([message for messages in made_of.values() for message in messages])
    preview = await preview_messages(desk.hub, desk.hub.foreseer.foresee,
                                     {message: (one.outcome, one.reason) for message, one in stood.items()})
    return reply(OrdersReplayed(len(ids), len(looked), preview))


@router.post("/bulk-replay", **spoken(JobBegun, takes=OrdersChosen, status=202, problems=(404, 409)),
             summary="批量重放订单 | Replay these orders in the background")
async def replay_these(request: Request, desk: DeskHere, who: Replayer, key: Key = "") -> Response:
    """A job: every message that an order was made of goes through the mapping again, oldest first; `rows` tell of each
    order whether it changed, and why one of its messages waits now. What people did to an order stands."""
    asked = ReplayOrdersAsked(await _chosen(desk, await body_of(request, OrdersChosen)))
    job = await begin_job(
        desk.ports.jobs, new_id(), REPLAY_ORDERS, who, asked, desk.hub.now(), key=key, total=len(asked.ids))
    return reply(JobBegun(job), 202)


async def _chosen(desk: Desk, body: OrdersChosen | ManyRequest) -> tuple[str, ...]:
    """The orders by id. Raises Problem."""
    if bool(body.orders) == (body.filter is not None):
        raise Problem("wrong_value", "orders 和 filter 二选一 | give either orders or filter")
    return await _of_filter(desk, body.filter) if body.filter else await _ids(desk, body.orders)


async def _asked(request: Request, desk: Desk, who: Caller) -> BulkAsked:
    """What is asked for, with the orders by id. Raises Problem."""
    body = await body_of(request, ManyRequest)
    if body.verb == "hold" and not who.may("orders:hold"):
        raise Problem("no_scope", "需要权限 orders:hold，请找管理员 | orders:hold is needed: ask an administrator")
    if body.verb == "hold" and body.hold_type not in (known := await _hold_types(desk)):
        raise UnknownWord("hold_type", body.hold_type, known)
    return BulkAsked(body.verb, await _chosen(desk, body), body.reason, body.hold_type)


async def _of_filter(desk: Desk, chosen: AllOfFilter) -> tuple[str, ...]:
    """All of a filter. Raises Problem when there are too many, or it would take too long."""
    wanted = await meant_by(desk, chosen.query)
    left_out = await _ids(desk, chosen.left_out)
    until = min(filter(None, (wanted.until, chosen.as_of)))
    wanted = msgspec.structs.replace(wanted, until=until, left_out=left_out)
    try:
        async with desk.briefly(FILTER_SECONDS) as connection:
            found = await ids_of(connection, wanted, FILTER_MAX + 1)
    except TooLong as error:
        raise Problem("narrow_time", NARROW) from error
    if len(found) > FILTER_MAX:
        raise Problem("wrong_value", f"一次最多 {FILTER_MAX} 单，请缩小筛选 | "
                      f"at most {FILTER_MAX} orders at once: narrow it")
    return tuple(found)


async def _hold_types(desk: Desk) -> list[str]:
    directory = await desk.directory()
    return list(directory.blueprints[directory.blueprint_active].holds)


async def _ids(desk: Desk, references: tuple[str, ...]) -> tuple[str, ...]:
    """Each order once. Raises Problem that names what is no order."""
    if not references:
        return ()
    async with desk.connect() as connection:
        known = await find_orders(connection, references)
    if missing := [r for r in references if r not in known]:
        named = "、".join(missing[:20])
        raise Problem("no_such_order", f"没有这些订单：{named} | there are no such orders: {named}")
    return tuple(dict.fromkeys(known[r] for r in references))

"""What people keep to find their orders by, over HTTP: tags, fields, views and how many orders each has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.bulk_orders import IDS_MAX
from orderloom.application.identity.access import Caller
from orderloom.application.keep_views import SavedView, change_view, drop_view, save_view
from orderloom.application.ports import TooLong
from orderloom.application.queries.order_columns import COLUMNS, RowTag
from orderloom.application.queries.order_desk import (
    FieldShown,
    ViewShown,
    fields_shown,
    list_tags,
    list_views,
)
from orderloom.application.queries.order_list import NEWEST, SORTS, count_orders
from orderloom.application.queries.order_query import OrderQuery
from orderloom.application.queries.orders import find_orders
from orderloom.application.queries.vocabulary import UnknownWord
from orderloom.application.tag_orders import colour_tag, tag_orders
from orderloom.application.write_fields import write_fields
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.blueprint.desk import DeskFile
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Uuid, needs
from orderloom.entrypoints.http.kit.order_query import asks_by_hidden, meant_by
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["orders"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]
Noter = Annotated[Caller, Depends(needs("orders:note"))]
COUNT_MAX = 1_000
COUNT_SECONDS = 0.1
KEPT = timedelta(seconds=5)
KEPT_MAX = 2_000
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"\S")]
Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=30)]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class TagList(msgspec.Struct, frozen=True):
    """Every tag."""

    tags: list[RowTag]


class TagRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tags to put on and take off, of up to 500 orders by number or id."""

    orders: Annotated[tuple[Reference, ...], msgspec.Meta(min_length=1, max_length=IDS_MAX)]
    add: Annotated[tuple[Tag, ...], msgspec.Meta(max_length=20)] = ()
    remove: Annotated[tuple[Tag, ...], msgspec.Meta(max_length=20)] = ()


class ColourRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tag's new colour."""

    colour: Annotated[str, msgspec.Meta(max_length=20)]


class FieldList(msgspec.Struct, frozen=True):
    """The fields that the blueprint declares."""

    fields: list[FieldShown]


class FieldsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values by field; null empties one."""

    values: Annotated[dict[str, Annotated[str, msgspec.Meta(max_length=200)] | None], msgspec.Meta(max_length=20)]


class ViewRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A view of one's own; `roles` shares it (scope views:share)."""

    name: Name
    query: OrderQuery
    sort: Annotated[str, msgspec.Meta(max_length=20)] = NEWEST
    columns: Annotated[tuple[str, ...], msgspec.Meta(max_length=40)] = ()
    roles: Annotated[tuple[str, ...], msgspec.Meta(max_length=20)] = ()


class ViewList(msgspec.Struct, frozen=True):
    """The views of the caller, in the order of their tabs."""

    views: list[ViewShown]


class ViewKept(msgspec.Struct, frozen=True):
    """The view is kept, or gone."""

    id: str


class Counts(msgspec.Struct, frozen=True):
    """How many orders each view has, by its id: 1,000 means more than 999, null that it would take long to know."""

    views: dict[str, int | None]
    as_of: datetime


@router.get("/tags", **spoken(TagList), summary="标签 | Tags")
async def show_tags(desk: DeskHere, who: Reader) -> Response:
    """Every tag with its colour."""
    async with desk.connect() as connection:
        return reply(TagList(await list_tags(connection)))


@router.post("/tags/apply", **spoken(TagList, takes=TagRequest, problems=(404,)), summary="打标签 | Tag orders")
async def apply_tags(request: Request, desk: DeskHere, who: Noter) -> Response:
    """Put tags on orders and take others off, all together; a new word is a new tag. What is answered are all tags."""
    body = await body_of(request, TagRequest)
    async with desk.connect() as connection:
        known = await find_orders(connection, body.orders)
    if missing := [r for r in body.orders if r not in known]:
        named = "、".join(missing[:20])
        raise Problem("no_such_order", f"没有这些订单：{named} | there are no such orders: {named}")
    await tag_orders(desk.ports.order_desk, sorted(set(known.values())), body.add, body.remove, who.actor,
                     desk.hub.now())
    return await show_tags(desk, who)


@router.put("/tags/{name}", **spoken(TagList, takes=ColourRequest, problems=(404,)), summary="标签颜色 | Colour a tag")
async def paint_tag(request: Request, desk: DeskHere, who: Noter, name: str) -> Response:
    """Give a tag another colour: grey, teal, blue, violet, magenta, amber, red or green."""
    body = await body_of(request, ColourRequest)
    await colour_tag(desk.ports.order_desk, name, body.colour)
    return await show_tags(desk, who)


@router.get("/order-fields", **spoken(FieldList), summary="自定义字段 | Custom fields of orders")
async def show_fields(desk: DeskHere, who: Reader) -> Response:
    """The fields of the seller's own, as the blueprint declares them."""
    return reply(FieldList(fields_shown((await _desk_file(desk)).fields, who.roles)))


@router.put("/orders/{reference}/fields", **spoken(FieldList, takes=FieldsRequest, problems=(404, 409)),
            summary="写自定义字段 | Write custom fields")
async def put_fields(request: Request, desk: DeskHere, who: Noter, reference: str) -> Response:
    """Write some of an order's own fields; those that are not named stay."""
    body, declared = await body_of(request, FieldsRequest), (await _desk_file(desk)).fields
    await write_fields(desk.ports.order_desk, declared, who.roles, await desk.order_id(reference), body.values,
                       who.actor, desk.hub.now())
    return await show_fields(desk, who)


@router.get("/views", **spoken(ViewList), summary="视图 | Views of the order list")
async def show_views(desk: DeskHere, who: Reader) -> Response:
    """Those of the blueprint for the caller's role, the caller's own, and what others share with the role. One of
    others that asks by what the caller may not see is left out."""
    return reply(ViewList(await _views(desk, who)))


@router.post("/views", **spoken(ViewKept, takes=ViewRequest, status=201, problems=(409,)),
             summary="存视图 | Save a view")
async def make_view(request: Request, desk: DeskHere, who: Reader) -> Response:
    """Keep filters, sort and columns under a name."""
    view, view_id = await _given(request, desk, who), new_id()
    await save_view(desk.ports.order_desk, view_id, _owner(who), view, desk.hub.now())
    return reply(ViewKept(view_id), 201)


@router.put("/views/{view_id}", **spoken(ViewKept, takes=ViewRequest, problems=(404,)),
            summary="改视图 | Change a view")
async def put_view(request: Request, desk: DeskHere, who: Reader, view_id: Uuid) -> Response:
    """Change a view of one's own."""
    await change_view(desk.ports.order_desk, str(view_id), _owner(who), await _given(request, desk, who))
    return reply(ViewKept(str(view_id)))


@router.delete("/views/{view_id}", **spoken(ViewKept, problems=(404,)), summary="删视图 | Drop a view")
async def delete_view(desk: DeskHere, who: Reader, view_id: Uuid) -> Response:
    """Forget a view of one's own; its orders stay as they are."""
    await drop_view(desk.ports.order_desk, str(view_id), _owner(who))
    return reply(ViewKept(str(view_id)))


@router.get("/counts", **spoken(Counts), summary="视图计数 | How many orders each view has")
async def show_counts(desk: DeskHere, who: Reader) -> Response:
    """Counted to 1,000 at most, and no more often than every five seconds."""
    at = desk.hub.now()
    found = {view.id: await _count(desk, who, view.query, at) for view in await _views(desk, who)}
    return reply(Counts(found, at))


_kept: dict[tuple[int, str, bytes], tuple[datetime, int | None]] = {}
"""Counts of this process by desk, who sees them and the query."""


async def _count(desk: Desk, who: Caller, query: OrderQuery, at: datetime) -> int | None:
    if asks_by_hidden(query):
        return None
    key = (id(desk), who.actor, msgspec.json.encode(query))
    known = _kept.get(key)
    if known is not None and at - known[0] < KEPT:
        return known[1]
    if len(_kept) >= KEPT_MAX:
        _kept.clear()
    try:
        wanted = await meant_by(desk, query)
        async with desk.briefly(COUNT_SECONDS) as connection:
            found: int | None = await count_orders(connection, wanted, COUNT_MAX)
    except (TooLong, UnknownWord):
        found = None
    _kept[key] = (at, found)
    return found


async def _views(desk: Desk, who: Caller) -> list[ViewShown]:
    file = await _desk_file(desk)
    async with desk.connect() as connection:
        found = await list_views(connection, file, _owner(who), who.roles)
    return [view for view in found if view.origin == "own" or not asks_by_hidden(view.query, view.sort)]


async def _given(request: Request, desk: Desk, who: Caller) -> SavedView:
    """The view of a request. Raises Problem, UnknownWord."""
    body = await body_of(request, ViewRequest)
    await meant_by(desk, body.query)
    if body.sort not in SORTS:
        raise UnknownWord("sort", body.sort, SORTS)
    for column in body.columns:
        if column not in COLUMNS:
            raise UnknownWord("columns", column, COLUMNS)
    known: Mapping[str, object] = (await _blueprint(desk)).roles
    for role in body.roles:
        if role not in known:
            raise UnknownWord("roles", role, known)
    if body.roles and not who.may("views:share"):
        raise Problem("no_scope", "需要权限 views:share，请找管理员 | views:share is needed: ask an administrator")
    return SavedView(body.name.strip(), body.query, body.sort, body.columns, body.roles)


def _owner(who: Caller) -> str:
    return who.user or who.actor


async def _desk_file(desk: Desk) -> DeskFile:
    return (await _blueprint(desk)).desk


async def _blueprint(desk: Desk) -> CompiledBlueprint:
    directory = await desk.directory()
    return directory.blueprints[directory.blueprint_active]

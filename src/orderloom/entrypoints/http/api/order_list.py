"""The order list over HTTP: filters, columns and sorts of a page, and the orders of a pasted list of numbers."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.ports import TooLong
from orderloom.application.queries.order_columns import COLUMNS
from orderloom.application.queries.order_filter import OrderFilter
from orderloom.application.queries.order_list import (
    NEWEST,
    SORTS,
    OrderPage,
    OrderRow,
    emptied_by,
    list_orders,
    rows_of,
)
from orderloom.application.queries.order_numbers import NUMBERS_MAX
from orderloom.application.queries.order_query import OrderQuery, asked_as
from orderloom.application.queries.orders import find_by_all_names, missing_of
from orderloom.application.queries.vocabulary import UnknownWord
from orderloom.entrypoints.http.kit.guard import Cursor, Desk, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.order_query import NARROW, Asked, meant_by
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/orders", tags=["orders"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]
LIST_SECONDS = 0.12
"""How long finding a page may take: who would wait longer is told to narrow it."""
FOUND_MAX = 1_000
"""Rows of a pasted list: buyers' numbers can be those of every shop."""
Columns = Annotated[str, Query(max_length=500, description=f"of {', '.join(COLUMNS)}, with commas between them")]
Number = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class NumbersRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Orders by what people have of them: numbers, channels' own numbers, waybills, ids."""

    numbers: Annotated[tuple[Number, ...], msgspec.Meta(min_length=1, max_length=NUMBERS_MAX)]
    columns: Annotated[tuple[str, ...], msgspec.Meta(max_length=len(COLUMNS))] = ()


class NumbersFound(msgspec.Struct, frozen=True):
    """The orders in the order of the numbers; `missing` are the numbers that no order has."""

    orders: list[OrderRow]
    missing: list[str]


@router.get("", **spoken(OrderPage), summary="订单列表 | Orders, newest first")
async def show_page(
    desk: DeskHere, who: Reader, query: Asked, sort: Text = NEWEST, columns: Columns = "", cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Orders that fit, sorted by `recorded`, `placed`, `number`, `amount` or `ship_by`, falling with a `-` before it.

    `next` and `previous` page both ways. What would take too long to find is 422 `narrow_time`, at once. An empty
    first page says in `emptied_by` which filter to drop, and every page in `missing` which of `numbers` no order has
    that the caller sees, whatever the other filters are. Receivers are masked, whoever asks.
    """
    if sort not in SORTS:
        raise UnknownWord("sort", sort, SORTS)
    wanted, chosen = await meant_by(desk, query), _columns(tuple(filter(None, columns.split(","))))
    try:
        async with desk.briefly(LIST_SECONDS) as connection:
            page = await list_orders(connection, wanted, desk.hub.vault.show_receiver, cursor=cursor, limit=limit,
                                     sort=sort, columns=chosen, at=desk.hub.now())
            missing = await missing_of(connection, wanted.numbers)
    except TooLong as error:
        raise Problem("narrow_time", NARROW) from error
    page = msgspec.structs.replace(page, missing=missing)
    if not page.orders and not cursor:
        page = msgspec.structs.replace(page, emptied_by=await _emptied_by(desk, query, wanted))
    return reply(page)


@router.post("/by-numbers", **spoken(NumbersFound, takes=NumbersRequest), summary="按号码查 | Orders of a pasted list")
async def find_many(request: Request, desk: DeskHere, who: Reader) -> Response:
    """Up to 200 numbers at once; those that no order has are named."""
    body = await body_of(request, NumbersRequest)
    numbers = tuple(dict.fromkeys(number.strip() for number in body.numbers))
    columns = _columns(body.columns)
    async with desk.connect() as connection:
        known = await find_by_all_names(connection, numbers)
        ids = list(dict.fromkeys(id for number in numbers for id in known.get(number, ())))[:FOUND_MAX]
        rows = await rows_of(connection, ids, desk.hub.vault.show_receiver, columns)
    return reply(NumbersFound(rows, [number for number in numbers if number not in known]))


def _columns(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in COLUMNS:
            raise UnknownWord("columns", name, COLUMNS)
    return names


async def _emptied_by(desk: Desk, query: OrderQuery, wanted: OrderFilter) -> list[str]:
    """Nothing when it would take long to know."""
    try:
        async with desk.briefly(LIST_SECONDS) as connection:
            return asked_as(await emptied_by(connection, wanted), query)
    except TooLong:
        return []

"""Orders as a list: a page of ids by keyset, forward and back, then dressed with the columns that are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from orderloom.application.masking import ReceiverView, masked
from orderloom.application.queries.order_columns import Extras, dressed
from orderloom.application.queries.order_filter import NOTHING, SHIP_BY, OrderFilter, conditions, given
from orderloom.application.queries.sql import UUID, Connection, from_cursor, to_cursor, where
from orderloom.domain.draft import Receiver
from orderloom.domain.ship_by import OPEN_PHASES
from orderloom.statements import beside

SQL = beside(__file__)
Open = Callable[[bytes], Receiver | None]
"""Opens a stored receiver; None when it cannot be opened: a list shows the others all the same."""


class OrderRow(Extras, frozen=True, kw_only=True):
    """One order in a list. Money is minor units of `currency`; the receiver is always masked here.

    What stands under `Extras` is there only when its column was asked for.
    """

    id: str
    number: str
    account: str
    channel: str
    external_id: str
    phase: str
    stage: str
    payment: str
    fulfilment: str
    parcel: str
    holds_active: int
    currency: str
    total: int
    paid: int
    placed_at: datetime
    received_at: datetime
    staged_at: datetime
    units: int
    flags: list[str]
    receiver: ReceiverView


ROW = OrderRow.__struct_fields__[len(Extras.__struct_fields__):]


class OrderPage(msgspec.Struct, frozen=True):
    """A page; `next` is the cursor of the following one, null on the last, `previous` that of the one before.

    `as_of`: when the list was first read, however far it was paged through since. `emptied_by`: of an empty answer,
    the filters that no order fits, each alone; when every one alone fits some, those without which some would.
    `missing`: of the filter `numbers`, those that no order has at all.
    """

    orders: list[OrderRow]
    next: str | None
    previous: str | None = None
    as_of: datetime | None = None
    emptied_by: list[str] = []
    missing: list[str] = []


class Sorting(NamedTuple):
    """By what a list is sorted: a key that does not change, or (`ship_by`) is said to be as of an instant."""

    source: str
    key: str
    cast: str
    shape: re.Pattern[str]


INSTANT = re.compile(r"[0-9T:.+ -]{10,40}")
ORDERS = {
    "recorded": Sorting("orders", "orders.id", "uuid", UUID),
    "placed": Sorting("orders", "placed_at", "timestamptz", INSTANT),
    "number": Sorting("orders", "number", "text", re.compile(r"[ -~]{1,100}")),
    "amount": Sorting("orders", "total", "bigint", re.compile(r"-?[0-9]{1,18}")),
    "ship_by": Sorting("public.order_ship_by s join orders on orders.id = s.order_id and s.is_open"
                       " and s.ship_by is not null", SHIP_BY, "timestamptz", INSTANT),
}
SORTS = (*ORDERS, *[f"-{name}" for name in ORDERS])
NEWEST = "-recorded"
WAY = re.compile(r"[fb]")


class _Place(NamedTuple):
    """Where a page begins: beyond this key and id, forward or back."""

    is_back: bool
    key: str
    id: str
    as_of: str


async def list_orders(
    connection: Connection, wanted: OrderFilter, open_receiver: Open, *, cursor: str = "", limit: int = 50,
    sort: str = NEWEST, columns: Collection[str] = (), at: datetime | None = None,
) -> OrderPage:
    """A page of orders. `sort` is one of SORTS; `at` is now. Raises WrongCursor."""
    order, is_down = ORDERS[sort.lstrip("-")], sort.startswith("-")
    place = _Place(*_parsed(cursor, order)) if cursor else None
    found = await _page(connection, wanted, order, is_down, place, limit)
    has_more = len(found) > limit
    keys = found[:limit]
    if place is not None and place.is_back:
        keys.reverse()
    rows = await _dressed(connection, [key[0] for key in keys], open_receiver, columns)
    as_of = place.as_of if place else (at.isoformat() if at else "")

    def cursor_at(key: Sequence[Any], way: str) -> str:
        text = key[1].isoformat() if isinstance(key[1], datetime) else str(key[1])
        return to_cursor(way, text, key[0], as_of or "-")

    is_back = place is not None and place.is_back
    next_ = cursor_at(keys[-1], "f") if keys and (is_back or has_more) else None
    previous = cursor_at(keys[0], "b") if keys and (has_more if is_back else place is not None) else None
    return OrderPage(rows, next_, previous, datetime.fromisoformat(as_of) if as_of else None)


async def emptied_by(connection: Connection, wanted: OrderFilter) -> list[str]:
    """Of a filter that no order fits, which to drop."""
    parts = given(wanted)
    alone = [name for name, one in parts if not await any_order(connection, one)]
    if alone or len(parts) < 2:
        return alone
    without = [(name, msgspec.structs.replace(wanted, **{name: getattr(NOTHING, name)})) for name, _ in parts]
    return [name for name, one in without if await any_order(connection, one)]


async def any_order(connection: Connection, wanted: OrderFilter) -> bool:
    """Whether any order fits."""
    return await count_orders(connection, wanted, 1) > 0


async def count_orders(connection: Connection, wanted: OrderFilter, most: int) -> int:
    """How many orders fit, of so many at most."""
    values: dict[str, Any] = {"limit": most}
    parts = await conditions(connection, wanted, values, is_newest=most == 1)
    row = await (await connection.execute(SQL["count"].replace("{where}", where(parts)), values)).fetchone()
    return int(row[0]) if row else 0


async def ids_of(connection: Connection, wanted: OrderFilter, most: int) -> list[str]:
    """The newest orders that fit, of so many at most."""
    return [id for id, _ in await _page(connection, wanted, ORDERS["recorded"], True, None, most - 1)]


async def rows_of(
    connection: Connection, ids: Sequence[str], open_receiver: Open, columns: Collection[str] = (),
) -> list[OrderRow]:
    """These orders as rows, in this order."""
    return await _dressed(connection, ids, open_receiver, columns)


async def receivers_of(connection: Connection, ids: Sequence[str], open_receiver: Open) -> dict[str, Receiver]:
    """The receivers of these orders in clear text, those that can be opened."""
    rows = await (await connection.execute(SQL["receivers"], {"ids": list(ids)})).fetchall() if ids else []
    found = {row[0]: open_receiver(row[1]) for row in rows}
    return {id: receiver for id, receiver in found.items() if receiver is not None}


def _parsed(cursor: str, order: Sorting) -> tuple[bool, str, str, str]:
    way, key, id, as_of = from_cursor(cursor, WAY, order.shape, UUID, re.compile(r"-|[0-9T:.+-]{10,40}"))
    return way == "b", key, id, "" if as_of == "-" else as_of


async def _page(
    connection: Connection, wanted: OrderFilter, order: Sorting, is_down: bool, place: _Place | None, limit: int,
) -> list[tuple[str, Any]]:
    """Ids with their keys, one more than the page has, in the order of reading."""
    if order.key == SHIP_BY and wanted.phases and not set(OPEN_PHASES).intersection(wanted.phases):
        return []  # what is out has no ship-by time any more
    is_back = place is not None and place.is_back
    runs_down = is_down != is_back
    is_newest = order.source == "orders" and order.key == "orders.id" and runs_down
    values: dict[str, Any] = {"limit": limit + 1}
    is_by_id = order.cast == "uuid"
    parts = await conditions(connection, wanted, values, place.id if place else None, is_newest=is_newest,
                             is_by_id=is_by_id, is_by_ship_by=order.key == SHIP_BY)
    direction, sign = ("desc", "<") if runs_down else ("asc", ">")
    if place is not None:
        values |= {"key": place.key, "after": place.id}
        parts.append(f"orders.id {sign} %(after)s::uuid" if is_by_id
                     else f"({order.key}, orders.id) {sign} (%(key)s::{order.cast}, %(after)s::uuid)")
    by = f"orders.id {direction}" if is_by_id else f"{order.key} {direction}, orders.id {direction}"
    query = SQL["ids"].replace("{key}", order.key).replace("{source}", order.source)
    query = query.replace("{where}", where(parts)).replace("{sorting}", by)
    rows = await (await connection.execute(query, values)).fetchall()
    return [(str(row[0]), row[1]) for row in rows]


async def _dressed(
    connection: Connection, ids: Sequence[str], open_receiver: Open, columns: Collection[str],
) -> list[OrderRow]:
    """Rows of these orders, in this order."""
    if not ids:
        return []
    found = await (await connection.execute(SQL["rows"], {"ids": list(ids)})).fetchall()
    extras = await dressed(connection, ids, columns)
    rows = {row[0]: OrderRow(**dict(zip(ROW, (*row[:-1], masked(open_receiver(row[-1]))), strict=True)),
                             **extras.get(row[0], {})) for row in found}
    return [rows[id] for id in ids if id in rows]

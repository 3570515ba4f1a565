"""Which orders a list is about, as conditions that indexes answer: every filter alone and with the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.order_lead import Condition, led
from orderloom.application.queries.order_search import searched, text_condition
from orderloom.application.queries.orders import find_by_all_names
from orderloom.application.queries.sql import Connection
from orderloom.domain.first_id import first_id
from orderloom.domain.ship_by import OPEN_PHASES
from orderloom.statements import beside

SQL = beside(__file__)
Span = tuple[datetime | None, datetime | None]
"""From (none: ever) until before (none: ever)."""


class OrderFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What to list: every filter that is given must hold, of several values one. Empty and None mean any; an empty
    `account_ids` or `warehouse_ids` fits none.

    `numbers`: exactly what the hub, a channel or a buyer calls the order, or a waybill of it.
    `since` and `until` bound when the hub recorded the order. `phone_index` is the blind index of `q` when it can be a
    whole phone number. `late`: spans of the platform's ship-by time, of orders that are not out. `fields`: name, value.
    """

    phases: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    payments: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    account_ids: tuple[int, ...] | None = None
    warehouse_ids: tuple[int, ...] | None = None
    tags: tuple[str, ...] = ()
    hold_types: tuple[str, ...] = ()
    case_kinds: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    is_held: bool | None = None
    late: tuple[Span, ...] = ()
    amount: tuple[int | None, int | None] = (None, None)
    currency: str = ""
    placed: Span = (None, None)
    q: str = ""
    phone_index: bytes | None = None
    since: datetime | None = None
    until: datetime | None = None
    ids: tuple[str, ...] | None = None
    left_out: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


COLUMNS = {"phases": "phase", "stages": "stage", "payments": "payment", "provinces": "receiver_province",
           "account_ids": "account_id"}
"""Filters by a column of the order's own, which are indexed together with the id."""
STANDING = "select subject_id from hold where subject_kind = 'order' and released_at is null"
BESIDE = {
    "warehouse_ids": "select order_id from work where warehouse_id = any(%(warehouse_ids)s) and state <> 'cancelled'",
    "tags": "select order_id from order_tag where tag = any(%(tags)s)",
    "hold_types": f"{STANDING} and type = any(%(hold_types)s)",
    "case_kinds": "select order_id from case_file where kind = any(%(case_kinds)s) and resolved_at is null"
                  " and order_id is not null",
    "carriers": "select i.order_id from parcel p join parcel_item i on i.parcel_id = p.id"
                " where p.carrier = any(%(carriers)s)",
}
"""Filters by what stands beside the order: which orders they fit."""
CHECKED = {
    "warehouse_ids": "exists (select 1 from work w where w.order_id = orders.id"
                     " and w.warehouse_id = any(%(warehouse_ids)s) and w.state <> 'cancelled')",
    "carriers": "exists (select from parcel_item i join parcel p on p.id = i.parcel_id where i.order_id = orders.id"
                " and p.carrier = any(%(carriers)s) offset 0)",
}
"""How one order is checked where that is not by those ids. `offset 0`: order by order, as the list is walked."""
COUNTED = {"carriers": "select from parcel where carrier = any(%(carriers)s)",
           "warehouse_ids": "select from work where warehouse_id = any(%(warehouse_ids)s)"}
FIELD = "select order_id from order_field where field = %(field_{n})s and value = %(value_{n})s"
LATE = "select order_id from order_ship_by where is_open and ({either})"
SHIP_BY = "s.ship_by"
"""Where it stands in a list that is sorted by it."""


async def conditions(
    connection: Connection, wanted: OrderFilter, values: dict[str, Any], after: str | None = None, *, is_newest: bool,
    is_by_id: bool = True, is_by_ship_by: bool = False,
) -> list[str]:
    """Conditions on `orders`; what they need is added to `values`. `is_newest`: it is the newest that are wanted,
    `is_by_id`: the newest or the oldest, `is_by_ship_by`: those that are to be shipped first or last."""
    exact = await _exact(connection, wanted.q.strip())
    parts = [*_own(wanted, values), *_beside(wanted, values, is_by_ship_by=is_by_ship_by), *_spans(wanted, values)]
    if wanted.numbers:
        parts.insert(0, await _numbered(connection, wanted.numbers, values))
    if exact or wanted.ids is not None:
        values["exact"] = exact
        return [*[one.check for one in parts], *(["id = any(%(exact)s::uuid[])"] if exact else [])]
    if wanted.q and is_newest and not parts:
        return await searched(connection, wanted.q, wanted.phone_index, values, after)
    if wanted.q:
        parts.append(await text_condition(connection, wanted.q, wanted.phone_index, values))
    if wanted.numbers:
        return [one.check for one in parts]  # so few orders lead, whatever else is asked
    return await led(connection, parts, values, is_by_id=is_by_id)


def given(wanted: OrderFilter) -> list[tuple[str, OrderFilter]]:
    """The filters that are set, each by its name and alone."""
    found = []
    for name in wanted.__struct_fields__:
        value, default = getattr(wanted, name), getattr(NOTHING, name)
        if value != default and name not in ("phone_index", "left_out", "ids"):
            extra = {"phone_index": wanted.phone_index} if name == "q" else {}
            found.append((name, OrderFilter(**{name: value, **extra})))
    return found


NOTHING = OrderFilter()


def _own(wanted: OrderFilter, values: dict[str, Any]) -> list[Condition]:
    parts = []
    for name, column in COLUMNS.items():
        chosen: Sequence[Any] | None = getattr(wanted, name)
        if chosen is None or (not chosen and name != "account_ids"):
            continue
        # One value is an ordered index scan; several are a filter.
        is_one = len(chosen) == 1
        parts.append(_of_order(f"{column} = %({name})s" if is_one else f"{column} = any(%({name})s)"))
        values[name] = chosen[0] if is_one else list(chosen)
    if wanted.is_held is not None:
        parts.append(_of_others(STANDING) if wanted.is_held else Condition("holds_active = 0"))
    if wanted.currency:
        parts.append(_of_order("currency = %(currency)s"))
        values["currency"] = wanted.currency
    return parts


def _of_order(check: str) -> Condition:
    return Condition(check, f"select id from orders where {check}", is_own=True)


def _of_others(lead: str, check: str = "", count: str = "") -> Condition:
    return Condition(check or f"id in ({lead})", lead, count)


def _beside(wanted: OrderFilter, values: dict[str, Any], *, is_by_ship_by: bool) -> list[Condition]:
    parts = []
    for name, lead in BESIDE.items():
        chosen: Sequence[Any] | None = getattr(wanted, name)
        if chosen is not None and (chosen or name == "warehouse_ids"):
            parts.append(_of_others(lead, CHECKED.get(name, ""), COUNTED.get(name, "")))
            values[name] = list(chosen)
    for number, (field, value) in enumerate(wanted.fields):
        parts.append(_of_others(FIELD.format(n=number)))
        values |= {f"field_{number}": field, f"value_{number}": value}
    if wanted.late:
        spans = [_span("ship_by", f"late_{number}", span, values) for number, span in enumerate(wanted.late)]
        either = " or ".join([f"({' and '.join(span)})" for span in spans])
        there = either.replace("ship_by ", f"{SHIP_BY} ") if is_by_ship_by else ""
        parts.append(_of_others(LATE.format(either=either), there and f"({there})"))
        parts.append(Condition("phase = any(%(open_phases)s)"))
        values["open_phases"] = list(OPEN_PHASES)
    return parts


def _spans(wanted: OrderFilter, values: dict[str, Any]) -> list[Condition]:
    spans = [_span("total", "amount", wanted.amount, values, is_closed=True),
             _span("placed_at", "placed", wanted.placed, values)]
    parts = [_of_order(" and ".join(span)) for span in spans if span]
    recorded = []
    for name, sign, at in (("since", ">=", wanted.since), ("until", "<", wanted.until)):
        if at is not None:
            recorded.append(f"id {sign} %({name})s::uuid")
            values[name] = first_id(at)
    if recorded:
        parts.append(_of_order(" and ".join(recorded)))
    if wanted.ids is not None:
        parts.append(Condition("id = any(%(ids)s::uuid[])"))
        values["ids"] = list(wanted.ids)
    if wanted.left_out:
        parts.append(Condition("id <> all(%(left_out)s::uuid[])"))
        values["left_out"] = list(wanted.left_out)
    return parts


def _span(
    column: str, name: str, span: tuple[Any, Any], values: dict[str, Any], *, is_closed: bool = False,
) -> list[str]:
    """From the first until before the second, or with it when the span `is_closed`."""
    parts = []
    for end, sign, value in (("from", ">=", span[0]), ("to", "<=" if is_closed else "<", span[1])):
        if value is not None:
            parts.append(f"{column} {sign} %({name}_{end})s")
            values[f"{name}_{end}"] = value
    return parts


async def _numbered(connection: Connection, numbers: Sequence[str], values: dict[str, Any]) -> Condition:
    known = await find_by_all_names(connection, numbers)
    values["numbered"] = sorted({id for ids in known.values() for id in ids})
    return Condition("orders.id = any(%(numbered)s::uuid[])")


async def _exact(connection: Connection, text: str) -> list[str]:
    """Ids of orders whose number, channel's own id or buyer's number is just the text: who types one whole means it."""
    if not text:
        return []
    rows = await connection.execute(SQL["exact"], {"number": text.upper(), "external": text})
    return [str(row[0]) for row in await rows.fetchall()]

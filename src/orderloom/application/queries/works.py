"""What people have to send by hand: the work list, the pick list over chosen works, and one work's packing slip."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.masking import ReceiverView, clear, mask_text, masked
from orderloom.application.queries.order_list import Open
from orderloom.application.queries.sql import UUID, Connection, from_cursor, to_cursor, where
from orderloom.domain.refusal import Refusal
from orderloom.domain.waybill import UNNAMED
from orderloom.statements import beside

SQL = beside(__file__)
WORKS_PICKED_MAX = 500
"""How many works one pick list is over, and how many may be named in one go."""
STATES = ("open", "to_pick", "picked", "packed", "out", "cancelled", "any")
"""What the list may be narrowed to; `open`: everything that is still to go out."""
_SEQ = re.compile(r"[0-9]{1,5}")
_OPEN = "state not in ('handed_over', 'cancelled')"
"""As the index `work_by_hand` has it."""
_CONDITIONS: Mapping[str, str] = {
    "open": _OPEN, "to_pick": f"state in ('allocated', 'released') and {_OPEN}",
    "picked": f"state = 'picking' and {_OPEN}", "packed": f"state = 'packed' and {_OPEN}",
    "out": "state = 'handed_over'", "cancelled": "state = 'cancelled'", "any": "true",
}
_SAID = {
    "allocated": "to_pick", "released": "to_pick", "recalling": "to_pick", "picking": "picked", "packed": "packed",
    "handed_over": "out", "cancelled": "cancelled",
}


class HandLine(msgspec.Struct, frozen=True):
    """Units of one SKU of a work, and how many of them are in boxes that are out."""

    line_no: int
    sku: str
    title: str
    quantity: int
    boxed: int


class HandBox(msgspec.Struct, frozen=True):
    """A box of a work that is out; `waybill` is empty while it is not known."""

    parcel_no: int
    carrier: str
    waybill: str
    state: str


TO_PACK = ("to_pick", "picked", "packed")
"""States of a work whose label is still to be written."""


class HandWork(msgspec.Struct, frozen=True):
    """Work of a warehouse without a system. `state` is to_pick, picked, packed, out or cancelled.

    `is_held`: its order is on hold, and it is not to be worked on yet. `merge`: works of the same merge leave with it
    in one parcel; empty when it goes alone.
    """

    number: str
    order_id: str
    order: str
    external_id: str
    account: str
    warehouse: str
    state: str
    is_held: bool
    created_at: datetime
    changed_at: datetime
    is_order_cancelled: bool
    note: str
    lines: list[HandLine]
    boxes: list[HandBox]
    receiver: ReceiverView
    merge: str = ""


class HandPage(msgspec.Struct, frozen=True):
    """A page of works, oldest order first."""

    works: list[HandWork]
    next: str | None


class PickRow(msgspec.Struct, frozen=True):
    """Units of one SKU to fetch in one warehouse, for these works."""

    warehouse: str
    sku: str
    name: str
    units: int
    works: list[str]


class PickList(msgspec.Struct, frozen=True):
    """What to fetch, by warehouse and SKU."""

    rows: list[PickRow]


async def list_works(
    connection: Connection, open_receiver: Open, *, warehouse_id: int | None = None, state: str = "open",
    cursor: str = "", limit: int = 50,
) -> HandPage:
    """A page of works, oldest order first, receivers masked; `state` is one of STATES. Raises WrongCursor."""
    parts, values = [_CONDITIONS[state]], _at(warehouse_id)
    if warehouse_id is not None:
        parts.append("warehouse_id = %(warehouse)s")
    if cursor:
        parts.append("(order_id, work_seq) > (%(order)s::uuid, %(seq)s::int)")
        values["order"], values["seq"] = from_cursor(cursor, UUID, _SEQ)
    found = await _page(connection, parts, {**values, "limit": limit + 1})
    works = [_work(row, open_receiver, is_clear=False) for row in found[:limit]]
    return HandPage(works, to_cursor(*found[limit - 1][-3:-1]) if len(found) > limit else None)


async def read_work(connection: Connection, number: str, open_receiver: Open, *, is_clear: bool) -> HandWork | None:
    """The work with this number, when it is one that people do by hand."""
    found = await _page(connection, ["number = %(number)s"], {"number": number, "limit": 1})
    return _work(found[0], open_receiver, is_clear=is_clear) if found else None


async def pick_list(
    connection: Connection, *, numbers: Sequence[str] = (), warehouse_id: int | None = None,
) -> PickList | Refusal:
    """Units by SKU over these works, else over the oldest that are to be picked and not on hold."""
    parts, values = [_CONDITIONS["to_pick"], "negotiation <> 'none'"], _at(warehouse_id)
    if numbers:
        if (refusal := await _unpickable(connection, numbers)) is not None:
            return refusal
        parts, values["numbers"] = [_OPEN, "number = any(%(numbers)s)"], list(numbers)
    if warehouse_id is not None:
        parts.append("warehouse_id = %(warehouse)s")
    query = SQL["pick"].replace("{where}", where(parts))
    rows = await (await connection.execute(query, {**values, "limit": WORKS_PICKED_MAX})).fetchall()
    return PickList([PickRow(*row) for row in rows])


async def _unpickable(connection: Connection, numbers: Sequence[str]) -> Refusal | None:
    """Why a list cannot be made of these works: unknown ones, others', ended ones."""
    if len(numbers) > WORKS_PICKED_MAX:
        return Refusal("too_many_works", {"most": str(WORKS_PICKED_MAX)})
    rows = await (await connection.execute(SQL["given"], {"numbers": list(numbers)})).fetchall()
    known = {number: (state, has_system) for number, state, has_system in rows}
    if missing := [n for n in numbers if n not in known]:
        return Refusal("no_such_work", {"work": ", ".join(missing)[:500]})
    if others := [n for n in numbers if known[n][1]]:
        return Refusal("has_system", {"work": ", ".join(others)[:500]})
    if ended := [n for n in numbers if _SAID[known[n][0]] in ("out", "cancelled")]:
        return Refusal("nothing_to_pick", {"work": ", ".join(ended)[:500]})
    return None


def _at(warehouse_id: int | None) -> dict[str, Any]:
    return {} if warehouse_id is None else {"warehouse": warehouse_id}


async def _page(connection: Connection, parts: list[str], values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    query = SQL["page"].replace("{where}", where(parts))
    return await (await connection.execute(query, values)).fetchall()


def _work(row: Sequence[Any], open_receiver: Open, *, is_clear: bool) -> HandWork:
    receiver = open_receiver(row[-1])
    boxes = [HandBox(**box) for box in row[13]]
    fields = (
        *row[:6], _SAID[row[6]], *row[7:11], row[11] if is_clear else mask_text(row[11]),
        [HandLine(**line) for line in row[12]],
        [msgspec.structs.replace(b, waybill="") if b.waybill.startswith(UNNAMED) else b for b in boxes],
        clear(receiver) if is_clear else masked(receiver), row[14],
    )
    return HandWork(*fields)

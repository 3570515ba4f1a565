"""Stock levels, the holders of a SKU's units, and the movement ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.sql import (
    HEX,
    NUMBER,
    UUID,
    WORD,
    XID,
    Connection,
    from_cursor,
    to_cursor,
    where,
)
from orderloom.statements import beside

SQL = beside(__file__)
FIRST = ("00000000-0000-0000-0000-000000000000", "0")


class LevelView(msgspec.Struct, frozen=True):
    """A SKU in a warehouse, in base units. `atp` (available to promise) is negative when the level is oversold."""

    sku: str
    name: str
    warehouse: str
    on_hand: int
    reserved: int
    allocated: int
    safety: int
    frozen: int
    atp: int
    is_oversold: bool
    set_aside: int


class LevelPage(msgspec.Struct, frozen=True):
    """A page of levels by SKU and warehouse."""

    levels: list[LevelView]
    next: str | None


class Holder(msgspec.Struct, frozen=True):
    """An order that binds units of the SKU."""

    order_id: str
    hold_no: int
    order: str
    account: str
    stage: str
    phase: str
    warehouse: str
    line_no: int
    quantity: int
    kind: str
    held_at: datetime
    quota: str
    """Number of the quota that the units were drawn from; empty: the general pool."""


class HolderPage(msgspec.Struct, frozen=True):
    """A page of holders, oldest order first."""

    holders: list[Holder]
    next: str | None


class MovementView(msgspec.Struct, frozen=True):
    """A line of the ledger: by how much each bucket changed, why, by whom. `cause` and `kind` are unique together."""

    sku: str
    warehouse: str
    kind: str
    on_hand: int
    reserved: int
    allocated: int
    safety: int
    frozen: int
    cause: str
    reason: str
    actor: str
    at: datetime
    order_id: str | None
    set_aside: int


class MovementPage(msgspec.Struct, frozen=True):
    """A page of movements, newest first."""

    movements: list[MovementView]
    next: str | None


async def list_levels(
    connection: Connection, *, sku: str = "", warehouse: str = "", is_oversold: bool = False, cursor: str = "",
    limit: int = 50,
) -> LevelPage:
    """A page of levels. Raises WrongCursor."""
    parts, values = _place("l", sku, warehouse)
    if is_oversold:
        parts.append("l.reserved + l.allocated > l.on_hand - l.frozen")
    if cursor:
        parts.append("(l.sku_id, l.warehouse_id) > (%(after_sku)s, %(after_house)s)")
        after = from_cursor(cursor, NUMBER, NUMBER)
        values |= {"after_sku": int(after[0]), "after_house": min(int(after[1]), 32767)}
    found = await _rows(connection, "levels", parts, values, limit)
    levels = [LevelView(*row[2:]) for row in found[:limit]]
    return LevelPage(levels, to_cursor(*found[limit - 1][:2]) if len(found) > limit else None)


async def list_holders(connection: Connection, sku: str, *, cursor: str = "", limit: int = 50) -> HolderPage:
    """Who holds units of the SKU now. Raises WrongCursor."""
    order_id, hold_no = from_cursor(cursor, UUID, NUMBER) if cursor else FIRST
    values = {"sku": sku, "order": order_id, "hold": min(int(hold_no), 32767), "limit": limit + 1}
    found = await (await connection.execute(SQL["holders"], values)).fetchall()
    holders = [Holder(*row) for row in found[:limit]]
    more = len(found) > limit
    return HolderPage(holders, to_cursor(holders[-1].order_id, holders[-1].hold_no) if more else None)


async def list_movements(
    connection: Connection, *, sku: str = "", warehouse: str = "", kind: str = "", cursor: str = "", limit: int = 50
) -> MovementPage:
    """A page of the ledger, newest first. Raises WrongCursor."""
    parts, values = _place("stock_movement", sku, warehouse)
    if kind:
        parts.append("kind = %(kind)s")
        values["kind"] = kind
    if cursor:
        parts.append("(xid, cause, kind) < (%(xid)s::text::xid8, %(cause)s, %(after)s)")
        values |= zip(("xid", "cause", "after"), from_cursor(cursor, XID, HEX, WORD), strict=True)
        values["cause"] = bytes.fromhex(values["cause"]).decode("utf-8", "replace")
    found = await _rows(connection, "movements", parts, values, limit)
    movements = [MovementView(*row[1:]) for row in found[:limit]]
    if len(found) <= limit:
        return MovementPage(movements, None)
    last = movements[-1]
    return MovementPage(movements, to_cursor(found[limit - 1][0], last.cause.encode().hex(), last.kind))


def _place(table: str, sku: str, warehouse: str) -> tuple[list[str], dict[str, Any]]:
    parts: list[str] = []
    values: dict[str, Any] = {}
    for name, column, value in (("sku", "sku_id", sku), ("warehouse", "warehouse_id", warehouse)):
        if value:
            parts.append(f"{table}.{column} = (select id from {name} where code = %({name})s)")
            values[name] = value
    return parts, values


async def _rows(
    connection: Connection, name: str, parts: list[str], values: dict[str, Any], limit: int
) -> Sequence[Sequence[Any]]:
    query = SQL[name].replace("{where}", where(parts))
    return await (await connection.execute(query, {**values, "limit": limit + 1})).fetchall()

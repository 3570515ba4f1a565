"""The columns of an order list that stand beside the order's own row: each is computed only when it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)


class RowGoods(msgspec.Struct, frozen=True):
    """What is in the order, told by its first line. `kinds`: how many SKUs; `quantity` is that of the first line."""

    title: str
    sku: str
    quantity: int
    kinds: int


class RowLimit(msgspec.Struct, frozen=True):
    """Until when something has to happen: `ship_by` the platform's ship-by time, `stage` the stage's own limit."""

    at: datetime
    since: datetime
    of: str


class RowHold(msgspec.Struct, frozen=True):
    """What holds the order: the newest of its holds."""

    type: str
    reason: str
    since: datetime
    count: int


class RowWaybill(msgspec.Struct, frozen=True):
    """A parcel of the order."""

    carrier: str
    waybill: str


class RowTag(msgspec.Struct, frozen=True):
    """A tag with its colour."""

    name: str
    colour: str


class Extras(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands beside an order; left out when it was not asked for, or when there is nothing."""

    goods: RowGoods | None = None
    warehouses: list[str] = []
    waybills: list[RowWaybill] = []
    tags: list[RowTag] = []
    limit: RowLimit | None = None
    hold: RowHold | None = None
    cases: list[str] = []
    fields: dict[str, str] = {}
    note: str = ""
    external_number: str = ""
    refunded: int = 0
    paid_at: datetime | None = None


COLUMNS = Extras.__struct_fields__
"""The names that `columns` takes."""


async def dressed(
    connection: Connection, ids: Sequence[str], columns: Collection[str],
) -> dict[str, dict[str, Any]]:
    """What these columns say of the orders, by id and column."""
    found: dict[str, dict[str, Any]] = {}
    own = [name for name in ("note", "external_number", "refunded", "paid_at") if name in columns]
    if own:
        for row in await _rows(connection, "own", ids):
            values = dict(zip(("note", "external_number", "refunded", "paid_at"), row[1:], strict=True))
            found.setdefault(row[0], {}).update({name: values[name] for name in own})
    for name, made in ONE.items():
        if name in columns:
            for row in await _rows(connection, name, ids):
                found.setdefault(row[0], {})[name] = made(*row[1:])
    for name, made in MANY.items():
        if name in columns:
            for row in await _rows(connection, name, ids):
                found.setdefault(row[0], {}).setdefault(name, []).append(made(*row[1:]))
    if "fields" in columns:
        for row in await _rows(connection, "fields", ids):
            found.setdefault(row[0], {}).setdefault("fields", {})[row[1]] = row[2]
    return found


ONE: dict[str, Any] = {"goods": RowGoods, "limit": RowLimit, "hold": RowHold}
MANY: dict[str, Any] = {"warehouses": str, "waybills": RowWaybill, "tags": RowTag, "cases": str}


async def _rows(connection: Connection, name: str, ids: Sequence[str]) -> Sequence[Sequence[Any]]:
    return await (await connection.execute(SQL[name], {"ids": list(ids)})).fetchall()

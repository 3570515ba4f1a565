"""Keeps SKUs, their units and components, channels' spellings, and warehouses; every change tells all processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.directory import bump
from orderloom.adapters.db.statements import statement

Connection = AsyncConnection[Any]


class SkuRow(msgspec.Struct, frozen=True):
    """A SKU to keep; None: as it was. `units`: name to factor; `components`: SKU code to quantity; 0 takes one away."""

    code: str
    name: str | None = None
    unit: str | None = None
    units: dict[str, int] = {}
    components: dict[str, int] = {}


class WarehouseRow(msgspec.Struct, frozen=True):
    """A warehouse to keep. `serves`: countries or provinces, none means everywhere; lower `priority` first."""

    code: str
    name: str
    country: str = "CN"
    province: str = ""
    account_id: int | None = None
    priority: int = 1
    daily_capacity: int = 1_000_000
    serves: tuple[str, ...] = ()


async def add_skus(connection: Connection, rows: Sequence[SkuRow]) -> tuple[int, int]:
    """Keep SKUs with unique codes; returns (new, known before). The caller's transaction."""
    cursor = await connection.execute(statement("catalogue", "add_skus"), {
        "code": [r.code for r in rows], "name": [r.name for r in rows], "unit": [r.unit for r in rows],
    })
    is_new = [row[0] for row in await cursor.fetchall()]
    units = [(r.code, unit, factor) for r in rows for unit, factor in r.units.items()]
    if units:
        await connection.execute(statement("catalogue", "add_units"), {
            "code": [u[0] for u in units], "unit": [u[1] for u in units], "factor": [u[2] for u in units],
        })
    parts = [(r.code, part, quantity) for r in rows for part, quantity in r.components.items()]
    if parts:
        await connection.execute(statement("catalogue", "add_components"), {
            "bundle": [p[0] for p in parts], "component": [p[1] for p in parts], "quantity": [p[2] for p in parts],
        })
    await bump(connection)
    return sum(is_new), len(is_new) - sum(is_new)


async def add_alias(
    connection: Connection, account: tuple[int, str] | None, alias: str, sku_id: int, factor: int
) -> int:
    """Keep a spelling of (account id, code), or of every account; returns how many messages waited for it and go on."""
    await connection.execute(statement("catalogue", "add_alias"), {
        "account": account[0] if account else None, "alias": alias, "sku": sku_id, "factor": factor,
    })
    await bump(connection)
    key = f"sku:{account[1]}:{alias}" if account else None
    rows = await connection.execute(statement("catalogue", "parked_keys"), {"key": key, "alias": alias})
    keys = [row[0] for row in await rows.fetchall()]
    if not keys:
        return 0
    return (await connection.execute(statement("save", "requeue"), {"keys": keys})).rowcount


async def add_warehouse(connection: Connection, row: WarehouseRow) -> bool:
    """Keep a warehouse; True when it is new."""
    cursor = await connection.execute(
        statement("catalogue", "add_warehouse"), {**msgspec.structs.asdict(row), "account": row.account_id,
                                                  "serves": list(row.serves)})
    found = await cursor.fetchone()
    await bump(connection)
    return bool(found and found[0])


async def warehouses(connection: Connection) -> list[tuple[Any, ...]]:
    """Code, name, country, province, system, priority, capacity, serves, active."""
    return await (await connection.execute(statement("catalogue", "warehouses"))).fetchall()


async def skus(connection: Connection, prefix: str, after: str, limit: int) -> list[tuple[Any, ...]]:
    """Code, name and unit of SKUs whose code begins so, after a code."""
    like = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    given = {"like": like, "after": after, "limit": limit}
    return await (await connection.execute(statement("catalogue", "skus"), given)).fetchall()

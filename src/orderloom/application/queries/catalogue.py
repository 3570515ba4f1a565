"""What is sold and where it lies, as lists."""

from __future__ import annotations

import msgspec

from orderloom.application.queries.sql import Connection, statements

SQL = statements(__file__, "catalogue")


class SkuView(msgspec.Struct, frozen=True):
    """A SKU; one that is not active is shown to channels as 0."""

    code: str
    name: str
    unit: str
    kind: str
    is_active: bool


class SkuPage(msgspec.Struct, frozen=True):
    """A page of SKUs by code; `next` is the code after which the following one begins, null on the last."""

    skus: list[SkuView]
    next: str | None


class WarehouseView(msgspec.Struct, frozen=True):
    """A warehouse; `account` is its system's. `serves` names countries or provinces, none means everywhere."""

    code: str
    name: str
    country: str
    province: str
    account: str | None
    priority: int
    daily_capacity: int
    serves: list[str]
    is_active: bool


class WarehouseList(msgspec.Struct, frozen=True):
    """Every warehouse, nearest in priority first."""

    warehouses: list[WarehouseView]


async def list_skus(connection: Connection, prefix: str = "", after: str = "", limit: int = 50) -> SkuPage:
    """A page of SKUs whose code begins so, after a code."""
    like = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    given = {"like": like, "after": after, "limit": limit + 1}
    found = await (await connection.execute(SQL["skus"], given)).fetchall()
    skus = [SkuView(*row) for row in found[:limit]]
    return SkuPage(skus, skus[-1].code if len(found) > limit else None)


async def list_warehouses(connection: Connection) -> WarehouseList:
    """Every warehouse."""
    found = await (await connection.execute(SQL["warehouses"])).fetchall()
    return WarehouseList([WarehouseView(*row) for row in found])

"""What is sold, how channels spell it and where it lies, as lists."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from orderloom.application.queries.sku_filter import SkuFilter, conditions, plain_like
from orderloom.application.queries.sql import HEX, NUMBER, Connection, from_cursor, to_cursor, where
from orderloom.domain.codes import can_be_stored
from orderloom.statements import beside

SQL = beside(__file__)


class SkuView(msgspec.Struct, frozen=True):
    """A SKU; one that is not active is shown to channels as 0. `category`: the path of its group."""

    code: str
    name: str
    unit: str
    kind: str
    is_active: bool
    hs_code: str = ""
    name_en: str = ""
    category: str = ""
    goods_class: str = ""
    picture: str = ""
    weight_g: int = 0
    is_bundle: bool = False
    version: int = 1
    barcodes: tuple[str, ...] = ()


class SkuPage(msgspec.Struct, frozen=True):
    """A page of SKUs by code; `next` is the code after which the following one begins, null on the last."""

    skus: list[SkuView]
    next: str | None


class AliasView(msgspec.Struct, frozen=True):
    """How a channel account spells a SKU (`account` null: all accounts); one of it is `factor` base units."""

    account: str | None
    alias: str
    sku: str
    factor: int
    is_published: bool


class AliasPage(msgspec.Struct, frozen=True):
    """A page of aliases by account and spelling."""

    aliases: list[AliasView]
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
    city: str = ""
    is_floor: bool = False
    """Whether it is run here: places, waves, hand terminals."""


class WarehouseList(msgspec.Struct, frozen=True):
    """Every warehouse, nearest in priority first."""

    warehouses: list[WarehouseView]


async def list_skus(
    connection: Connection, prefix: str = "", after: str = "", limit: int = 50, wanted: SkuFilter = SkuFilter(),
) -> SkuPage:
    """A page of SKUs whose code begins so, after a code."""
    parts, values = await conditions(connection, wanted)
    given = {**values, "prefix": plain_like(prefix) + "%", "after": after, "limit": limit + 1}
    found = await (await connection.execute(SQL["skus"].replace("{where}", where(parts)), given)).fetchall()
    skus = [msgspec.structs.replace(SkuView(*row[:-1]), barcodes=tuple(row[-1] or ())) for row in found[:limit]]
    return SkuPage(skus, skus[-1].code if len(found) > limit else None)


async def list_aliases(
    connection: Connection, *, account_id: int | None = None, sku: str = "", cursor: str = "", limit: int = 50
) -> AliasPage:
    """A page of aliases. Raises WrongCursor."""
    parts: list[str] = []
    values: dict[str, Any] = {"limit": limit + 1}
    if account_id is not None:
        parts.append("x.account_id = %(account)s")
        values["account"] = account_id
    if sku:
        parts.append("s.code = %(sku)s")
        values["sku"] = sku
    if cursor:
        account, alias = from_cursor(cursor, NUMBER, HEX)
        parts.append("(coalesce(x.account_id, 0), x.alias) > (%(after)s, %(after_alias)s)")
        values |= {"after": int(account), "after_alias": bytes.fromhex(alias).decode("utf-8", "replace")}
    query = SQL["aliases"].replace("{where}", where(parts))
    found = await (await connection.execute(query, values)).fetchall()
    aliases = [AliasView(*row[1:]) for row in found[:limit]]
    if len(found) <= limit:
        return AliasPage(aliases, None)
    return AliasPage(aliases, to_cursor(found[limit - 1][0], found[limit - 1][2].encode().hex()))


async def codes_about(connection: Connection, code: str) -> list[str]:
    """This code alone when a SKU has it; else every code, so that a person can be told which one was meant. None for
    an empty one."""
    if not code or await has_sku(connection, code):
        return [code] if code else []
    return [row[0] for row in await (await connection.execute(SQL["codes"])).fetchall()]


async def has_sku(connection: Connection, code: str) -> bool:
    """Whether a SKU has this code."""
    return (can_be_stored(code)
            and await (await connection.execute(SQL["code"], {"code": code})).fetchone() is not None)


async def sku_ids(connection: Connection, codes: Collection[str]) -> dict[str, int]:
    """Ids of the SKUs among these codes."""
    known = [code for code in codes if can_be_stored(code)]
    rows = await (await connection.execute(SQL["sku_ids"], {"codes": known})).fetchall()
    return {row[0]: row[1] for row in rows}


async def list_warehouses(connection: Connection) -> WarehouseList:
    """Every warehouse."""
    found = await (await connection.execute(SQL["warehouses"])).fetchall()
    return WarehouseList([WarehouseView(*row) for row in found])

"""One SKU whole, what became of it, and the lists that keep goods in order: groups, twins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.catalogue import AliasView
from orderloom.application.queries.sql import HEX, Connection, from_cursor, to_cursor
from orderloom.domain.codes import can_be_stored
from orderloom.domain.goods import barcode_doubt, hidden
from orderloom.statements import beside

SQL = beside(__file__)
ALIASES_MAX = 500
GROUPS_MAX = 5_000
PLACE = re.compile(r"[0-9]{1,18}")


class Barcode(msgspec.Struct, frozen=True):
    """A barcode. `doubt`: why it may be mistyped, `中文 | English`; empty when nothing is odd."""

    barcode: str
    doubt: str


class GoodsCost(msgspec.Struct, frozen=True):
    """Of a base unit, in minor units."""

    minor: int
    currency: str


class UsedIn(msgspec.Struct, frozen=True):
    """A bundle that contains the SKU, and how many of it."""

    sku: str
    name: str
    quantity: int


class GoodsView(msgspec.Struct, frozen=True):
    """A SKU with all that is known of it. `cost` is null when none is known, and when `is_cost_hidden`.

    `version` is its ETag: send it as `If-Match` with a change. `size_mm`: length, width, height; 0 is not known.
    `low_at`: free units at which it runs low, 0 never, null where `watch.yaml` says."""

    code: str
    name: str
    name_en: str
    unit: str
    kind: str
    hs_code: str
    is_active: bool
    category: str
    category_id: int | None
    goods_class: str
    tax_class: str
    cost: GoodsCost | None
    is_cost_hidden: bool
    weight_g: int
    size_mm: list[int]
    has_lots: bool
    has_serials: bool
    shelf_life_days: int
    low_at: int | None
    picture: str
    barcodes: list[Barcode]
    units: dict[str, int]
    components: dict[str, int]
    used_in: list[UsedIn]
    aliases: list[AliasView]
    twins: list[str]
    version: int
    created_at: datetime


class GoodsChange(msgspec.Struct, frozen=True):
    """Who changed what, when: by field, from and to."""

    version: int
    at: datetime
    by: str
    changes: dict[str, list[Any]]


class GoodsHistory(msgspec.Struct, frozen=True):
    """A page of changes, newest first."""

    changes: list[GoodsChange]
    next: str | None


class Group(msgspec.Struct, frozen=True):
    """A group of goods; `parent` null for one that stands in no other. `skus`: how many are in it, itself alone."""

    id: int
    parent: int | None
    name: str
    name_en: str
    position: int
    skus: int


class GroupList(msgspec.Struct, frozen=True):
    """Every group, in order."""

    groups: list[Group]


class TwinSku(msgspec.Struct, frozen=True):
    """A SKU that looks like another one."""

    code: str
    name: str
    is_active: bool
    on_hand: int


class TwinGroup(msgspec.Struct, frozen=True):
    """SKUs whose codes look alike: by case, width, dashes, 0 and O, 1, l and I, leading zeros."""

    skus: list[TwinSku]


class TwinPage(msgspec.Struct, frozen=True):
    """A page of groups of twins."""

    groups: list[TwinGroup]
    next: str | None


async def read_goods_view(connection: Connection, code: str, is_cost_hidden: bool) -> GoodsView | None:
    """One SKU whole; None when there is none."""
    given = {"code": code if can_be_stored(code) else ""}
    row = await (await connection.execute(SQL["one"], given)).fetchone()
    if row is None:
        return None
    sku_id, created_at, *plain = row
    values = dict(zip(PLAIN, plain, strict=True))
    barcodes = [Barcode(b, f"{d.zh} | {d.en}" if (d := barcode_doubt(b)) else "") for b in values.pop("barcodes") or ()]
    size = [values.pop("length_mm"), values.pop("width_mm"), values.pop("height_mm")]
    amount, currency = values.pop("cost"), values.pop("cost_currency")
    cost = GoodsCost(amount, currency) if amount is not None and not is_cost_hidden else None
    used, aliases, twins = [await _rows(connection, name, sku=sku_id) for name in ("used_in", "aliases", "twins_of")]
    return GoodsView(
        **{**values, "units": values["units"] or {}, "components": values["components"] or {}}, cost=cost,
        is_cost_hidden=is_cost_hidden, size_mm=size, barcodes=barcodes, used_in=[UsedIn(*one) for one in used],
        aliases=[AliasView(*one) for one in aliases], twins=[one[0] for one in twins], created_at=created_at)


PLAIN = ("code", "name", "name_en", "unit", "kind", "hs_code", "is_active", "category", "category_id", "goods_class",
         "tax_class", "cost", "cost_currency", "weight_g", "length_mm", "width_mm", "height_mm", "has_lots",
         "has_serials", "shelf_life_days", "low_at", "picture", "barcodes", "units", "components", "version")
"""Columns of `one` behind the id and the instant."""


async def goods_history(
    connection: Connection, sku_id: int, is_cost_hidden: bool, *, cursor: str = "", limit: int = 50,
) -> GoodsHistory:
    """What was changed of a SKU. Raises WrongCursor."""
    before = int(from_cursor(cursor, PLACE)[0]) if cursor else None
    found = await _rows(connection, "history", sku=sku_id, before=before, limit=limit + 1)
    shown = [GoodsChange(version, at, by, hidden(changed, is_cost_hidden))
             for _, version, at, by, changed in found[:limit]]
    more = to_cursor(found[limit - 1][0]) if len(found) > limit else None
    return GoodsHistory([one for one in shown if one.changes], more)


async def list_groups(connection: Connection) -> GroupList:
    """The tree, as a list."""
    return GroupList([Group(*row) for row in await _rows(connection, "groups", limit=GROUPS_MAX)])


async def list_twins(connection: Connection, *, cursor: str = "", limit: int = 50) -> TwinPage:
    """Groups of twins that nobody has looked at yet. Raises WrongCursor."""
    after = bytes.fromhex(from_cursor(cursor, HEX)[0]).decode("utf-8", "replace") if cursor else ""
    found = await _rows(connection, "twins", after=after, limit=limit + 1)
    groups = [TwinGroup([TwinSku(*one) for one in row[1]]) for row in found[:limit]]
    return TwinPage(groups, to_cursor(found[limit - 1][0].encode().hex()) if len(found) > limit else None)


async def _rows(connection: Connection, name: str, /, **given: Any) -> Sequence[Sequence[Any]]:
    return await (await connection.execute(SQL[name], given)).fetchall()

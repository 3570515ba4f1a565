"""What lists of SKUs can be asked for, as conditions: text, spelling, warehouse."""

from __future__ import annotations

from typing import Any

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.domain.codes import can_be_stored
from orderloom.statements import beside

SQL = beside(__file__)
NAMED_MAX = 1_000
"""SKUs that are found by a spelling or barcode that begins so."""

TEXT = """(lower(s.code) like %(like)s or lower(s.name) like %(like)s or lower(s.name_en) like %(like)s
    or s.id = any (%(named)s::integer[]))"""
IN_GROUP = """s.category_id in (with recursive g (id) as (
    select id from category where id = %(category)s
    union all select c.id from category c join g on c.parent_id = g.id) select id from g)"""
IS_BUNDLE = "exists (select from sku_component c where c.bundle_id = s.id)"
IN_WAREHOUSE = """exists (select from stock_level l where l.sku_id = s.id
    and l.warehouse_id = (select id from warehouse where code = %(warehouse)s))"""


class SkuFilter(msgspec.Struct, frozen=True):
    """Which SKUs: `q` stands in code or name, or begins a spelling or barcode of theirs; `warehouse` has a level of
    them; `category` is the id of their group or of one around it, 0: of those in no group."""

    q: str = ""
    warehouse: str = ""
    is_active: bool | None = None
    category: int | None = None
    goods_class: str = ""
    kind: str = ""
    is_bundle: bool | None = None


async def conditions(connection: Connection, wanted: SkuFilter) -> tuple[list[str], dict[str, Any]]:
    """Conditions on `sku s`, with their values."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    if wanted.q:
        text = wanted.q if can_be_stored(wanted.q) else "\ufffd"
        named = await (await connection.execute(SQL["named"], {
            "text": text, "like": f"{plain_like(text)}%", "most": NAMED_MAX})).fetchall()
        parts.append(TEXT)
        values |= {"like": f"%{plain_like(text.lower())}%", "named": [row[0] for row in named]}
    if wanted.warehouse:
        parts.append(IN_WAREHOUSE)
        values["warehouse"] = wanted.warehouse
    if wanted.is_active is not None:
        parts.append("s.is_active = %(is_active)s")
        values["is_active"] = wanted.is_active
    if wanted.category is not None:
        parts.append(IN_GROUP if wanted.category else "s.category_id is null")
        values["category"] = wanted.category
    for name in ("goods_class", "kind"):
        if value := getattr(wanted, name):
            parts.append(f"s.{name} = %({name})s")
            values[name] = value
    if wanted.is_bundle is not None:
        parts.append(IS_BUNDLE if wanted.is_bundle else f"not {IS_BUNDLE}")
    return parts, values


def plain_like(text: str) -> str:
    """A text that means itself in a pattern of `like`."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

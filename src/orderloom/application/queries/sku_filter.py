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

TEXT = "(lower(s.code) like %(like)s or lower(s.name) like %(like)s or s.id = any (%(named)s::integer[]))"
IN_WAREHOUSE = """exists (select from stock_level l where l.sku_id = s.id
    and l.warehouse_id = (select id from warehouse where code = %(warehouse)s))"""


class SkuFilter(msgspec.Struct, frozen=True):
    """Which SKUs: `q` stands in code or name, or begins one of their spellings; `warehouse` has a level of them."""

    q: str = ""
    warehouse: str = ""
    is_active: bool | None = None


async def conditions(connection: Connection, wanted: SkuFilter) -> tuple[list[str], dict[str, Any]]:
    """Conditions on `sku s`, with their values."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    if wanted.q:
        text = wanted.q if can_be_stored(wanted.q) else "\ufffd"
        named = await (await connection.execute(SQL["named"], {
            "text": text, "like": f"{_plain(text)}%", "most": NAMED_MAX})).fetchall()
        parts.append(TEXT)
        values |= {"like": f"%{_plain(text.lower())}%", "named": [row[0] for row in named]}
    if wanted.warehouse:
        parts.append(IN_WAREHOUSE)
        values["warehouse"] = wanted.warehouse
    if wanted.is_active is not None:
        parts.append("s.is_active = %(is_active)s")
        values["is_active"] = wanted.is_active
    return parts, values


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

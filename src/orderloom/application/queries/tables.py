"""Rows of goods and stock as tables that people take away: page by page, each row behind its own key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orderloom.application.queries.sku_filter import SkuFilter, conditions
from orderloom.application.queries.sql import Connection, where
from orderloom.application.tables.export_table import ExportTable
from orderloom.statements import beside

SQL = beside(__file__)


async def table_rows(connection: Connection, asked: ExportTable, after: str, limit: int) -> Sequence[Sequence[Any]]:
    """Rows of this kind after a key, each with its key first."""
    wanted = SkuFilter(asked.q, asked.warehouse if asked.kind == "stock" else "", None, asked.category)
    parts, values = await conditions(connection, wanted)
    if asked.kind == "stock" and asked.warehouse:
        parts.append("w.code = %(warehouse)s")
    query = SQL[asked.kind].replace("{where}", where(parts))
    return await (await connection.execute(query, {**values, "after": after, "limit": limit})).fetchall()

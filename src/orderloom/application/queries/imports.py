"""Imports of files as they stand: the newest first, each with what became of its orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from orderloom.application.import_options import ImportOptions
from orderloom.application.import_shapes import ImportRun
from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)


async def list_imports(connection: Connection, limit: int = 50, run_id: str = "") -> list[ImportRun]:
    """The last ones, or the one that is named."""
    rows = await (await connection.execute(SQL["imports"], {"id": run_id or None, "limit": limit})).fetchall()
    return [_run(row) for row in rows]


def _run(row: Sequence[Any]) -> ImportRun:
    told = dict(zip(ImportRun.__struct_fields__, row, strict=True))
    told |= {"options": msgspec.json.decode(told["options"], type=ImportOptions), "outcomes": told["outcomes"] or {}}
    return ImportRun(**told)

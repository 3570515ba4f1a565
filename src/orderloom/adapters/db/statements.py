"""SQL by name: every statement of the adapters stands in `sql/queries/*.sql` under `-- name: what it does`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import LiteralString

from orderloom.application.queries.sql import named

FOLDER = Path(__file__).parent / "sql" / "queries"


@cache
def statement(file: str, name: str) -> LiteralString:
    """The statement `name` of `file`.sql. Raises KeyError when there is none."""
    return _all(file)[name]


@cache
def _all(file: str) -> dict[str, LiteralString]:
    return named((FOLDER / f"{file}.sql").read_text(encoding="utf-8"))

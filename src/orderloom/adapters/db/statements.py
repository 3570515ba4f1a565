"""SQL by name: every statement of the adapters stands in `sql/queries/*.sql`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import LiteralString

from orderloom.statements import statements

FOLDER = Path(__file__).parent / "sql" / "queries"


@cache
def statement(file: str, name: str) -> LiteralString:
    """The statement `name` of `file`.sql. Raises KeyError when there is none."""
    return statements(FOLDER / f"{file}.sql")[name]

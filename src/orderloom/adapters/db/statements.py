"""SQL by name: every statement of the adapters stands in `sql/queries/*.sql` under `-- name: what it does`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

FOLDER = Path(__file__).parent / "sql" / "queries"
_NAME = re.compile(r"^-- name: (\w+).*$", re.MULTILINE)


@cache
def statement(file: str, name: str) -> LiteralString:
    """The statement `name` of `file`.sql. Raises KeyError when there is none."""
    return _all(file)[name]


@cache
def _all(file: str) -> dict[str, LiteralString]:
    parts = _NAME.split((FOLDER / f"{file}.sql").read_text(encoding="utf-8"))
    texts = {name: text.strip().rstrip(";") for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    return cast(dict[str, LiteralString], texts)

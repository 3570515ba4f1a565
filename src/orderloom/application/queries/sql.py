"""The little that a read needs of a database connection, and the places in its lists."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, LiteralString, Protocol

PAGE_ROWS_MAX = 200


class Result(Protocol):
    """A cursor with its result."""

    @property
    def rowcount(self) -> int: ...

    def fetchall(self) -> Awaitable[Sequence[Sequence[Any]]]: ...

    def fetchone(self) -> Awaitable[Sequence[Any] | None]: ...


class Connection(Protocol):
    """What reads ask of a connection; psycopg's AsyncConnection has it."""

    def execute(self, query: LiteralString, params: Mapping[str, Any] | None = None, /) -> Awaitable[Result]: ...


class WrongCursor(ValueError):
    """The cursor of a page was not made by this list."""


def where(parts: Sequence[str]) -> str:
    """Conditions joined; all rows when there are none."""
    return " and ".join(parts) or "true"


def to_cursor(*keys: object) -> str:
    """An opaque place in a list: the sort keys of the last row shown."""
    return base64.urlsafe_b64encode("|".join(map(str, keys)).encode()).decode().rstrip("=")


def from_cursor(cursor: str, *shapes: re.Pattern[str]) -> tuple[str, ...]:
    """The keys that `to_cursor` was given, each of its shape. Raises WrongCursor."""
    try:
        keys = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode().split("|")
    except (binascii.Error, ValueError) as error:
        raise WrongCursor(cursor) from error
    if len(keys) != len(shapes) or not all(s.fullmatch(k) for s, k in zip(shapes, keys, strict=True)):
        raise WrongCursor(cursor)
    return tuple(keys)


UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NUMBER = re.compile(r"[0-9]{1,9}")
XID = re.compile(r"[0-9]{1,19}")
WORD = re.compile(r"[a-z_]{1,40}")
HEX = re.compile(r"([0-9a-f]{2}){1,2000}")
"""Text in a cursor, as hexadecimal of its UTF-8."""

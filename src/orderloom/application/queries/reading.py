"""What a read needs: something that runs a statement. A psycopg connection is one."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Protocol


class Rows(Protocol):
    """The answer to a statement, as tuples."""

    def fetchall(self) -> Awaitable[list[Any]]: ...
    def fetchone(self) -> Awaitable[Any]: ...


class Reads(Protocol):
    """A connection to read with."""

    def execute(self, query: Any, params: Any = None) -> Awaitable[Rows]: ...

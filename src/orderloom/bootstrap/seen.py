"""What is read as whoever is being answered sees it: the same connection, of whose rows there are only theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, LiteralString

from orderloom.adapters.db.narrowed import narrowed
from orderloom.application.identity.sight import SIGHT, Rows
from orderloom.application.queries.sql import Connection, Result


class Narrowed:
    """See `application.queries.sql.Connection`: one of which only these rows are seen."""

    def __init__(self, connection: Connection, rows: Rows) -> None:
        self._connection, self._rows = connection, rows

    async def execute(self, query: LiteralString, params: Mapping[str, Any] | None = None, /) -> Result:
        """Run the statement over the rows that are seen."""
        return await self._connection.execute(narrowed(query, self._rows), params)


@asynccontextmanager
async def as_seen(opened: AbstractAsyncContextManager[Connection]) -> AsyncIterator[Connection]:
    """The connection, with those rows alone that whoever is being answered sees."""
    async with opened as connection:
        rows = SIGHT.get().rows
        yield connection if rows is None else Narrowed(connection, rows)

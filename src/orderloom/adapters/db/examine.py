"""What the doctor asks of a database that may be away, too old, or not migrated: each question alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict

from orderloom.adapters.db.line import connected, opened
from orderloom.adapters.db.statements import statement
from orderloom.application.ports import StoreAway

VERSION_UNIT = 10_000
NOT_THERE = (psycopg.OperationalError, psycopg.errors.UndefinedTable)


class Server(NamedTuple):
    """A server that answers: its version (150_004 is 15.4), and by how many seconds its clock and ours differ."""

    version: int
    seconds_apart: float

    @property
    def major(self) -> int:
        """Its major version."""
        return self.version // VERSION_UNIT


async def server(dsn: str) -> Server:
    """The server behind a DSN. Raises StoreAway with the driver's own words, which quote no row."""
    try:
        connection = await opened(dsn)
    except psycopg.OperationalError as error:
        raise StoreAway(str(error)) from None
    async with connection:
        row = await (await connection.execute(statement("examine", "clock"))).fetchone()
        apart = abs((datetime.now(UTC) - row[0]).total_seconds()) if row else 0.0
        return Server(connection.info.server_version, apart)


def credentials(dsn: str) -> list[bytes]:
    """A few cipher texts, newest account first; none before the database is migrated."""
    return [bytes(row[0]) for row in _rows(dsn, "credentials")]


def receivers(dsn: str, limit: int) -> list[tuple[str, bytes]]:
    """Numbers and cipher texts of the newest orders; none before the database is migrated."""
    return [(str(number), bytes(cipher)) for number, cipher in _rows(dsn, "receivers", limit=limit)]


def accounts(dsn: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Code, connector and settings of the accounts that are on; none before the database is migrated."""
    return [(row[0], row[1], row[2]) for row in _rows(dsn, "accounts")]


def place(dsn: str) -> str:
    """The DSN without its password."""
    parts = conninfo_to_dict(dsn)
    return f"{parts.get('host', '')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"


def _rows(dsn: str, name: str, /, **given: int) -> list[tuple[Any, ...]]:
    try:
        with connected(dsn) as connection:
            return connection.execute(statement("examine", name), given or None).fetchall()
    except NOT_THERE:
        return []

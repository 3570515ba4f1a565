"""Connections that never wait for ever: an answer that does not come within a named time is a lost connection.

The kernel's own limits (`LINE`) notice a peer that acknowledges nothing. A proxy, balancer or frozen server that takes
every packet and answers none is noticed by nobody but whoever waits: each wait for an answer is limited here.
"""

from __future__ import annotations

import contextlib
import os
import socket
from time import monotonic
from typing import Any, ClassVar

import psycopg
from psycopg.abc import RV, PQGen

from orderloom.adapters.db.session import GUARDS

CONNECT_SECONDS_MAX = 5
LINE: dict[str, Any] = {
    "connect_timeout": CONNECT_SECONDS_MAX, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 30_000, "client_encoding": "utf8",
}
"""In seconds (the last in ms): how soon an unreachable database or a network that drops packets is noticed. And what
text is sent in, whatever the surroundings (PGCLIENTENCODING) would have: rows are encoded before a line is chosen."""
ANSWER_SECONDS_MAX = 60.0
"""How long one statement may take to answer; the longest honest one of a running hub takes a few seconds."""
LONG_SECONDS_MAX = 6 * 3_600.0
"""The same for a migration and for a walk over the whole log, which a person has started and watches."""
POLL_SECONDS = 0.1
NAME_AND_END = b"""
    with session as materialized (select pid, pid::text || ' ' || backend_start::text as name from pg_stat_activity)
    select (select name from session where pid = pg_backend_pid()),
        (select count(pg_terminate_backend(pid)) from session where name = any(%s::text[]) and pid <> pg_backend_pid())
"""


class TimedConnection(psycopg.AsyncConnection[Any]):
    """A connection whose every answer has a time limit. Raises OperationalError, and is closed, when it is over."""

    seconds_max: ClassVar[float] = 0.0
    """0: `ANSWER_SECONDS_MAX`."""
    doubted_at: ClassVar[float] = 0.0
    """When any line of this process last stayed without an answer: the others are asked before they are trusted."""
    proven_at = 0.0
    name = server = ""
    """Which session of which server it is; empty before it is set up."""
    abandoned: ClassVar[dict[str, str]] = {}
    """Lines of this process, name to server, that were given up while the server may still hold them open."""

    async def wait(  # its `timeout` is the driver's own
        self, gen: PQGen[RV], interval: float = POLL_SECONDS, timeout: float | None = None,  # noqa: ASYNC109
    ) -> RV:
        """See psycopg. A limit that the caller gives is the caller's own to handle."""
        if timeout is not None:
            return await super().wait(gen, interval, timeout)
        try:
            return await super().wait(gen, interval, self.seconds_max or ANSWER_SECONDS_MAX)
        except psycopg.errors._WaitTimeout:
            give_up(self)
            self.pgconn.finish()
            raise psycopg.OperationalError("no answer in time") from None


class LongLine(TimedConnection):
    """A connection for walks over everything."""

    seconds_max = LONG_SECONDS_MAX


class PlainLine(psycopg.Connection[Any]):
    """The same as `TimedConnection` for code that runs before any loop does."""

    seconds_max: ClassVar[float] = 0.0

    def wait(self, gen: PQGen[RV], interval: float = POLL_SECONDS, timeout: float | None = None) -> RV:
        """See `TimedConnection.wait`."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.seconds_max or ANSWER_SECONDS_MAX)
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError("no answer in time") from None


class LongPlainLine(PlainLine):
    """A connection for migrations."""

    seconds_max = LONG_SECONDS_MAX


async def opened(dsn: str, kind: type[TimedConnection] = TimedConnection) -> TimedConnection:
    """A connection of one's own, in autocommit."""
    connection = await kind.connect(dsn, autocommit=True, **LINE)
    await connection.execute(GUARDS)
    return connection


def connected(dsn: str, kind: type[PlainLine] = PlainLine, *, autocommit: bool = False) -> PlainLine:
    """A connection for code without a loop."""
    connection = kind.connect(dsn, autocommit=True, **LINE)
    connection.execute(GUARDS)
    connection.autocommit = autocommit
    return connection


def give_up(connection: psycopg.AsyncConnection[Any]) -> None:
    """Remember that this line got no answer: from now on every idle one is asked before it is used again, and the
    server is told to end this one as soon as it can be told anything."""
    TimedConnection.doubted_at = monotonic()
    if isinstance(connection, TimedConnection) and connection.name:
        TimedConnection.abandoned[connection.name] = connection.server


def cut(connection: psycopg.AsyncConnection[Any]) -> None:
    """End the connection's line at our end, without asking the server."""
    give_up(connection)
    with contextlib.suppress(psycopg.Error, OSError):  # it is closed already: then there is nothing to cut
        with socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)


async def name_line(line: TimedConnection) -> None:
    """Ask what a new line is called, and have the server end those that were given up.

    Without this what they have locked stays locked for as long as the server waits for the rest of a statement that
    the network has swallowed: neither its statement timeout nor its idle timeout counts then.
    """
    line.server = f"{line.info.host}:{line.info.port}"
    gone = [name for name, server in TimedConnection.abandoned.items() if server == line.server]
    row = await (await line.execute(NAME_AND_END, (gone,))).fetchone()
    line.name = row[0] if row else ""
    for name in gone:
        TimedConnection.abandoned.pop(name, None)

"""Whether the database is away, or there and refusing: decided here alone, for the door and for every loop.

Away is a connection that is lost or cannot be had, and the SQLSTATE classes 08 (connection), 57P (shutting down,
starting up) and 53 (no room, memory or connections left). An exception's class says nothing: psycopg's
`OperationalError` is also the parent of "this row is too big for its index", which no waiting mends.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from orderloom.application.ports import NotMigrated, StoreAway, StoreRefused, TooLong

AWAY_STATES = ("08", "57P", "53")
INPUT_STATES = ("21", "22", "23", "54")
"""Classes that blame the values: cardinality, data, integrity, program limits."""
POOL_ERRORS = (PoolTimeout, PoolClosed, TooManyRequests)


def is_away(error: BaseException, connection: psycopg.AsyncConnection[Any] | None = None) -> bool:
    """Whether waiting may help. `connection` is the one it happened on, where it is known."""
    if isinstance(error, (StoreAway, *POOL_ERRORS)):
        return True
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate:
        return error.sqlstate.startswith(AWAY_STATES)
    return isinstance(error, psycopg.OperationalError) and (connection is None or connection.closed)


def meaning(error: Exception, connection: psycopg.AsyncConnection[Any] | None = None) -> StoreAway | StoreRefused:
    """A database error as the application knows it: where it happened, never what stood there."""
    if is_away(error, connection):
        return StoreAway(described(error))
    if isinstance(error, psycopg.errors.QueryCanceled):
        return TooLong(described(error))
    if isinstance(error, psycopg.errors.UndefinedTable):
        return NotMigrated(described(error))
    state = getattr(error, "sqlstate", None) or ""
    is_input = state.startswith(INPUT_STATES) if state else not isinstance(error, psycopg.OperationalError)
    return StoreRefused(described(error), is_input=is_input)


@contextmanager
def told_apart() -> Iterator[None]:
    """Errors of the database as the application knows them: StoreAway, StoreRefused, NotMigrated."""
    try:
        yield
    except (psycopg.Error, *POOL_ERRORS) as error:
        raise meaning(error) from None


def described(error: BaseException) -> str:
    """Class, SQLSTATE and the place of a database error. Its text is left out: it may quote the row."""
    parts = [type(error).__name__]
    if isinstance(error, psycopg.Error):
        diag = error.diag
        place = ".".join(filter(None, (diag.table_name, diag.column_name)))
        parts += [error.sqlstate or "", place, diag.constraint_name or ""]
    return " ".join(filter(None, parts))


class _Unquoting(logging.Filter):
    """Takes the texts of errors out of the driver's own log lines: they quote whole rows."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every line; an error among its arguments is told by its kind and place."""
        if isinstance(record.args, tuple):
            record.args = tuple([described(x) if isinstance(x, BaseException) else x for x in record.args])
        record.exc_info = None
        return True


for name in ("psycopg", "psycopg.pool"):
    logging.getLogger(name).addFilter(_Unquoting())

"""Do something for many at once; when that fails, in halves: those that fail alone are named, the rest is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from psycopg import AsyncConnection, Error, OperationalError

Member = TypeVar("Member", str, int)
NOBODYS_FAULT = ("08", "57", "53", "40", "55")
"""SQLSTATE classes that say nothing of a member: no connection, stopped, no room, a lost race, a lock."""


async def apart(
    connection: AsyncConnection[Any], members: Sequence[Member], do: Callable[[Sequence[Member]], Awaitable[object]],
) -> dict[Member, Exception]:
    """Members for which `do` fails alone, with the error. All others are done, in the caller's transaction."""
    if not members:
        return {}
    try:
        async with connection.transaction():
            await do(members)
    except Exception as error:
        if is_nobodys_fault(error):
            raise
        if len(members) == 1:
            return {members[0]: error}
    else:
        return {}
    middle = len(members) // 2
    return {**await apart(connection, members[:middle], do), **await apart(connection, members[middle:], do)}


def is_nobodys_fault(error: Exception) -> bool:
    """Whether the same would have happened to any member: the database is away or asks to try again."""
    if not isinstance(error, Error):
        return False
    return error.sqlstate[:2] in NOBODYS_FAULT if error.sqlstate else isinstance(error, OperationalError)

"""Do something for many at once; when that fails, in halves: those that fail alone are named, the rest is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from psycopg import AsyncConnection, Error

from orderloom.adapters.db.away import is_away

Member = TypeVar("Member", str, int)
TRY_AGAIN = ("40", "55", "57014")
"""SQLSTATEs that say nothing of a member either: a lost race, a lock, a statement that was stopped."""


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
    return is_away(error) or (isinstance(error, Error) and (error.sqlstate or "").startswith(TRY_AGAIN))

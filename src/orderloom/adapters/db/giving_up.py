"""Parked deliveries as they are given up: looked up, locked and put away in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.cases import end_cases
from orderloom.adapters.db.statements import statement
from orderloom.application.give_up import Stuck

Connection = AsyncConnection[Any]
KINDS = ("delivery_parked", "delivery_refused")


async def of_case(connection: Connection, case_id: str, limit: int) -> list[str]:
    """Ids of the parked deliveries that a case is about, oldest first."""
    return [row[0] for row in await _rows(connection, "of_case", id=case_id, limit=limit)]


async def lock(connection: Connection, ids: Sequence[str]) -> list[Stuck]:
    """Those of them that there are, locked until the transaction ends."""
    return [Stuck(*row) for row in await _rows(connection, "lock_stuck", ids=list(ids))]


async def decisions_left(connection: Connection, order_id: str, application: str) -> list[Stuck]:
    """Decisions about an application that are not done, locked until the transaction ends."""
    rows = await _rows(connection, "decisions_left", order=order_id, application=application)
    return [Stuck(*row) for row in rows]


async def put_away(connection: Connection, ids: Sequence[str], reason: str, by: str, at: datetime) -> int:
    """Give them up, write down who did and why, and end their cases; returns how many ended."""
    given = {"ids": list(ids), "reason": reason, "by": by, "at": at}
    await connection.execute(statement("deliveries", "give_up"), given)
    return await end_cases(connection, [(kind, one) for one in ids for kind in KINDS], at, by, reason)


async def _rows(connection: Connection, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("deliveries", query), given)).fetchall()

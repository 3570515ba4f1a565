"""What people do to a case - assign it, close it, reopen it - each written down in the transaction that does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation

from orderloom.adapters.db.statements import statement
from orderloom.application.not_kept import NotKept
from orderloom.domain.words import ROLES

Connection = AsyncConnection[Any]
Act = Callable[[Connection, str, str, str, datetime], Awaitable[None]]
"""What is done to a case: on a connection, to an id, with a word (role or reason), by whom, when."""
REASON_MAX = 2_000
"""Characters of a resolution, or of a reason to reopen."""


class _Case(NamedTuple):
    """A case as it stood when it was locked."""

    kind: str
    subject: str
    owner: str
    is_group: bool
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None


async def assign(connection: Connection, case_id: str, owner: str, by: str, at: datetime) -> None:
    """Give an open case to another role. Raises NotKept."""
    if owner not in ROLES:
        raise NotKept("wrong_value", f"owner：只能是 {'、'.join(ROLES)}", f"owner: one of {', '.join(ROLES)}")
    async with connection.transaction():
        case = await _open(connection, case_id)
        if case.owner == owner:
            return
        await connection.execute(statement("case_history", "assign"), {"id": case_id, "owner": owner})
        await _write(connection, case_id, by, at, "assigned", {"from": case.owner, "to": owner})


async def resolve(connection: Connection, case_id: str, resolution: str, by: str, at: datetime) -> None:
    """Close an open case by hand, a group with all its members. Raises NotKept."""
    given = {"id": case_id, "at": at, "by": by, "resolution": resolution}
    async with connection.transaction():
        await _open(connection, case_id)
        await connection.execute(statement("case_history", "resolve_members"), given)
        await connection.execute(statement("case_history", "resolve"), given)
        await _write(connection, case_id, by, at, "resolved", {"resolution": resolution})


async def reopen(connection: Connection, case_id: str, reason: str, by: str, at: datetime) -> None:
    """Open a closed case again, a group with the members that were closed with it. Raises NotKept."""
    try:
        async with connection.transaction():
            case = await _hold(connection, case_id)
            if case.resolved_at is None:
                raise NotKept("already_open", "异常单没有关闭", "the case is not closed")
            done = await connection.execute(statement("case_history", "reopen"), {"id": case_id})
            if done.rowcount == 0:
                raise _newer()
            await connection.execute(statement("case_history", "reopen_members"), {
                "id": case_id, "closed_at": case.resolved_at, "closed_by": case.resolved_by})
            await _write(connection, case_id, by, at, "reopened", {
                "reason": reason, "resolved_at": case.resolved_at, "resolved_by": case.resolved_by,
                "resolution": case.resolution})
    except UniqueViolation:  # it was opened between our look and our writing
        raise _newer() from None


def _newer() -> NotKept:
    return NotKept("already_open", "同一异常已有新的异常单", "the same anomaly has a newer case that is open")


async def _open(connection: Connection, case_id: str) -> _Case:
    case = await _hold(connection, case_id)
    if case.resolved_at is not None:
        raise NotKept("already_resolved", "异常单已关闭，未作更改", "the case is closed, nothing was changed")
    return case


async def _hold(connection: Connection, case_id: str) -> _Case:
    row = await (await connection.execute(statement("case_history", "hold"), {"id": case_id})).fetchone()
    if row is None:
        raise NotKept("not_found", f"没有异常单 {case_id}", f"there is no case {case_id}")
    return _Case(*row)


async def _write(
    connection: Connection, case_id: str, by: str, at: datetime, kind: str, detail: dict[str, Any],
) -> None:
    await connection.execute(statement("case_history", "write"), {
        "id": case_id, "at": at, "by": by, "kind": kind, "detail": orjson.dumps(detail).decode()})

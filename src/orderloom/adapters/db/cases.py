"""Open, see again and close cases. A mass fault is one case: over a bound, those of one kind and cause become a group.

A member of a group is one narrow row that is written once; the group's own row is written when it opens and when its
last member is put right, so that a flood does not queue up for one row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.statements import statement
from orderloom.adapters.ids import new_id
from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory
from orderloom.application.ports import Account

Connection = AsyncConnection[Any]
Key = tuple[str, str]
JOINED_MAX = 10_000
"""Cases that stood alone and join a group when it opens."""
CAUSE_LENGTH_MAX = 200
PUT_RIGHT = "put right by a later fact"
ALL_PUT_RIGHT = "the last of them was put right"


async def save_cases(connection: Connection, change: Change, at: datetime, actor: str) -> None:
    """Close the cases that were put right, then open (or see again) the new ones."""
    if change.resolved:
        await end_cases(connection, list(dict.fromkeys(change.resolved)), at, actor, PUT_RIGHT)
    if change.cases:
        await _open(connection, list({(c.kind, c.subject): c for c in change.cases}.values()), at)


async def end_cases(connection: Connection, keys: Sequence[Key], at: datetime, by: str, how: str) -> int:
    """Close the open cases and members of these kinds and subjects; returns how many there were."""
    if not keys:
        return 0
    rows = [{"kind": kind, "subject": subject} for kind, subject in keys]
    given = {"resolved": _json(rows), "at": at, "by": by, "how": how}
    found = await (await connection.execute(statement("cases", "resolve"), given)).fetchall()
    if touched := sorted({row[0] for row in found if row[0]}):
        await close_empty(connection, at, by, touched)
    return len(found)


async def is_closed_by_hand(connection: Connection, kind: str, subject: str, opener: str) -> bool:
    """Whether somebody has closed a case that `opener` would have opened or closed itself."""
    given = {"kind": kind, "subject": subject, "opener": opener}
    return await (await connection.execute(statement("cases", "closed_by_hand"), given)).fetchone() is not None


async def close_empty(connection: Connection, at: datetime, actor: str, ids: Sequence[str] | None = None) -> int:
    """Close groups without an open member: of these, or of all. In two steps, for one may be added meanwhile.

    Two batches that put the last two right at once each see the other's as open: the minute's look at all closes it.
    """
    empty = await _ids(connection, "empty", {"ids": ids})
    if not empty:
        return 0
    await connection.execute(statement("cases", "lock_groups"), {"ids": empty})
    done = await connection.execute(statement("cases", "close_groups"), {
        "ids": empty, "at": at, "by": actor, "how": ALL_PUT_RIGHT})
    return done.rowcount


async def _open(connection: Connection, cases: Sequence[CaseOpened], at: datetime) -> None:
    by_cause: dict[Key, list[CaseOpened]] = {}
    for c in cases:
        by_cause.setdefault((c.kind, cause_of(c)), []).append(c)
    groups, crowded = await _crowds(connection, by_cause)
    if crowded:
        groups |= await _group(connection, crowded, by_cause, at)
    members = [
        {"case_id": groups[key], "kind": c.kind, "subject": c.subject, "order_id": c.order_id}
        for key, some in by_cause.items() if key in groups for c in some
    ]
    if members:
        await connection.execute(statement("cases", "members"), {"members": _json(members), "at": at})
    alone = [_row(c) for key, some in by_cause.items() if key not in groups for c in some]
    if alone:
        await connection.execute(statement("cases", "open"), {"cases": _json(alone), "at": at})


async def _crowds(
    connection: Connection, by_cause: Mapping[Key, Sequence[CaseOpened]],
) -> tuple[dict[Key, str], list[Key]]:
    """Groups that are open, by kind and cause; and the kinds and causes that need one now."""
    asked = [
        {"kind": kind, "cause": cause, "bound": some[0].group_over, "subjects": [c.subject for c in some]}
        for (kind, cause), some in by_cause.items()
    ]
    rows = await (await connection.execute(statement("cases", "crowds"), {"crowds": _json(asked)})).fetchall()
    groups = {(kind, cause): found for kind, cause, found, _ in rows if found}
    over = [
        (kind, cause) for kind, cause, found, standing in rows
        if not found and standing + len(by_cause[kind, cause]) > by_cause[kind, cause][0].group_over
    ]
    return groups, over


async def _group(
    connection: Connection, crowded: Sequence[Key], by_cause: Mapping[Key, Sequence[CaseOpened]], at: datetime,
) -> dict[Key, str]:
    """Open a group for each, and let those that stood alone join it."""
    firsts = [by_cause[key][0] for key in crowded]
    rows = [{**_row(c), "evidence": {"cause": cause_of(c), "first": c.evidence}} for c in firsts]
    found = await (await connection.execute(statement("cases", "open_groups"), {
        "groups": _json(rows), "at": at})).fetchall()
    groups = {(kind, cause): group for group, kind, cause in found}
    for (kind, cause), group in sorted(groups.items()):
        await connection.execute(statement("cases", "join_group"), {
            "kind": kind, "cause": cause, "group": group, "limit": JOINED_MAX, "at": at,
            "how": f"part of case {group} from now on"})
    return groups


def cause_of(c: CaseOpened) -> str:
    """What many of a kind would have in common; the account where nothing closer is known."""
    return (c.cause or (f"account:{c.account_id}" if c.account_id else ""))[:CAUSE_LENGTH_MAX]


def _row(c: CaseOpened) -> dict[str, Any]:
    return {"id": new_id(), "kind": c.kind, "subject": c.subject, "order_id": c.order_id, "account_id": c.account_id,
            "evidence": c.evidence, "owner": c.owner, "due_at": c.due_at, "cause": cause_of(c)}


async def _ids(connection: Connection, name: str, given: Mapping[str, Any]) -> list[str]:
    return [r[0] for r in await (await connection.execute(statement("cases", name), given)).fetchall()]


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return orjson.dumps(rows).decode()


class CaseDesk:
    """See `application.sources.hub.SourceCases` and `application.draining.SpoolCases`."""

    def __init__(self, connection: Connection, shelf: Shelf) -> None:
        self._connection, self._shelf = connection, shelf

    async def directory(self) -> Directory:
        """What is known, as this transaction sees it."""
        return await self._shelf.get(self._connection)

    async def save(self, change: Change, at: datetime, by: str) -> None:
        """Close the cases that were put right, then open (or see again) the new ones."""
        await save_cases(self._connection, change, at, by)

    async def left_out(self, account: Account) -> dict[str, Any]:
        """What the account's case tells so far, its next telling held off until this transaction ends."""
        await self._connection.execute(statement("pulling", "one_teller"), {"account": account.id})
        rows = await self._connection.execute(statement("pulling", "left_out"), {"code": account.code})
        row = await rows.fetchone()
        return row[0] if row else {}

    async def is_closed_by_hand(self, kind: str, subject: str, opener: str) -> bool:
        """Whether somebody has closed a case that `opener` would have opened or closed itself."""
        return await is_closed_by_hand(self._connection, kind, subject, opener)

    async def of_spool(self, waiting: str, machine: str) -> set[str]:
        """Subjects of open cases about what lies on a machine's disk."""
        given = {"waiting": waiting, "machine": machine}
        rows = await self._connection.execute(statement("cases", "of_spool"), given)
        return {row[0] for row in await rows.fetchall()}

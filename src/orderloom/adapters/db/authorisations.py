"""Authorisations that people have begun, known by the digest of their state alone; and how those are that stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.statements import statement
from orderloom.application.authorise import Beginner, Pending
from orderloom.application.watch_tokens import TokenState
from orderloom.domain.rights import including

Connection = AsyncConnection[Any]
RIGHT = "accounts:write"


class TokenBook:
    """See `application.watch_tokens.TokenStates`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def states(self) -> list[TokenState]:
        """What is known of every account that has tokens, or was refused some."""
        rows = await (await self._connection.execute(statement("tokens", "states"))).fetchall()
        return [TokenState(*row) for row in rows]


class Authorisations:
    """See `application.authorise.Book`; in the caller's transaction."""

    def __init__(self, connection: Connection, shelf: Shelf) -> None:
        self._connection, self._shelf = connection, shelf

    async def begin(
        self, state_index: bytes, account_id: int, redirect: str, began: Beginner, at: datetime, ends_at: datetime,
    ) -> None:
        """Write it down; those of yesterday are forgotten."""
        await self._connection.execute(statement("authorise", "begin"), {
            "state": state_index, "account": account_id, "redirect": redirect, "by": began.actor, "user": began.user,
            "token": began.token_id, "ends_at": ends_at, "at": at})

    async def find(self, state_index: bytes, at: datetime) -> Pending | None:
        """What this state stands for, locked."""
        row = await self._row("find", state=state_index, at=at)
        return Pending(row[0], row[1], Beginner(row[2], row[3], row[4]), row[5], row[6]) if row else None

    async def use(self, state_index: bytes, at: datetime) -> None:
        """It cannot be finished a second time."""
        await self._connection.execute(statement("authorise", "use"), {"state": state_index, "at": at})

    async def may_still(self, began: Beginner) -> bool:
        """Whether the user is not disabled, or the token not revoked, and may keep accounts."""
        if began.user:
            row = await self._row("role", name=began.user)
            role = (await self._shelf.get(self._connection)).roles.get(row[0]) if row is not None else None
            return role is not None and RIGHT in role.scopes
        if began.token_id:
            row = await self._row("scopes", id=began.token_id)
            return row is not None and RIGHT in including(row[0])
        return True

    async def _row(self, query: str, /, **given: Any) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = await (
            await self._connection.execute(statement("authorise", query), given)).fetchone()
        return row

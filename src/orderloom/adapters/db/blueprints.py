"""Keeps published blueprints: immutable versions, the newest is active, running orders keep theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db.directory import NO_GOODS_MOVED, bump
from orderloom.adapters.db.publishing import tell_all_again
from orderloom.adapters.db.statements import statement
from orderloom.blueprint.load import digest, from_document, to_document
from orderloom.blueprint.schema import Blueprint

Connection = AsyncConnection[Any]


class Blueprints:
    """See `application.publish_blueprint.Versions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def lock(self) -> None:
        """One publisher at a time."""
        await self._connection.execute(statement("blueprint", "lock"))

    async def active(self) -> tuple[int, Blueprint] | None:
        """The newest version with its number; None when nothing was ever published."""
        row = await (await self._connection.execute(statement("blueprint", "active"))).fetchone()
        return (row[0], from_document(row[1])) if row else None

    async def standing(self, stages: Sequence[str]) -> dict[str, int]:
        """How many orders stand in these stages now."""
        rows = await self._connection.execute(statement("blueprint", "standing"), {"stages": list(stages)})
        return dict(await rows.fetchall())

    async def add(self, version: int, blueprint: Blueprint, author: str, reason: str) -> None:
        """Keep a version, and tell every process."""
        await self._connection.execute(statement("blueprint", "publish"), {
            "version": version, "content": orjson.dumps(to_document(blueprint)).decode(),
            "digest": bytes.fromhex(digest(blueprint)), "author": author, "reason": reason,
        })
        await bump(self._connection, NO_GOODS_MOVED)

    async def tell_all_again(self) -> None:
        """Have every channel told its stock anew."""
        await tell_all_again(self._connection)

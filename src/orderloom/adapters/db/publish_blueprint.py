"""Keeps published blueprints: immutable versions, the newest is active, running orders keep theirs."""

from __future__ import annotations

from typing import Any

import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db.directory import NO_GOODS_MOVED, bump
from orderloom.adapters.db.publishing import tell_all_again
from orderloom.adapters.db.statements import statement
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.load import digest, from_document, to_document
from orderloom.blueprint.schema import Blueprint

Connection = AsyncConnection[Any]


async def active(connection: Connection) -> tuple[int, Blueprint] | None:
    """The newest version with its number; None when nothing was ever published."""
    row = await (await connection.execute(statement("blueprint", "active"))).fetchone()
    return (row[0], from_document(row[1])) if row else None


async def standing(connection: Connection, stages: tuple[str, ...]) -> dict[str, int]:
    """How many orders stand in these stages now."""
    rows = await connection.execute(statement("blueprint", "standing"), {"stages": list(stages)})
    return dict(await rows.fetchall())


async def publish(connection: Connection, blueprint: Blueprint, author: str, reason: str) -> int | None:
    """Publish as the next version; returns its number, None when the active one is the same already.

    Raises `blueprint.load.BadBlueprint` with every finding when it may not run.
    """
    compile_blueprint(blueprint)
    async with connection.transaction():
        await connection.execute(statement("blueprint", "lock"))
        before = await active(connection)
        if before is not None and digest(before[1]) == digest(blueprint):
            return None
        version = before[0] + 1 if before else 1
        await connection.execute(statement("blueprint", "publish"), {
            "version": version, "content": orjson.dumps(to_document(blueprint)).decode(),
            "digest": bytes.fromhex(digest(blueprint)), "author": author, "reason": reason,
        })
        await bump(connection, NO_GOODS_MOVED)
        if before is not None and before[1].publish != blueprint.publish:
            await tell_all_again(connection)
    return version

"""What became of messages that were just landed: how many are through, which stayed and why, which orders are held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)


async def ids_of(connection: Connection, account_id: int, events: Sequence[str]) -> list[str]:
    """The stored messages of these identities in an account."""
    rows = await connection.execute(SQL["ids"], {"account": account_id, "events": list(events)})
    return [row[0] for row in await rows.fetchall()]


async def outcomes_of(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """How many of these messages ended how."""
    rows = await connection.execute(SQL["outcomes"], {"ids": list(ids)})
    return {outcome: int(count) for outcome, count in await rows.fetchall()}


async def stayed_of(connection: Connection, ids: Sequence[str], limit: int) -> Sequence[Sequence[Any]]:
    """Parked ones: id, headers, reason and detail."""
    return await (await connection.execute(SQL["stayed"], {"ids": list(ids), "limit": limit})).fetchall()


async def held_of(connection: Connection, ids: Sequence[str], limit: int) -> Sequence[Sequence[Any]]:
    """Orders that were recorded and stand on hold: number, the channel's id, the holds' types."""
    return await (await connection.execute(SQL["held"], {"ids": list(ids), "limit": limit})).fetchall()

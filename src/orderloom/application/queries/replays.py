"""Replays of many messages as they stand: the newest first."""

from __future__ import annotations

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.application.replay_chosen import Chosen, ReplayRun
from orderloom.statements import beside

SQL = beside(__file__)


async def list_replays(connection: Connection, limit: int = 50, run_id: str = "") -> list[ReplayRun]:
    """The last ones, or the one that is named."""
    rows = await connection.execute(SQL["replays"], {"id": run_id or None, "limit": limit})
    return [ReplayRun(row[0], row[1], row[2], row[3], msgspec.json.decode(row[4], type=Chosen), row[5], row[6], row[7])
            for row in await rows.fetchall()]

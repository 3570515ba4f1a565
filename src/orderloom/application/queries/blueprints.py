"""Published blueprints, newest first."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)


class PublishedBlueprint(msgspec.Struct, frozen=True):
    """A published version."""

    version: int
    author: str
    reason: str
    published_at: datetime
    digest: str


async def list_blueprints(connection: Connection) -> list[PublishedBlueprint]:
    """The newest published versions, newest first."""
    found = await (await connection.execute(SQL["blueprint"])).fetchall()
    return [PublishedBlueprint(*row) for row in found]

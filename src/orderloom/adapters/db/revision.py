"""Asks quickly whether a database is behind this build, without loading what migrating needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.line import connected
from orderloom.adapters.db.statements import statement

FOLDER = Path(__file__).parent / "sql" / "migrations"


def behind(dsn: str) -> list[str]:
    """Names of the migration files that the database lacks; all of them when it has no books yet."""
    with connected(dsn) as connection:
        known = connection.execute(statement("examine", "has_books")).fetchone()
        if known is None or not known[0]:
            return _names()
        kept = connection.execute(statement("examine", "revision")).fetchone()
    return [name for name in _names() if kept is None or kept[0] is None or name[:4] > kept[0]]


async def state(connection: AsyncConnection[Any]) -> str:
    """`up`, `old` (not migrated to this build) or `new` (by a later build)."""
    known = await (await connection.execute(statement("examine", "has_books"))).fetchone()
    if known is None or not known[0]:
        return "old"
    row = await (await connection.execute(statement("examine", "revision"))).fetchone()
    found, newest = str((row[0] if row else "") or ""), _names()[-1][:4]
    return "up" if found == newest else "new" if found > newest else "old"


def _names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.sql"))

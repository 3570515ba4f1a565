"""Asks quickly whether a database is behind this build, without loading what migrating needs."""

from __future__ import annotations

from pathlib import Path

from orderloom.adapters.db.line import connected

FOLDER = Path(__file__).parent / "sql" / "migrations"


def behind(dsn: str) -> list[str]:
    """Names of the migration files that the database lacks; all of them when it has no books yet."""
    names = sorted(path.stem for path in FOLDER.glob("*.sql"))
    with connected(dsn) as connection:
        row = connection.execute("select to_regclass('schema_revision')").fetchone()
        if row is None or row[0] is None:
            return names
        kept = connection.execute("select max(version_num) from schema_revision").fetchone()
    return [name for name in names if kept is None or kept[0] is None or name[:4] > kept[0]]

"""The migrated schema equals the declared one, so that sql/schema/ can be read as the truth."""

from __future__ import annotations

import os
import re
import subprocess

import psycopg
from psycopg.conninfo import conninfo_to_dict

from orderloom.adapters.db.columns import AREAS, declared_schema
from orderloom.adapters.db.embedded_binaries import bundled
from orderloom.adapters.db.migrate import BOOKS, FOLDER, migrate

SCHEMA = FOLDER.parent / "schema"


def _dump(dsn: str) -> str:
    """What the bundled pg_dump (it reads any older server) says, without what differs from run to run."""
    parts = {key: str(value) for key, value in conninfo_to_dict(dsn).items() if value is not None}
    password = parts.pop("password", "")
    done = subprocess.run(
        [str(bundled().folder / "pg_dump"), "--schema-only", "--no-owner", "--no-privileges",
         f"--exclude-table={BOOKS}", "--dbname", " ".join(f"{key}='{value}'" for key, value in parts.items())],
        capture_output=True, text=True, check=True, env={**os.environ, "PGPASSWORD": password},
    )
    return re.sub(r"^(--.*|\\(un)?restrict .*|)\n", "", done.stdout, flags=re.MULTILINE)


def test_the_schema_tells_the_truth_about_every_migrated_database(
    server: str, database: str, empty_database: str
) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute(declared_schema().encode())
    declared, migrated = _dump(empty_database), _dump(database)
    assert "CREATE TABLE" in declared
    assert migrated.splitlines() == declared.splitlines()


def test_every_area_of_the_schema_is_declared() -> None:
    assert sorted(file.stem for file in SCHEMA.iterdir()) == sorted(AREAS)


def test_the_comparison_notices_one_different_column(empty_database: str) -> None:
    migrate(empty_database)
    before = _dump(empty_database)
    with psycopg.connect(empty_database) as connection:
        connection.execute("alter table account add column surplus int")
    assert _dump(empty_database) != before

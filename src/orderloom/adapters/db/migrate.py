"""Brings a database up to this build's schema: plain SQL files, forward only, one transaction each.

The files are `sql/migrations/NNNN_name.sql`; their numbers are the revisions, in one line without gaps. Alembic keeps
the books (table `schema_revision`); a file needs no Python beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import sqlalchemy
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionMap

from orderloom.adapters.db.line import LongPlainLine, connected
from orderloom.application.ports import DatabaseTrouble

FOLDER = Path(__file__).parent / "sql" / "migrations"
BOOKS = "schema_revision"
FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
LOCK_KEY = 0x6F726465726C6F6F  # "orderloo": any number that other programs in the same database do not use
WAIT_SECONDS_MAX = 600
OLDEST_SERVER = 150_000


def migrate(dsn: str, folder: Path = FOLDER) -> list[str]:
    """Apply what is missing; return the names of the files applied, oldest first (none when up to date).

    Several processes may call it at once: one works, the others wait (at most ten minutes) and find nothing to do.
    Raises `DatabaseTrouble`: the database is newer than this build, too old a server, or the wait was too long.
    """
    with _alone(dsn), _opened(dsn) as connection:
        scripts = _scripts(folder, connection)
        applied: list[str] = []

        def steps(revision: Any, context: MigrationContext) -> Any:
            _refuse_newer(revision, scripts)
            found = scripts._upgrade_revs("head", revision)
            applied.extend(step.revision.path for step in found)
            return found

        context = MigrationContext.configure(
            connection,
            opts={"fn": steps, "version_table": BOOKS, "script": scripts, "transaction_per_migration": True},
        )
        context.run_migrations()
        connection.commit()
    return [Path(path).stem for path in applied]


def pending(dsn: str, folder: Path = FOLDER) -> list[str]:
    """The files that `migrate` would apply, without applying them. Raises `DatabaseTrouble` as `migrate` does."""
    with _opened(dsn) as connection:
        scripts = _scripts(folder, connection)
        context = MigrationContext.configure(connection, opts={"version_table": BOOKS})
        heads = context.get_current_heads()
        _refuse_newer(heads, scripts)
        return [Path(step.revision.path).stem for step in scripts._upgrade_revs("head", heads)]  # type: ignore[arg-type]


def files(folder: Path = FOLDER) -> list[Path]:
    """The migration files in order. Raises ValueError when a name is wrong or a number is missing or used twice."""
    found = sorted(folder.glob("*.sql"))
    for number, path in enumerate(found, start=1):
        match = FILE.fullmatch(path.name)
        if match is None or int(match[1]) != number:
            raise ValueError(f"{path.name}: migrations are NNNN_name.sql, numbered from 0001 without gaps")
    return found


def _scripts(folder: Path, connection: sqlalchemy.Connection) -> ScriptDirectory:
    """Alembic's view of the SQL files: one revision per file, each after the one before."""

    def revisions() -> Iterator[Script]:
        before: str | None = None
        for path in files(folder):
            yield _script(path, before, connection)
            before = path.name[:4]

    scripts = ScriptDirectory(str(folder))
    scripts.revision_map = RevisionMap(revisions)
    return scripts


def _script(path: Path, before: str | None, connection: sqlalchemy.Connection) -> Script:
    module = ModuleType(path.stem)
    module.__doc__ = path.stem
    revision = path.name[:4]

    def upgrade() -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        driver.execute(path.read_bytes())  # no parameters: the whole file goes as it is, `%` and `:` untouched

    module.__dict__.update(revision=revision, down_revision=before, upgrade=upgrade)
    return Script(module, revision, str(path))


def _refuse_newer(revisions: Any, scripts: ScriptDirectory) -> None:
    """A database that a newer build has migrated must not be written by this one."""
    known = {script.revision for script in scripts.walk_revisions()}
    strange = sorted(set(revisions if isinstance(revisions, tuple | list) else (revisions,)) - known - {None})
    if strange:
        have = max(known, default="0000")
        raise DatabaseTrouble(
            "newer_database", f"数据库的版本是 {strange[-1]}，本程序只认识到 {have}。请安装较新的版本。",
            f"The database is at revision {strange[-1]}; this build knows up to {have}. Install the newer build.")


@contextmanager
def _opened(dsn: str) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: connected(dsn, LongPlainLine), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        yield connection


@contextmanager
def _alone(dsn: str) -> Iterator[None]:
    """Hold the migration lock. It belongs to a connection: if this process is killed, the server frees it."""
    with connected(dsn, LongPlainLine, autocommit=True) as connection:
        if connection.info.server_version < OLDEST_SERVER:
            found = connection.info.server_version // 10_000
            raise DatabaseTrouble(
                "old_server", f"PostgreSQL {found} 太旧，至少需要 15。", f"PostgreSQL {found} is too old: 15 or newer.")
        connection.execute(f"SET lock_timeout = '{WAIT_SECONDS_MAX}s'".encode())
        try:
            connection.execute("SELECT pg_advisory_lock(%s)", (LOCK_KEY,))
        except psycopg.errors.LockNotAvailable as error:
            raise DatabaseTrouble(
                "migration_busy", f"另一个进程升级数据库超过 {WAIT_SECONDS_MAX} 秒。请查看它的日志。",
                f"Another process has been migrating for over {WAIT_SECONDS_MAX} s; see its log.") from error
        yield

"""An installation before there is a hub: its database server, its schema, its first blueprint and administrator.

What migrating needs is slow to load: it lies in `bootstrap.schema`, for those who migrate.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime

from orderloom.adapters.db import examine, revision
from orderloom.adapters.db.away import told_apart
from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.embedded import START_SECONDS_MAX, EmbeddedPostgres
from orderloom.adapters.db.identity import ensure_administrator
from orderloom.adapters.db.limit import Openings, make_pool
from orderloom.adapters.db.line import connected
from orderloom.adapters.notary import Notary
from orderloom.adapters.vault import load_vault
from orderloom.application.ports import DatabaseServer
from orderloom.bootstrap.ports import Ports
from orderloom.settings import Settings

LOOK_SECONDS_MAX = 5.0
Report = Callable[[str], None]

__all__ = ["behind", "database_server", "examine", "first_administrator", "make_keys", "open_database", "open_ports",
           "running_dsn"]


def database_server(
    settings: Settings, report: Report | None = None, seconds_max: float = START_SECONDS_MAX,
) -> DatabaseServer:
    """The embedded database of an installation; not started yet."""
    return EmbeddedPostgres(settings.home, settings.database_port, report=report, seconds_max=seconds_max)


@contextmanager
def open_database(settings: Settings, seconds_max: float, report: Report) -> Iterator[str]:
    """DSN of the embedded database while the block runs: that which runs, or one started for it."""
    server = EmbeddedPostgres(settings.home, settings.database_port, report=report, seconds_max=seconds_max)
    with server:
        yield server.dsn


def running_dsn(settings: Settings) -> str:
    """DSN of the database as it is: an embedded one is not started for the sake of looking (empty: it does not run)."""
    if settings.dsn or not (settings.home / "postgres").exists():
        return settings.dsn
    server = database_server(settings, seconds_max=LOOK_SECONDS_MAX)
    return server.start() if server.is_running() else ""


def behind(dsn: str) -> list[str]:
    """Names of the migrations that the database lacks. Raises StoreAway, StoreRefused."""
    with told_apart():
        return revision.behind(dsn)


def make_keys(settings: Settings) -> None:
    """The keyring and the audit's key, made when they are not there. Raises KeyMissing, KeyTrouble."""
    load_vault(settings.home, settings.key)
    Notary(settings.home)


def first_administrator(dsn: str) -> str | None:
    """Create user `admin` when there is no user at all; returns the one-time password to print, else None."""
    with told_apart(), connected(dsn) as connection:
        return ensure_administrator(connection)


@asynccontextmanager
async def open_ports(settings: Settings, dsn: str) -> AsyncIterator[Ports]:
    """The ports on one connection, without the hub around them."""
    pool = make_pool(dsn, 1)
    vault = load_vault(settings.home, settings.key)
    await pool.open(wait=False)
    try:
        yield Ports(Openings(pool), Shelf(vault, settings.business_zone), vault, lambda: datetime.now(UTC))
    finally:
        await pool.close()

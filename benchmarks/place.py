"""Where the benchmarks run: an embedded PostgreSQL of their own, fsync on, in a temporary folder, gone afterwards,
or in one that is kept (`kept.py`).
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from benchmarks.seed import SKU_COUNT, SKU_COUNT_MANY, furnish
from orderloom.adapters.db.embedded import EmbeddedPostgres
from orderloom.adapters.db.embedded_cluster import ADMIN, passwords
from orderloom.adapters.db.migrate import migrate
from orderloom.bootstrap import open_hub
from orderloom.settings import Settings

FURNISHED, FURNISHED_MANY = "bench_furnished", "bench_furnished_many"
SKUS = {FURNISHED: SKU_COUNT, FURNISHED_MANY: SKU_COUNT_MANY}


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder and a server on which databases can be made. `furnished` has the seller but no order."""

    home: Path
    server: str

    @contextmanager
    def database(self, name: str, template: str = FURNISHED) -> Iterator[str]:
        """DSN of a copy of `template`; dropped at the end of the block."""
        self.make(name, template)
        try:
            yield self.dsn(name)
        finally:
            self.drop(name)

    def make(self, name: str, template: str = FURNISHED) -> str:
        """Make a copy of a database that nobody is connected to; returns its DSN."""
        self._run("create database {} template {} encoding 'UTF8'", name, template)
        return self.dsn(name)

    def furnish(self, name: str) -> None:
        """Make the database `name` (FURNISHED, FURNISHED_MANY) with the seller and no order, unless it is there."""
        if self.has(name):
            return
        half = f"{name}_half"
        self.drop(half)
        self.make(half, "template0")
        migrate(self.dsn(half))
        asyncio.run(self._furnish(half, SKUS[name]))
        self.rename(half, name)

    async def _furnish(self, name: str, skus: int) -> None:
        async with open_hub(self.settings(name), self.dsn(name)) as hub:
            await furnish(hub, skus)

    def has(self, name: str) -> bool:
        """Whether there is such a database."""
        with psycopg.connect(self.server) as connection:
            return connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is not None

    def rename(self, name: str, new: str) -> None:
        """Give a database its own name: what was being made is complete."""
        self._run("alter database {} rename to {}", name, new)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        self._run("drop database if exists {} with (force)", name)

    def dsn(self, name: str) -> str:
        """How to connect to a database of this server."""
        return make_conninfo(self.server, dbname=name)

    def settings(self, name: str) -> Settings:
        """A hub's settings on that database."""
        return Settings(home=self.home, dsn=self.dsn(name))

    def checkpoint(self) -> None:
        """Have the server write everything out: from now on pages are written whole when they are first touched."""
        word = passwords(self.home)[ADMIN]
        with psycopg.connect(self.server, user=ADMIN, password=word, autocommit=True) as connection:
            connection.execute("checkpoint")

    def _run(self, text: str, *names: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL(text).format(*map(sql.Identifier, names)))


@contextmanager
def open_place() -> Iterator[Place]:
    """A fresh server with a furnished database to copy from; server and folder are gone after the block."""
    home = Path(tempfile.mkdtemp(prefix="orderloom-bench-"))
    home.chmod(0o711)
    try:
        with EmbeddedPostgres(home) as postgres:
            place = Place(home, postgres.dsn)
            place.furnish(FURNISHED)
            yield place
    finally:
        link = home / "postgres"
        if link.is_symlink():
            shutil.rmtree(link.readlink(), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)

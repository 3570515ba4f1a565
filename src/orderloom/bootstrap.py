"""The composition root: the only place where ports meet adapters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2
from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.landing import DatabaseStore
from orderloom.adapters.db.unit_of_work import work_on
from orderloom.adapters.ids import ids, new_id
from orderloom.adapters.spool import Spool
from orderloom.adapters.vault import Vault, load_vault
from orderloom.application import commands as c
from orderloom.application.directory import Directory
from orderloom.application.handle import Handler
from orderloom.application.land import Lander
from orderloom.application.ports import Connector
from orderloom.application.sort import Landed, Sorted, sort
from orderloom.blueprint.mapping import Mapping as CompiledMapping
from orderloom.blueprint.mapping import Mappings, load_folder
from orderloom.route import ROUTE
from orderloom.settings import Settings

ADAPTERS = Path(__file__).parent / "adapters"
FAMILIES = ("channels", "systems", "carriers")
POOL_MAX = 12
OUTSIDE_SECONDS_MAX = 15.0
"""How long any outside system may take to answer."""

Pool = AsyncConnectionPool[AsyncConnection[Any]]


class Hub:
    """Everything a process of the hub needs, wired once."""

    def __init__(
        self, settings: Settings, pool: Pool, vault: Vault, http: httpx2.AsyncClient,
        connectors: Mapping[str, Connector], mappings: Mappings, clock: Callable[[], datetime],
    ) -> None:
        self.settings, self.pool, self.vault, self.http = settings, pool, vault, http
        self.connectors, self.mappings, self.now = connectors, mappings, clock
        self.shelf = Shelf(vault)
        self.store = DatabaseStore(pool, vault)
        self.spool = Spool(settings.home / "spool", vault)
        self.lander = Lander(self.store, self.spool, clock, new_id)
        self.begin = work_on(pool, self.shelf, vault)
        self.handler = Handler(self.begin, ROUTE, self._sort, clock, ids)
        self.handler.transient = (OperationalError, PoolTimeout)

    def _sort(self, taken: Sequence[Landed], directory: Directory) -> Sorted:
        return sort(taken, directory, self.mappings, self.vault.seal)

    async def directory(self) -> Directory:
        """The directory as of now."""
        async with self.pool.connection() as connection:
            return await self.shelf.get(connection)

    async def handle(self, commands: Sequence[c.AnyCommand]) -> list[c.Outcome]:
        """Carry commands through the route in one transaction."""
        return await self.handler.handle(commands)

    def new_ids(self) -> Iterator[str]:
        """Ids in order of creation."""
        return ids()


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def find_connectors() -> dict[str, Connector]:
    """Every connector folder with a client, by name."""
    found: dict[str, Connector] = {}
    for family in FAMILIES:
        for folder in sorted((ADAPTERS / family).iterdir()):
            if (folder / "client.py").is_file():
                module = import_module(f"orderloom.adapters.{family}.{folder.name}.client")
                found[folder.name] = module.CONNECTOR
    return found


def find_mappings() -> Mappings:
    """The compiled mapping of every connector folder. Raises ValueError with every mistake in one that is broken."""
    found: dict[str, CompiledMapping] = {}
    for family in FAMILIES:
        for folder in sorted((ADAPTERS / family).iterdir()):
            if (folder / "mapping.yaml").is_file():
                loaded = load_folder(folder)
                if isinstance(loaded, tuple):
                    raise ValueError("\n".join(map(str, loaded)))
                found[folder.name] = loaded
    return Mappings(found)


@asynccontextmanager
async def open_hub(
    settings: Settings, dsn: str, *, clock: Callable[[], datetime] = utc_now, connections_max: int = POOL_MAX,
) -> AsyncIterator[Hub]:
    """A hub on a migrated database; its connections are closed at the end. The database may be away when it opens."""
    vault = load_vault(settings.home, settings.key)
    pool: Pool = AsyncConnectionPool(
        dsn, min_size=1, max_size=connections_max, open=False, timeout=10.0, reconnect_timeout=0,
        kwargs={"autocommit": True}, configure=_configure,
    )
    async with httpx2.AsyncClient(timeout=OUTSIDE_SECONDS_MAX, follow_redirects=False) as http:
        await pool.open(wait=False)
        try:
            yield Hub(settings, pool, vault, http, find_connectors(), find_mappings(), clock)
        finally:
            await pool.close()


async def _configure(connection: AsyncConnection[Any]) -> None:
    await connection.execute("set timezone to 'UTC'")
    await connection.execute("set lock_timeout to '20s'")



"""The hub of a process: everything that verbs and loops ask for, wired once."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from orderloom.adapters.channels.files.order_files import OrderFiles
from orderloom.adapters.db.audit import AuditLog
from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.landing import DatabaseStore
from orderloom.adapters.db.limit import Openings, Pool, make_pool
from orderloom.adapters.db.news import listen
from orderloom.adapters.db.rousing import Rousing
from orderloom.adapters.db.unit_of_work import work_apart, work_on
from orderloom.adapters.ids import ids, new_id
from orderloom.adapters.job_files import JobFiles
from orderloom.adapters.manifests import manifests
from orderloom.adapters.notary import Notary
from orderloom.adapters.outside import Outside
from orderloom.adapters.pictures import Pictures
from orderloom.adapters.spool import Spool
from orderloom.adapters.spreadsheets.columns import wrong_targets
from orderloom.adapters.trial import Trial
from orderloom.adapters.vault import Vault, load_vault
from orderloom.application import commands as c
from orderloom.application.directory import Directory
from orderloom.application.expected import Expected
from orderloom.application.floor.plan_wave import Planning
from orderloom.application.floor.take_scans import Scanner
from orderloom.application.foresee import Foreseer
from orderloom.application.handle import Handler
from orderloom.application.land import Lander
from orderloom.application.ports import Connector
from orderloom.application.sort import Landed, Sorted, sort
from orderloom.blueprint.mapping import Mappings
from orderloom.bootstrap.connectors import find_connectors, find_mappings
from orderloom.bootstrap.ports import Ports
from orderloom.bootstrap.reach import Reach, reach_of
from orderloom.route import ROUTE
from orderloom.settings import Settings

POOL_MAX = 12
COLLECT_AFTER = 100_000
"""Objects made and not freed before the collector looks for rings among them: about two batches of 500 orders."""



class Sealer:
    """Who seals the log; see `application.checkpoint.Sealing`."""

    def __init__(self, pool: Pool, notary: Notary, now: Callable[[], datetime]) -> None:
        self.audit, self.now = AuditLog(pool, notary), now


class Hub:
    """Everything a process of the hub needs, wired once."""

    def __init__(
        self, settings: Settings, pool: Pool, vault: Vault, outside: Outside,
        reach: Reach, connectors: Mapping[str, Connector], mappings: Mappings, clock: Callable[[], datetime],
    ) -> None:
        self.settings, self.pool, self.vault, self.outside = settings, pool, vault, outside
        self.connectors, self.mappings, self.now = connectors, mappings, clock
        self.tokens, self.limits, self.alone = reach
        self.shelf = Shelf(vault, settings.business_zone)
        self.rousing = Rousing(pool)
        self.store = DatabaseStore(pool, vault, self.rousing.call)
        self.spool = Spool(settings.home / "spool", vault)
        self.job_files = JobFiles(settings.home / "jobs", vault)
        self.pictures = Pictures(settings.home / "pictures")
        self.lander = Lander(self.store, self.spool, clock, new_id)
        self.begin = work_on(pool, self.shelf, vault, self.rousing.call)
        self.handler = Handler(self.begin, ROUTE, self._sort, clock, ids)
        self.manifests = manifests()
        self.scanner = Scanner(self.begin, ROUTE, clock, ids, lambda: self.manifests)
        self.planning = Planning(self.begin, ROUTE, ids)
        apart = work_apart(pool, self.shelf, vault)
        self.foreseer = Foreseer(self.begin, apart, ROUTE, self._sort, clock, ids)
        self.ports = self.ports_within()
        self.trial = Trial(connectors, outside, reach.alone)
        self.files = OrderFiles()
        self.wrong_columns = wrong_targets

    def ports_within(self, wait_seconds: float = 0.0, seconds: float = 0.0) -> Ports:
        """The ports for who may wait so long for a connection, and so long in all (0: as long as it takes)."""
        openings = Openings(self.pool, wait_seconds, seconds)
        return Ports(openings, self.shelf, self.vault, self.now, self.rousing.call, self.settings.second_factor_roles)

    def _sort(self, taken: Sequence[Landed], directory: Directory) -> Sorted:
        return sort(taken, directory, self.mappings, self.vault.seal)

    async def directory(self) -> Directory:
        """The directory as of now."""
        return await self.ports.directory()

    async def handle(self, commands: Sequence[c.AnyCommand], expected: Expected | None = None) -> list[c.Outcome]:
        """Carry commands through the route in one transaction. Raises PreviewStale, MovedOn."""
        return await self.handler.handle(commands, expected=expected)

    def sealer(self) -> Sealer:
        """Who seals the log with this installation's key. Raises KeyTrouble."""
        return Sealer(self.pool, Notary(self.settings.home), self.now)

    async def listen(self, ring: Callable[[], None]) -> None:
        """Ring whenever the publisher says that there is news, for ever."""
        await listen(str(self.pool.conninfo), ring)


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_hub(
    settings: Settings, dsn: str, *, clock: Callable[[], datetime] = utc_now, connections_max: int = POOL_MAX,
    is_whole: bool = True,
) -> AsyncIterator[Hub]:
    """A hub on a migrated database; its connections are closed at the end. The database may be away when it opens.

    Unless it `is_whole`, a channel's mapping is compiled when it is asked for: most of a command's time otherwise.
    """
    vault = load_vault(settings.home, settings.key)
    pool = make_pool(dsn, connections_max)
    outside, reach = Outside(), reach_of(pool, vault, settings.home, manifests())
    await pool.open(wait=False)
    try:
        mappings = find_mappings(is_quick=settings.is_mapping_quick, is_whole=is_whole)
        yield Hub(settings, pool, vault, outside, reach, find_connectors(reach.tokens, reach.limits), mappings,
                  clock)
    finally:
        await reach.tokens.close()
        await outside.close()
        await pool.close()


def freeze_start() -> None:
    """Tell the collector that what was built at the start stays: walking it again stops every request for a while.

    What a batch makes is freed by reference count; it need not be walked again and again while it is in use.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)

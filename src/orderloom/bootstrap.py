"""The composition root: the only place where ports meet adapters."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import msgspec
import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from orderloom.adapters.channels.files.names import shown
from orderloom.adapters.channels.files.reader import Portion, Progress, Reader
from orderloom.adapters.channels.files.vouchers import vouchers
from orderloom.adapters.db import giving_up, stock, stock_file
from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.goods import all_codes, sku_ids
from orderloom.adapters.db.landing import DatabaseStore
from orderloom.adapters.db.limit import set_up, trusted
from orderloom.adapters.db.line import LINE, TimedConnection
from orderloom.adapters.db.rousing import Rousing
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.unit_of_work import PostgresWork, work_on
from orderloom.adapters.goods_file import read_table
from orderloom.adapters.ids import ids, new_id
from orderloom.adapters.outside import Outside
from orderloom.adapters.spool import Spool
from orderloom.adapters.vault import Vault, load_vault
from orderloom.application import commands as c
from orderloom.application.directory import Directory
from orderloom.application.give_up import GIVE_UP_MAX, GivenUp, give_up
from orderloom.application.handle import Handler
from orderloom.application.land import Lander
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Account, Connector, Terminal
from orderloom.application.receive_stock import Booking, Taken, read_rows
from orderloom.application.restock import Book, NotServed
from orderloom.application.sort import Landed, Sorted, sort
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_folder
from orderloom.domain.actor import Actor
from orderloom.domain.fault import kind_of
from orderloom.domain.inventory.level import Level
from orderloom.domain.refusal import Refusal
from orderloom.route import ROUTE
from orderloom.settings import Settings

ADAPTERS = Path(__file__).parent / "adapters"
FAMILIES = ("channels", "systems", "carriers", "subscribers")
POOL_MAX = 12
REPLAY_MAX = 100_000
COLLECT_AFTER = 100_000
"""Objects made and not freed before the collector looks for rings among them: about two batches of 500 orders."""

Pool = AsyncConnectionPool[AsyncConnection[Any]]
log = structlog.get_logger()


class Imported(NamedTuple):
    """How files were taken in: items landed, how many were known before, whether every file was, and why not.

    `events` are the items' identities in the account, those known before among them.
    """

    items: int
    duplicates: int
    is_known: bool
    refused: str
    events: tuple[str, ...] = ()


class Hub:
    """Everything a process of the hub needs, wired once."""

    def __init__(
        self, settings: Settings, pool: Pool, vault: Vault, outside: Outside,
        connectors: Mapping[str, Connector], mappings: Mappings, clock: Callable[[], datetime],
    ) -> None:
        self.settings, self.pool, self.vault, self.outside = settings, pool, vault, outside
        self.connectors, self.mappings, self.now = connectors, mappings, clock
        self.shelf = Shelf(vault, settings.business_zone)
        self.rousing = Rousing(pool)
        self.store = DatabaseStore(pool, vault, self.rousing.call)
        self.spool = Spool(settings.home / "spool", vault)
        self.lander = Lander(self.store, self.spool, clock, new_id)
        self.begin = work_on(pool, self.shelf, vault, self.rousing.call)
        self.handler = Handler(self.begin, ROUTE, self._sort, clock, ids)

    def _sort(self, taken: Sequence[Landed], directory: Directory) -> Sorted:
        return sort(taken, directory, self.mappings, self.vault.seal)

    async def directory(self) -> Directory:
        """The directory as of now."""
        async with self.pool.connection() as connection:
            return await self.shelf.get(connection)

    async def handle(self, commands: Sequence[c.AnyCommand]) -> list[c.Outcome]:
        """Carry commands through the route in one transaction."""
        return await self.handler.handle(commands)

    async def adjust_stock(
        self, sku: str, warehouse: str, kind: str, reason: str, actor: str, *, on_hand: int = 0, safety: int = 0,
        frozen: int = 0, counted: int | None = None, cause: str = "",
    ) -> Level | Refusal:
        """One line of the stock ledger on somebody's word; `cause` makes a repeated call count once."""
        directory, cause = await self.directory(), cause or f"by-hand/{new_id()}"
        async with self.pool.connection() as connection:
            known = await sku_ids(connection, [sku])
        found: list[Level | Refusal] = []

        async def book(work: PostgresWork) -> bool:
            found[:] = [await stock.adjust(
                work.connection, directory, self.now(), sku=sku, warehouse=warehouse, kind=kind, cause=cause,
                reason=reason, actor=actor, on_hand=on_hand, safety=safety, frozen=frozen, counted=counted,
            )]
            return isinstance(found[0], Level)

        await self._restock(list(known.values()), book)
        return found[0]

    async def receive_stock(
        self, body: bytes, document: str, reason: str, actor: str, *, is_set: bool = False
    ) -> Taken:
        """Book a table of stock, all or none; its mistakes are told at once. Raises `goods_file.UnreadableGoods`."""
        table = await asyncio.to_thread(
            read_table, body, ("code", "warehouse"), one_of=("quantity", "counted"))
        codes = {cells.get("code", "") for _, cells in table.rows}
        async with self.pool.connection() as connection:
            known = await sku_ids(connection, list(codes))
            named = list(known) if len(known) == len(codes) else await all_codes(connection)
        rows, mistakes = read_rows(table.rows, await self.directory(), known, named, document, is_set=is_set)
        if mistakes:
            return Taken(len(table.rows), 0, 0, tuple(mistakes))
        plans: list[Booking] = []

        async def book(work: PostgresWork) -> bool:
            plans[:] = [await stock_file.book(work.connection, rows, self.now(), reason, actor)]
            return bool(plans[0].movements)

        await self._restock(sorted({row.key[0] for row in rows}), book)
        return Taken(len(table.rows), len(plans[0].movements), plans[0].known, plans[0].mistakes)

    async def _restock(self, skus: Sequence[int], book: Book) -> None:
        """Book, and serve who waits. What is booked is booked: who could not be served now is served by the worker."""
        try:
            await self.handler.restock(skus, book)
        except NotServed as later:
            log.warning("restock_later", skus=len(skus), error=kind_of(later.__cause__ or later))

    async def import_file(self, account_code: str, name: str, body: bytes, lane: str = "emergency") -> Imported:
        """The same as `import_files` for one file in memory. Raises Refused."""
        with TemporaryDirectory(prefix="orderloom-import-") as folder:
            path = Path(folder) / shown(name or "upload")
            await asyncio.to_thread(path.write_bytes, body)
            return await self.import_files(account_code, [path], lane)

    async def import_files(
        self, account_code: str, paths: Sequence[Path], lane: str = "emergency", progress: Progress | None = None,
    ) -> Imported:
        """Land files of orders: each file as a voucher, then each of its orders. Raises Refused."""
        account = (await self.directory()).account_by_code(account_code)
        if account is None:
            raise Terminal("unknown_account", f"没有账号 {account_code} | no account {account_code}")
        if not account.is_active:
            raise Terminal("account_off", f"账号 {account_code} 已停用 | account {account_code} is switched off")
        if account.connector != "files":
            raise Terminal("no_files", f"账号 {account_code} 不接收文件 | account {account_code} takes no files")
        reader = Reader(account)
        taken = _Taken(self.lander, account, lane, self.now)
        try:
            found = reader.read_all(paths, progress)
            while given := await asyncio.to_thread(next, found, None):
                await taken.take(*given)
        finally:
            await asyncio.to_thread(reader.close)
        return taken.result()

    async def replay_messages(self, ids_of: Sequence[str], by: str = "system") -> list[str]:
        """Take these stored messages through the route again, discarded ones too; `by` brings them back."""
        async with self.pool.connection() as connection:
            rows = await connection.execute(statement("pulling", "requeue"), {
                "ids": list(ids_of), "by": by, "at": self.now()})
            found = [r[0] for r in await rows.fetchall()]
        self.rousing.call()
        return found

    async def replay_parked(self, reason: str = "", limit: int = REPLAY_MAX) -> list[str]:
        """Take parked messages of a reason (or of any) through the route again."""
        async with self.pool.connection() as connection:
            rows = await connection.execute(statement("pulling", "requeue_parked"), {"reason": reason, "limit": limit})
            return [r[0] for r in await rows.fetchall()]

    async def give_up(self, ids_of: Sequence[str], reason: str, by: Actor) -> GivenUp:
        """Give up parked deliveries, with what it means for their orders. Raises NotKept."""
        async with self.pool.connection() as connection:
            seen = await giving_up.hold(connection, ids_of)
        return await give_up(self.handler.handle, seen, ids_of, reason, by, self.now())

    async def give_up_case(self, case_id: str, reason: str, by: Actor) -> GivenUp:
        """The same for all parked deliveries that a case is about, so many at once. Raises NotKept."""
        async with self.pool.connection() as connection:
            found = await giving_up.of_case(connection, case_id, GIVE_UP_MAX + 1)
        if not found:
            raise NotKept("nothing_to_give_up", f"异常单 {case_id} 没有搁置的推送；要关闭它用 orderloom case resolve",
                          f"case {case_id} has no parked deliveries; to close it use orderloom case resolve")
        done = await self.give_up(found[:GIVE_UP_MAX], reason, by)
        return msgspec.structs.replace(done, is_more=len(found) > GIVE_UP_MAX)

    def new_ids(self) -> Iterator[str]:
        """Ids in order of creation."""
        return ids()


class _Taken:
    """What was landed of an import so far."""

    def __init__(self, lander: Lander, account: Account, lane: str, now: Callable[[], datetime]) -> None:
        self._lander, self._account, self._lane, self._now = lander, account, lane, now
        self._parents: dict[Path, str | None] = {}
        self._landed: list[str | None] = []
        self._events: list[str] = []
        self._refused = ""

    async def take(self, paths: Sequence[Path], portion: Portion) -> None:
        """Land the files themselves, once, and then what is in them."""
        for path in paths:
            if path not in self._parents and not (portion.end and portion.end.refused == "file_too_large"):
                self._parents[path] = await self._keep(path)
        self._landed += await self._lander.land(
            self._account, portion.items, {}, self._now(), lane=self._lane, parent_id=self._parents.get(paths[0]),
        )
        self._events += [item.event_id for item in portion.items]
        if portion.end and portion.end.refused:
            self._refused = self._refused or portion.end.refused

    async def _keep(self, path: Path) -> str | None:
        first: str | None = None
        pieces = vouchers(path)
        while item := await asyncio.to_thread(next, pieces, None):
            kept = (await self._lander.land(self._account, [item], {}, self._now()))[0]
            first = first or kept
        return first

    def result(self) -> Imported:
        """The sums."""
        known = sum(one is None for one in self._landed)
        is_known = bool(self._parents) and not any(self._parents.values())
        return Imported(len(self._landed), known, is_known, self._refused, tuple(self._events))


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


def find_mappings(*, is_quick: bool = True) -> Mappings:
    """The compiled mapping of every connector folder. Raises ValueError with every mistake in one that is broken."""
    found: dict[str, CompiledMapping] = {}
    for family in FAMILIES:
        for folder in sorted((ADAPTERS / family).iterdir()):
            if (folder / "mapping.yaml").is_file():
                loaded = load_folder(folder, is_quick=is_quick)
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
        kwargs={"autocommit": True, **LINE}, connection_class=TimedConnection, configure=set_up, check=trusted,
    )
    outside = Outside()
    await pool.open(wait=False)
    try:
        mappings = find_mappings(is_quick=settings.is_mapping_quick)
        yield Hub(settings, pool, vault, outside, find_connectors(), mappings, clock)
    finally:
        await outside.close()
        await pool.close()


def freeze_start() -> None:
    """Tell the collector that what was built at the start stays: walking it again stops every request for a while.

    What a batch makes is freed by reference count; it need not be walked again and again while it is in use.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)

"""One transaction on PostgreSQL: everything a batch reads, locks and writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection, Error, errors
from psycopg_pool import AsyncConnectionPool

from orderloom.adapters.db import giving_up, labels, outbox
from orderloom.adapters.db.away import described, meaning
from orderloom.adapters.db.catalogue import Catalogue
from orderloom.adapters.db.correcting import Corrections
from orderloom.adapters.db.directory import Shelf, current
from orderloom.adapters.db.documents import DocumentBook
from orderloom.adapters.db.floor import FloorBook
from orderloom.adapters.db.gifts import load_buyers
from orderloom.adapters.db.ledger import Ledger
from orderloom.adapters.db.limit import time_limit
from orderloom.adapters.db.load import SEE_ORDERS, load, read_levels
from orderloom.adapters.db.mapping_store import MappingStore
from orderloom.adapters.db.merging import works_together
from orderloom.adapters.db.purchases import PurchaseBook
from orderloom.adapters.db.quotas import Quotas
from orderloom.adapters.db.rehearse import unstorable
from orderloom.adapters.db.save import save
from orderloom.adapters.db.scans import ScanBook
from orderloom.adapters.db.snapshots import Snapshots
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.subjects import SubjectBook
from orderloom.adapters.db.waiting import meet
from orderloom.adapters.db.waves import WaveBook
from orderloom.adapters.db.wire import id_of, ids_of
from orderloom.adapters.vault import Damaged, Vault
from orderloom.application import commands as c
from orderloom.application.batch import BatchView
from orderloom.application.book_pickup import Pickup
from orderloom.application.box_commands import AskLabel, AskPickup
from orderloom.application.buy_label import Label
from orderloom.application.change import Change
from orderloom.application.deliver import Tried
from orderloom.application.directory import Directory
from orderloom.application.due import Due
from orderloom.application.give_up import Stuck
from orderloom.application.ports import UNREADABLE, Raced, StoreRefused
from orderloom.application.sort import Became, Landed
from orderloom.domain.states import SubjectKind

Connection = AsyncConnection[Any]
RACES = (errors.UniqueViolation, errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)
DRAWN = {"orders_number_key", "work_number_key"}
"""Keys that are drawn with an order's id, 40 bits a day and account: one that is taken was taken by chance, and the
next try draws another."""
TAKE_BYTES_MAX = 16 << 20
"""Bodies in one batch: read into objects they are many times as big."""
DAMAGED = ("存储的原文已损坏，密钥打不开；请从备份恢复后重放，或让来源重发 / its stored bytes are damaged and "
           "no key opens them: restore them from a backup and replay, or have the source send again")
WORK_SECONDS_MAX = 120.0
"""How long a transaction may take before the database counts as away; the longest honest one takes a few seconds."""


class PostgresWork:
    """See `application.handle.UnitOfWork`."""

    def __init__(self, connection: Connection, shelf: Shelf, vault: Vault) -> None:
        self.connection, self._shelf, self._vault = connection, shelf, vault
        self.ledger = Ledger(connection)
        self._seen = ""
        self.is_queued = False
        """Whether loops have something to do when it is committed."""
        self._version = 0
        self._world: BatchView | None = None

    async def directory(self) -> Directory:
        """The directory as this transaction sees it."""
        found = await self._shelf.get(self.connection)
        self._version = found.version
        return found

    async def take(self, limit: int, only: Sequence[str] | None) -> list[Landed]:
        """Claim waiting messages until the transaction ends."""
        name = "take" if only is None else "take_only"
        given: dict[str, Any] = {"limit": limit, "bytes": TAKE_BYTES_MAX} if only is None else {"ids": list(only)}
        rows = await (await self.connection.execute(statement("messages", name), given, binary=True)).fetchall()
        self._seen = rows[0][9] if rows else ""
        return [self._landed(r) for r in rows]

    async def look(self, ids: Sequence[str]) -> list[Landed]:
        """Messages as they are stored, not claimed."""
        given = {"ids": list(ids)}
        rows = await self.connection.execute(statement("messages", "look"), given, binary=True)
        return [self._landed(r) for r in await rows.fetchall()]

    def _landed(self, r: Sequence[Any]) -> Landed:
        """A claimed message. One whose stored bytes are damaged waits for a person, and stops no other."""
        topic, headers = r[2], orjson.loads(r[5])
        try:
            body = self._vault.decrypt_voucher(r[4])
        except Damaged:
            topic, body, headers = UNREADABLE, b"", {"reason": "damaged", "reason_text": DAMAGED}
        if r[-1]:
            headers["corrections"] = self.corrections.told(r[-1])
        return Landed(r[0], r[1], topic, r[3], body, headers, r[6], r[7], r[8], r[-2])

    async def load(self, batch: Sequence[c.AnyCommand], directory: Directory, at: datetime, tries: int) -> BatchView:
        """Read and lock; stock levels are locked too once a race was lost."""
        levels = "levels_locked" if tries else "levels"
        self._world = await load(self.connection, self._shelf, batch, directory, at, levels)
        return self._world

    async def see(self, batch: Sequence[c.AnyCommand], directory: Directory, at: datetime) -> BatchView:
        """Read without a lock, to look at only."""
        return await load(self.connection, self._shelf, batch, directory, at, orders=SEE_ORDERS)

    async def know_buyers(self, batch: Sequence[c.AnyCommand], world: BatchView) -> None:
        """Put into the world who the buyers are, and what they had, though no rule in force asks for it."""
        await load_buyers(self.connection, batch, world)

    async def works_together(self, limit: int) -> list[tuple[str, ...]]:
        """Numbers of works that could leave in one parcel, by parcel; the oldest orders first."""
        return await works_together(self.connection, (await self.directory()).accounts.values(), limit)

    async def waiting_for(self, skus: Sequence[int], limit: int, passed: int) -> list[str]:
        """Short orders that wait for one of these SKUs, in the order in which they are to be served, but for the first
        ones that were `passed` over."""
        directory = await self.directory()
        rule = directory.blueprints[directory.blueprint_active].sourcing.restock
        name = "short_orders_by_ship_time" if rule == "ship_by" else "short_orders"
        rows = await self.connection.execute(statement("pulling", name), {
            "skus": list(skus), "limit": limit, "passed": passed,
        })
        return [r[0] for r in await rows.fetchall()]

    async def lock_levels(self, world: BatchView, skus: Sequence[int]) -> None:
        """Lock the levels of these SKUs and of all that the world has, and read them as they are then."""
        await read_levels(self.connection, world, {*skus, *[sku for sku, _ in world.levels]}, "levels_locked")

    async def look_again(self, world: BatchView, skus: Sequence[int]) -> None:
        """Read the levels of SKUs that this transaction has just changed."""
        await read_levels(self.connection, world, skus)

    async def save(self, change: Change, at: datetime, actor: str, became: Sequence[Became] = ()) -> None:
        """Write, and what became of messages with it. Raises Raced when one has to wait and the directory has moved on,
        or a parcel has come: what it waits for may be there, and who brought it has looked for waiting messages before.
        """
        waiting = [x.park_key for x in became if x.outcome == "parked"]
        if waiting and await current(self.connection) != self._version:
            raise Raced("the directory moved on")
        if not await save(self.connection, change, at, actor, self._shelf.zone, became) and became:
            await self.finish_messages(became, at)
        is_meeting = waiting or change.released_keys
        if is_meeting and await meet(self.connection, self._world, change.released_keys, waiting):
            raise Raced("a parcel has come")
        self.is_queued |= bool(change.deliveries or change.released_keys)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """What fails in the block is undone, and the transaction goes on. Once in a transaction; what has not failed is
        released when it ends, for a release of its own would be one more round trip."""
        with translated(lambda: self.connection):
            await self.connection.execute(b"savepoint attempt")
            try:
                yield
            except Exception:
                if not self.connection.closed:
                    await self.connection.execute(b"rollback to savepoint attempt")
                raise

    async def unstorable(self, change: Change, at: datetime, broken_key: str = "") -> dict[str, StoreRefused]:
        """Orders whose rows the database would refuse, and where."""
        return await unstorable(self.connection, change, at, self._seen, broken_key)

    async def finish_deliveries(self, sent: Sequence[Tried], at: datetime) -> None:
        """Write down how deliveries ended."""
        await outbox.finish(self.connection, sent, at, self._vault.encrypt)

    async def lock_deliveries(self, ids: Sequence[str]) -> list[Stuck]:
        """Those of them that there are, locked."""
        return await giving_up.lock(self.connection, ids)

    async def book_label(self, asked: AskLabel, order_id: str, by: str, at: datetime) -> Label | None:
        """The label that stands in the way, else None: then this one is written down as asked for."""
        return await labels.book(self.connection, asked, order_id, by, at)

    async def give_label_back(self, number: str, at: datetime) -> bool:
        """Write down that it is given back; False when it is not one that was bought."""
        return await labels.give_back(self.connection, number, at)

    async def call_courier_off(self, number: str) -> bool:
        """Write down that it is called off; False when it is not one that was booked."""
        return await labels.call_off(self.connection, number)

    async def book_pickup(self, asked: AskPickup, order_id: str, by: str, at: datetime) -> Pickup | None:
        """The booking that stands in the way, else None: then this one is written down as asked for."""
        return await labels.book_pickup(self.connection, asked, order_id, by, at)

    async def decisions_left(self, order_id: str, application: str) -> list[Stuck]:
        """What was to be told of decisions about an application and is not done, locked."""
        return await giving_up.decisions_left(self.connection, order_id, application)

    async def give_up(self, ids: Sequence[str], reason: str, by: str, at: datetime) -> int:
        """Give deliveries up, and end their cases; returns how many ended."""
        return await giving_up.put_away(self.connection, ids, reason, by, at)

    async def take_deadlines(self, limit: int, at: datetime, only: Sequence[Due] | None) -> list[Due]:
        """Claim deadlines that are due until the transaction ends; `only` of these when given."""
        if only is None:
            rows = await self.connection.execute(statement("deadlines", "take"), {"limit": limit, "at": at})
        else:
            rows = await self.connection.execute(statement("deadlines", "take_only"), _keys(only))
        return [Due(c.Subject(SubjectKind(r[0]), r[1]), *r[2:]) for r in await rows.fetchall()]

    async def set_deadline_aside(self, due: Due, again_at: datetime) -> None:
        """Try this one again later."""
        await self.connection.execute(statement("deadlines", "set_aside"), {
            "subject_kind": str(due.subject.kind), "subject_id": due.subject.id, "kind": due.kind, "of": due.of,
            "due_at": due.due_at,
            "blueprint": due.blueprint, "again_at": again_at,
        })

    async def finish_deadlines(self, ended: Sequence[tuple[Due, str]], at: datetime) -> None:
        """Write down that deadlines fired, were moot, or were skipped."""
        await self.connection.execute(statement("deadlines", "finish"), {
            **_keys([d for d, _ in ended]), "state": [state for _, state in ended], "at": at,
        })

    async def done_before(self, key: str, by: str) -> tuple[bytes, str] | None:
        """Digest and order of the call of `by` that had this key."""
        rows = await self.connection.execute(statement("calls", "done_before"), {"key": key, "by": by})
        row = await rows.fetchone()
        return (bytes(row[0]), row[1]) if row else None

    async def remember_call(self, key: str, by: str, digest: bytes, order_id: str, at: datetime) -> None:
        """Keep the key of a call that was done."""
        await self.connection.execute(statement("calls", "remember"), {
            "key": key, "by": by, "digest": digest, "order_id": order_id or None, "at": at})

    async def has_facts_since(self, order_id: str, seq: int, kinds: Sequence[str]) -> bool:
        """Whether the order has a fact of these kinds (none: of any) behind this one."""
        rows = await self.connection.execute(statement("calls", "facts_since"), {
            "order_id": order_id, "from": seq + 1, "kinds": list(kinds)})
        return await rows.fetchone() is not None

    @property
    def snapshots(self) -> Snapshots:
        """Snapshots of stock, in this transaction."""
        return Snapshots(self.connection)

    @property
    def quotas(self) -> Quotas:
        """Quotas, in this transaction."""
        return Quotas(self.connection)

    @property
    def corrections(self) -> Corrections:
        """What people put right in messages, in this transaction."""
        return Corrections(self.connection, self._vault)

    def edited_mappings(self, at: datetime) -> MappingStore:
        """Mappings that people edited, in this transaction."""
        return MappingStore(self.connection, at)

    @property
    def subjects(self) -> SubjectBook:
        """What has a life of its own beside orders, in this transaction."""
        return SubjectBook(self.connection)

    @property
    def documents(self) -> DocumentBook:
        """Stock documents, in this transaction."""
        return DocumentBook(self.connection)

    @property
    def purchases(self) -> PurchaseBook:
        """Suppliers and purchase tickets, in this transaction."""
        return PurchaseBook(self.connection)

    @property
    def floor(self) -> FloorBook:
        """Places and what lies on them, in this transaction."""
        return FloorBook(self.connection)

    @property
    def waves(self) -> WaveBook:
        """Waves, in this transaction."""
        return WaveBook(self.connection)

    @property
    def scans(self) -> ScanBook:
        """What terminals scan, in this transaction."""
        return ScanBook(self.connection)

    @property
    def catalogue(self) -> Catalogue:
        """What is sold and where it lies, in this transaction."""
        return Catalogue(self.connection, self._shelf)

    async def finish_messages(self, became: Sequence[Became], at: datetime) -> None:
        """Write down what became of the messages."""
        usual = [x for x in became if x.order_id and x == Became(x.id, "normalised", order_id=x.order_id)]
        if usual:
            await self.connection.execute(statement("messages", "finish_usual"), {
                "ids": ids_of([id_of(x.id) for x in usual]), "orders": ids_of([id_of(x.order_id or "") for x in usual]),
                "at": at,
            })
        if len(usual) == len(became):
            return
        ended = {x.id for x in usual}
        rows = orjson.dumps([
            {"id": x.id, "outcome": x.outcome, "reason": x.reason, "detail": x.detail, "park_key": x.park_key,
             "order_id": x.order_id, "stake": x.stake, "currency": x.currency, "mapping": x.mapping}
            for x in became if x.id not in ended
        ])
        await self.connection.execute(statement("messages", "finish"), {"rows": rows.decode(), "at": at})


@contextmanager
def translated(held: Callable[[], Connection | None]) -> Iterator[None]:
    """Errors of the database as the application knows them: Raced, StoreAway or StoreRefused."""
    try:
        yield
    except RACES as error:
        key = error.diag.constraint_name or ""
        raise Raced(described(error), "" if key in DRAWN else key) from None
    except Error as error:
        raise meaning(error, held()) from None


def _keys(due: Sequence[Due]) -> dict[str, Any]:
    """The primary keys of deadlines, by column."""
    return {
        "subject_kind": [str(d.subject.kind) for d in due], "subject_id": [UUID(d.subject.id) for d in due],
        "kind": [d.kind for d in due], "of": [d.of for d in due], "due_at": [d.due_at for d in due],
        "blueprint": [d.blueprint for d in due],
    }


def work_apart(
    pool: AsyncConnectionPool[Connection], shelf: Shelf, vault: Vault,
) -> Callable[[], AbstractAsyncContextManager[PostgresWork]]:
    """The same for transactions that are undone after something was taught in them: they read with a shelf of their
    own, or what was never committed would be kept in memory."""
    return lambda: work_on(pool, shelf.apart(), vault)()


def work_on(
    pool: AsyncConnectionPool[Connection], shelf: Shelf, vault: Vault, queued: Callable[[], None] | None = None,
) -> Callable[[], AbstractAsyncContextManager[PostgresWork]]:
    """A maker of transactions. A lost race inside one comes out as Raced, every other error of the database as
    StoreAway or StoreRefused. `queued` is called when one was committed that leaves something to do."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[PostgresWork]:
        held: Connection | None = None
        with translated(lambda: held):
            async with pool.connection() as held:
                with time_limit(held, WORK_SECONDS_MAX):
                    async with held.transaction():
                        yield (work := PostgresWork(held, shelf, vault))
        if work.is_queued and queued is not None:
            queued()

    return begin

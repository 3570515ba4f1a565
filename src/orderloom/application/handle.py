"""The one transaction of the route: take a batch, read and lock, decide, write. All or nothing.

A batch that loses a race is decided again on what is there then. Of a batch that fails otherwise the bad messages are
found in one go (`isolate.py`) and become cases; should none be found, it is halved until the bad one stands alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import structlog

from orderloom.application import commands as c
from orderloom.application.batch import BatchView
from orderloom.application.book_pickup import Pickup
from orderloom.application.box_commands import AskLabel, AskPickup
from orderloom.application.buy_label import Label
from orderloom.application.change import Change
from orderloom.application.decide import Route, decide, decide_each
from orderloom.application.deliver import Tried
from orderloom.application.directory import Directory
from orderloom.application.due import Due, caught_up, ended, failed, mended
from orderloom.application.expected import Expected, met
from orderloom.application.give_up import Stuck
from orderloom.application.isolate import Sorter, UnderWay, poison
from orderloom.application.ports import Raced, StoreAway, StoreRefused
from orderloom.application.restock import Book, Restocker
from orderloom.application.set_aside import again_at
from orderloom.application.sort import Became, Landed, Sorted, what_became
from orderloom.domain.fault import kind_of, told, where

BATCH_MAX = 500
TRIES_MAX = 8
SAME_RACE_MAX = 3
ROUNDS_MAX = 4
"""How often a batch is decided without those that could not be decided: the second time should be the last."""
log = structlog.get_logger()


class UnitOfWork(Protocol):
    """One transaction. Leaving it without an error commits; nothing else does."""

    async def directory(self) -> Directory: ...
    async def take(self, limit: int, only: Sequence[str] | None) -> list[Landed]: ...
    async def load(
        self, batch: Sequence[c.AnyCommand], directory: Directory, at: datetime, tries: int,
    ) -> BatchView: ...
    async def waiting_for(self, skus: Sequence[int], limit: int, passed: int) -> list[str]: ...
    async def lock_levels(self, world: BatchView, skus: Sequence[int]) -> None: ...
    async def look_again(self, world: BatchView, skus: Sequence[int]) -> None: ...
    async def save(self, change: Change, at: datetime, actor: str, became: Sequence[Became] = ()) -> None: ...
    def attempt(self) -> AbstractAsyncContextManager[object]: ...
    async def unstorable(self, change: Change, at: datetime, broken_key: str = "") -> dict[str, StoreRefused]: ...
    async def finish_deliveries(self, sent: Sequence[Tried], at: datetime) -> None: ...
    async def lock_deliveries(self, ids: Sequence[str]) -> list[Stuck]: ...
    async def book_label(self, asked: AskLabel, order_id: str, by: str, at: datetime) -> Label | None: ...
    async def give_label_back(self, number: str, at: datetime) -> bool: ...
    async def call_courier_off(self, number: str) -> bool: ...
    async def book_pickup(self, asked: AskPickup, order_id: str, by: str, at: datetime) -> Pickup | None: ...
    async def decisions_left(self, order_id: str, application: str) -> list[Stuck]: ...
    async def give_up(self, ids: Sequence[str], reason: str, by: str, at: datetime) -> int: ...
    async def take_deadlines(self, limit: int, at: datetime, only: Sequence[Due] | None) -> list[Due]: ...
    async def set_deadline_aside(self, due: Due, again_at: datetime) -> None: ...
    async def finish_deadlines(self, ended: Sequence[tuple[Due, str]], at: datetime) -> None: ...
    async def done_before(self, key: str, by: str) -> tuple[bytes, str] | None: ...
    async def remember_call(self, key: str, by: str, digest: bytes, order_id: str, at: datetime) -> None: ...
    async def has_facts_since(self, order_id: str, seq: int, kinds: Sequence[str]) -> bool: ...


Beside = Callable[[UnitOfWork, Change], Awaitable[None]]


class Handler:
    """Carries batches through the route. Shapes: `commands` in, one Outcome each; or messages taken from the queue."""

    def __init__(
        self, begin: Callable[[], AbstractAsyncContextManager[UnitOfWork]], route: Route,
        sorter: Sorter, now: Callable[[], datetime],
        ids: Callable[[], Iterator[str]],
    ) -> None:
        self._begin, self._route, self._sorter, self._now, self._ids = begin, route, sorter, now, ids

    async def handle(
        self, batch: Sequence[c.AnyCommand], beside: Beside | None = None, expected: Expected | None = None,
    ) -> list[c.Outcome]:
        """Do what is asked, together or not at all. A refusal is an outcome; a lost race is tried again.

        `beside` writes what belongs to the same transaction, and may add to the change before it is saved.
        `expected` is what whoever asks goes by. Raises PreviewStale, MovedOn; then nothing was done.
        """
        for tries in range(TRIES_MAX):
            try:
                async with self._begin() as work:
                    world = await work.load(batch, await work.directory(), self._now(), tries)
                    change, decided = decide(world, batch, self._route, self._ids())
                    if expected and (known := await met(work, world, batch, change, decided, expected)):
                        return known
                    if beside is not None:
                        await beside(work, change)
                    await work.save(change, world.at, batch[0].actor.name if batch else "system")
                return [d if isinstance(d, c.Outcome) else c.Outcome(refusal=d[0].code, particulars={"mend": d[0].mend})
                        for d in decided]
            except Raced as raced:
                log.info("raced", commands=len(batch), why=str(raced))
        raise Raced(f"{len(batch)} commands lost {TRIES_MAX} races in a row")

    async def restock(self, skus: Sequence[int], book: Book) -> list[c.Outcome]:
        """Book stock and serve the orders that wait for it; see `restock.py`. Raises NotServed."""
        return await Restocker(self._begin, self._route, self._now, self._ids, BATCH_MAX).restock(skus, book)

    async def handle_messages(self, limit: int = BATCH_MAX) -> int:
        """Take waiting messages through the route; returns how many were taken (0: nothing waits)."""
        return await self._messages(limit, None)

    async def handle_these(self, ids: Sequence[str]) -> int:
        """Take these through the route now, those of them that wait and that no worker has in hand."""
        return await self._messages(len(ids), ids)

    async def fire_deadlines(self, limit: int = BATCH_MAX) -> int:
        """Fire deadlines that are due, each once, in the transaction that acts on it; returns how many were taken.

        One that fails even alone is set aside with a case and tried again later; the others have fired.
        """
        return await self._deadlines(limit, None)

    async def _deadlines(self, limit: int, only: Sequence[Due] | None) -> int:
        due: list[Due] = []
        for tries in range(TRIES_MAX):
            try:
                async with self._begin() as work:
                    at = self._now()
                    due = await work.take_deadlines(limit, at, only)
                    if due:
                        await self._fire(work, due, at, tries)
                return len(due)
            except Raced as raced:
                log.info("raced", deadlines=len(due), why=str(raced))
            except StoreAway:
                raise
            except Exception as error:
                return await self._halve_deadlines(due, error)
        return await self._halve_deadlines(due, Raced("lost every race")) if due else 0

    async def _fire(self, work: UnitOfWork, due: Sequence[Due], at: datetime, tries: int) -> None:
        directory = await work.directory()
        skipped, firing = caught_up(due, directory, at)
        commands = [d.command() for d in firing]
        world = await work.load(commands, directory, at, tries)
        change, decided = decide(world, commands, self._route, self._ids())
        change.cases += skipped
        change.resolved += mended(due)
        await work.save(change, at, "wake")
        await work.finish_deadlines(ended(due, firing, decided), at)

    async def _halve_deadlines(self, due: Sequence[Due], error: Exception) -> int:
        """Find those that fail even alone, and set them aside."""
        if not due:
            raise error
        if len(due) > 1:
            middle = len(due) // 2
            return sum([await self._deadlines(len(half), half) for half in (due[:middle], due[middle:])])
        log.error("deadline_failed", order=due[0].order_id, kind=due[0].kind, error=told(error))
        async with self._begin() as work:
            at, change = self._now(), Change()
            if not await work.take_deadlines(1, at, due):  # another worker has fired it
                return 1
            change.cases.append(failed(due[0], error, await work.directory(), at))
            await work.save(change, at, "wake")
            await work.set_deadline_aside(due[0], again_at(due[0].tries, at))
        return 1

    async def _messages(self, limit: int, only: Sequence[str] | None) -> int:
        batch: UnderWay | None = None
        races = Races()
        while races.go_on:
            try:
                async with self._begin() as work:
                    taken = await work.take(limit, only)
                    batch = UnderWay(taken)
                    if taken:
                        await self._one_batch(work, batch, races.count)
                return await self._apart(batch)
            except Raced as raced:
                log.info("raced", messages=len(batch.taken) if batch else 0, why=str(raced))
                races.lost(raced)
            except StoreAway:
                raise
            except Exception as error:
                if batch is None or not batch.taken:
                    raise
                return await self._halve(batch.taken, error)
        # One message that loses every race alone is up against a fact, not against a worker: it must not wait unseen.
        return await self._halve(batch.taken, Raced("lost every race")) if batch and batch.taken else 0

    async def _one_batch(self, work: UnitOfWork, batch: UnderWay, tries: int) -> None:
        at, directory = self._now(), await work.directory()
        batch.sort(self._sorter, directory)
        await self._decide(work, batch, directory, at, tries)
        try:
            async with work.attempt():
                await self._write(work, batch, directory, at)
        except StoreAway:
            raise
        except Exception as error:
            if isinstance(error, Raced) and not error.constraint:
                raise
            # A key that is taken is a race only when it was taken since: else the next try would end the same.
            unstorable = await work.unstorable(batch.change, at, error.constraint if isinstance(error, Raced) else "")
            if len(batch.taken) == 1 and isinstance(error, Raced) and unstorable:
                raise next(iter(unstorable.values())) from error
            if len(batch.taken) == 1 or not batch.blame_orders(unstorable):
                raise
            if not batch.prune(unstorable):
                await self._decide(work, batch, directory, at, tries)
            await self._write(work, batch, directory, at)

    async def _decide(
        self, work: UnitOfWork, batch: UnderWay, directory: Directory, at: datetime, tries: int,
    ) -> None:
        """Decide what is left of the batch; when some cannot be decided, they are left out the next time, and those of
        the others that the database would refuse."""
        for _ in range(ROUNDS_MAX):
            world = await work.load(batch.commands, directory, at, tries)
            change, decided, broken = decide_each(world, batch.commands, self._route, self._ids())
            batch.decide(change, decided)
            if not broken:
                return
            batch.blame(broken)
            batch.blame_orders(await work.unstorable(batch.change, at))
        raise next(iter(broken.values()))

    async def _write(self, work: UnitOfWork, batch: UnderWay, directory: Directory, at: datetime) -> None:
        for message_id, error in batch.poisons():
            log.error("poison", message=message_id, error=kind_of(error), where=where(error))
        taken, found = batch.ending()
        became = what_became(taken, found, batch.decided, batch.change, directory, at)
        await work.save(batch.change, at, "route", became)

    async def _apart(self, batch: UnderWay) -> int:
        """One by one what could not be blamed in the batch, in its order."""
        apart = set(batch.apart)
        for message in batch.taken:
            if message.id in apart:
                await self._messages(1, [message.id])
        return len(batch.taken)

    async def _halve(self, taken: Sequence[Landed], error: Exception) -> int:
        if len(taken) == 1:
            log.error("poison", message=taken[0].id, error=kind_of(error), where=where(error))
            async with self._begin() as work:
                if await work.take(1, [taken[0].id]):  # else another worker has it, or is through with it
                    await self._poison(work, taken[0], error)
            return 1
        middle = len(taken) // 2
        done = 0
        for half in (taken[:middle], taken[middle:]):
            done += await self._messages(len(half), [m.id for m in half])
        return done

    async def _poison(self, work: UnitOfWork, message: Landed, error: Exception) -> None:
        """Park the one message that cannot be handled, with a case that says why."""
        at, directory = self._now(), await work.directory()
        change = Change()
        became = what_became([message], Sorted([], [], {0: poison(error)}), [], change, directory, at)
        await work.save(change, at, "route", became)


class Races:
    """How often a batch lost a race, and whether it is worth another try."""

    def __init__(self) -> None:
        self.count = 0
        self._last = ""
        self._same = 0

    @property
    def go_on(self) -> bool:
        """Not for ever, and not against a fact: the same constraint again and again is no other worker."""
        return self.count < TRIES_MAX and self._same < SAME_RACE_MAX

    def lost(self, raced: Raced) -> None:
        """Count one more."""
        self.count += 1
        self._same = self._same + 1 if raced.constraint and raced.constraint == self._last else 1
        self._last = raced.constraint

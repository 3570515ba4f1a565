"""Stock that came in is booked and offered to the orders that wait for it, first come first served, before any newcomer
can see it. One order that cannot be served costs neither the receipt nor the others their goods.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

import structlog

from orderloom.application import commands as c
from orderloom.application import set_aside
from orderloom.application.batch import BatchView
from orderloom.application.change import Change
from orderloom.application.decide import Route, decide
from orderloom.application.directory import Directory
from orderloom.application.ports import Raced, StoreAway
from orderloom.domain.actor import clock
from orderloom.domain.fault import kind_of, told

Book = Callable[[Any], Awaitable[bool]]
"""Writes stock in the transaction of the unit of work that it is given; False refuses, and nothing else is done."""
Restock = Callable[[Sequence[int], Book], Awaitable[object]]
"""Books, and serves the orders that wait for some SKUs; `Handler.restock`."""
RESTOCK = clock("restock")
ROUNDS_MAX = 40
"""Batches of waiting orders that one receipt is offered to."""
TRIES_MAX = 8
log = structlog.get_logger()


class NotServed(Exception):
    """The stock is booked; the orders that wait for it are served later: the worker offers what moved."""

    quotes_nothing = True


class Restocking(Protocol):
    """What is asked of a transaction."""

    async def directory(self) -> Directory: ...
    async def load(
        self, batch: Sequence[c.AnyCommand], directory: Directory, at: datetime, tries: int,
    ) -> BatchView: ...
    async def waiting_for(self, skus: Sequence[int], limit: int, passed: int) -> list[str]: ...
    async def lock_levels(self, world: BatchView, skus: Sequence[int]) -> None: ...
    async def look_again(self, world: BatchView, skus: Sequence[int]) -> None: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


async def serve(restock: Restock, skus: Sequence[int], book: Book) -> None:
    """Book, and serve who waits. What is booked is booked: who could not be served now is served by the worker."""
    try:
        await restock(skus, book)
    except NotServed as later:
        log.warning("restock_later", skus=len(skus), error=kind_of(later.__cause__ or later))


async def is_booked(_: object) -> bool:
    """Nothing is left to book."""
    return True


class Restocker:
    """Serves the orders that wait for some SKUs, `batch_max` in one transaction."""

    def __init__(
        self, begin: Callable[[], AbstractAsyncContextManager[Restocking]], route: Route, now: Callable[[], datetime],
        ids: Callable[[], Iterator[str]], batch_max: int,
    ) -> None:
        self._begin, self._route, self._now, self._ids, self._batch_max = begin, route, now, ids, batch_max

    async def restock(self, skus: Sequence[int], book: Book) -> list[c.Outcome]:
        """Book, and serve who waits. Of very many the next ones follow in transactions of their own, past those for
        whom something else is missing. Raises NotServed when the stock is booked and the rest has to wait."""
        outcomes, is_more = await self._serve(skus, book, 0)
        for _ in range(ROUNDS_MAX - 1):
            if not is_more:
                break
            try:
                served, is_more = await self._serve(skus, is_booked, len([o for o in outcomes if o.particulars]))
            except Exception as error:
                raise NotServed from error
            outcomes += served
        return outcomes

    async def _serve(self, skus: Sequence[int], book: Book, passed: int) -> tuple[list[c.Outcome], bool]:
        """One batch of them, and whether there are units left and more who may want them.

        Orders are locked before levels, as everywhere; and where something is booked, the levels of all that the orders
        want with those that it is booked on, in one go: what is taken after them would go back up (docs/locking.md).
        """
        for tries in range(TRIES_MAX):
            waiting: list[str] = []
            try:
                async with self._begin() as work:
                    at, directory = self._now(), await work.directory()
                    waiting = await work.waiting_for(skus, self._batch_max, passed)
                    asked = [_asked(order_id) for order_id in waiting]
                    world = await work.load(asked, directory, at, tries if book is is_booked else 0)
                    if asked and book is not is_booked:
                        await work.lock_levels(world, skus)
                    if not await book(work) or not asked:
                        return [], False
                    await work.look_again(world, skus)
                    change, decided = decide(world, asked, self._route, self._ids())
                    change.resolved += [("restock_failed", order_id) for order_id in waiting]
                    await work.save(change, at, RESTOCK.name)
                is_left = any(level.free > 0 for (sku, _), level in world.levels.items() if sku in skus)
                return [d for d in decided if isinstance(d, c.Outcome)], is_left and len(waiting) == self._batch_max
            except Raced as raced:
                log.info("raced", waiting=len(skus), why=str(raced))
            except StoreAway:
                raise
            except Exception as error:
                if not waiting:
                    raise
                log.warning("restock_one_by_one", orders=len(waiting), error=told(error))
                return await self._apart(waiting, book)
        raise Raced(f"stock of {len(skus)} SKUs lost {TRIES_MAX} races in a row")

    async def _apart(self, waiting: Sequence[str], book: Book) -> tuple[list[c.Outcome], bool]:
        """Book alone, then serve one by one: who cannot be served even alone is a case and passed over."""
        async with self._begin() as work:
            if not await book(work):
                return [], False
        try:
            outcomes = [await self._alone(order_id) for order_id in waiting]
        except StoreAway as away:
            raise NotServed from away
        return outcomes, len(waiting) == self._batch_max

    async def _alone(self, order_id: str) -> c.Outcome:
        for tries in range(TRIES_MAX):
            try:
                async with self._begin() as work:
                    at, directory = self._now(), await work.directory()
                    world = await work.load([_asked(order_id)], directory, at, tries)
                    change, decided = decide(world, [_asked(order_id)], self._route, self._ids())
                    change.resolved.append(("restock_failed", order_id))
                    await work.save(change, at, RESTOCK.name)
                assert isinstance(decided[0], c.Outcome)
                return decided[0]
            except Raced as raced:
                failed: Exception = raced
            except StoreAway:
                raise
            except Exception as error:
                failed = error
                break
        log.error("restock_failed", order=order_id, error=told(failed))
        async with self._begin() as work:
            at, change = self._now(), Change()
            change.cases.append(set_aside.failed(
                "restock_failed", order_id, "restock", failed, 0, await work.directory(), at, order_id))
            await work.save(change, at, RESTOCK.name)
        return c.Outcome(order_id, particulars={"failed": "yes"})


def _asked(order_id: str) -> c.FindStock:
    return c.FindStock(actor=RESTOCK, order_id=order_id)

"""What would become of stored messages, or of commands, if they went through the route now: decided as ever, and
nothing of it kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from orderloom.application import commands as c
from orderloom.application.batch import Batch, BatchView
from orderloom.application.change import Change
from orderloom.application.decide import Route, decide, decide_each, resume
from orderloom.application.directory import Directory
from orderloom.application.expected import names_of
from orderloom.application.isolate import Sorter, UnderWay
from orderloom.application.journey import Journey
from orderloom.application.preview import Preview, preview_of
from orderloom.application.sort import Became, Landed, what_became
from orderloom.application.teach_alias import Aliases
from orderloom.domain.order import Order

Found = TypeVar("Found")
OfOrder = c.FindStock
"""The command that asks for nothing but its order."""
ROUNDS_MAX = 4
"""How often a batch is decided without those that could not be decided."""


class Undone(Exception):
    """What was only looked at ahead is over: everything that the transaction holds is let go."""

    quotes_nothing = True


class Foreseen(NamedTuple):
    """The messages as they are stored, what would become of each, and each order that would change: before, after."""

    landed: Sequence[Landed]
    became: Sequence[Became]
    orders: dict[str, tuple[Order | None, Order]]
    made_by: dict[str, list[str]]
    """Messages by the order that they would make or change."""
    world: BatchView | None = None
    change: Change | None = None
    """What was decided on which ground, for who adds up its effects."""


class Looking(Protocol):
    """What is asked of a transaction."""

    async def directory(self) -> Directory: ...
    async def look(self, ids: Sequence[str]) -> list[Landed]: ...
    async def load(
        self, batch: Sequence[c.AnyCommand], directory: Directory, at: datetime, tries: int,
    ) -> BatchView: ...
    async def see(self, batch: Sequence[c.AnyCommand], directory: Directory, at: datetime) -> BatchView: ...
    async def know_buyers(self, batch: Sequence[c.AnyCommand], world: BatchView) -> None: ...
    @property
    def catalogue(self) -> Aliases: ...


First = Callable[[Looking], Awaitable[None]]
"""What is written ahead in the same transaction, and undone with it: the mend whose effect is asked for."""
Begin = Callable[[], AbstractAsyncContextManager[Looking]]


class Foreseer:
    """Decides what has been decided before, or what is asked now, in transactions that are undone.

    `begin_apart` begins those in which something is written ahead: what this process remembers must not learn of it.
    """

    def __init__(
        self, begin: Begin, begin_apart: Begin, route: Route, sorter: Sorter,
        now: Callable[[], datetime], ids: Callable[[], Iterator[str]],
    ) -> None:
        self._begin, self._begin_apart, self._route, self._sorter = begin, begin_apart, route, sorter
        self._now, self._ids = now, ids

    async def preview(self, commands: Sequence[c.AnyCommand]) -> Preview:
        """What these commands would do, together. The orders that they are about are locked for that moment."""
        found: Preview | None = None
        try:
            async with self._begin() as work:
                at = self._now()
                world = await work.load(commands, await work.directory(), at, 0)
                names = names_of(world)
                change, decided = decide(world, commands, self._route, self._ids())
                found = preview_of(world, change, decided, at, names)
                raise Undone
        except Undone:
            assert found is not None
            return found

    async def each(self, commands: Sequence[c.AnyCommand]) -> list[tuple[c.Decided, Change]]:
        """What each of these commands would do alone, all about the same orders as they stand; nothing is locked."""
        found: list[tuple[c.Decided, Change]] = []
        try:
            async with self._begin() as work:
                world = await work.see(commands, await work.directory(), self._now())
                for command in commands:
                    change, (decided,) = decide(world.apart(), [command], self._route, self._ids())
                    found.append((decided, change))
                raise Undone
        except Undone:
            return found

    async def look(self, command: OfOrder, read: Callable[[Journey], Found]) -> Found | None:
        """What `read` finds of the order that the command names, as it stands, with what is known of its buyer; None:
        there is no such order."""
        found: Found | None = None
        try:
            async with self._begin() as work:
                world = await work.see([command], await work.directory(), self._now())
                await work.know_buyers([command], world)
                if command.order_id in world.orders:
                    batch = Batch(world, Change(), self._route.effects, self._ids())
                    found = read(resume(batch, command.order_id, command))
                raise Undone
        except Undone:
            return found

    async def foresee(self, ids: Sequence[str], first: First | None = None) -> Foreseen:
        """Look ahead at these stored messages, together. The orders that they touch are locked for that moment.

        `first` is done before, and undone with the rest: so a mend is tried on what waits for it.
        """
        return await self._ahead(lambda work: work.look(ids), first)

    async def foresee_new(self, messages: Sequence[Landed]) -> Foreseen:
        """The same of messages that are not stored."""
        async def given(_: Looking) -> Sequence[Landed]:
            return messages

        return await self._ahead(given)

    async def _ahead(
        self, read: Callable[[Looking], Awaitable[Sequence[Landed]]], first: First | None = None,
    ) -> Foreseen:
        found = Foreseen((), (), {}, {})
        try:
            async with (self._begin() if first is None else self._begin_apart()) as work:
                if first is not None:
                    await first(work)
                found = await self._look(work, await read(work))
                raise Undone
        except Undone:
            return found

    async def _look(self, work: Looking, landed: Sequence[Landed]) -> Foreseen:
        at, directory = self._now(), await work.directory()
        batch = UnderWay(landed)
        batch.sort(self._sorter, directory)
        change, world = Change(), BatchView(directory, at)
        for _ in range(ROUNDS_MAX):
            world = await work.load(batch.commands, directory, at, 0)
            change, decided, broken = decide_each(world, batch.commands, self._route, self._ids())
            if not broken:
                batch.decide(change, decided)
                break
            batch.blame(broken)
        else:
            raise next(iter(broken.values()))
        taken, sorted_out = batch.ending()
        became = what_became(taken, sorted_out, batch.decided, Change(), directory, at)
        made_by: dict[str, list[str]] = {}
        for entry in change.entries:
            if entry.message_id and entry.message_id not in made_by.setdefault(entry.order_id, []):
                made_by[entry.order_id].append(entry.message_id)
        return Foreseen(landed, became, dict(change.orders), made_by, world, change)

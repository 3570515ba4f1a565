"""What somebody changed in the catalogue holds for every order that is taken up afterwards, in whatever process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.db import directory as shelves
from orderloom.adapters.db import unit_of_work
from orderloom.adapters.db.directory import CHANGES_MAX, Shelf, bump
from orderloom.adapters.db.goods import GoodsMoved, read_goods
from orderloom.adapters.ids import ids
from orderloom.application import commands as c
from orderloom.application import keep_skus as keep_skus_verb
from orderloom.application.handle import Handler
from orderloom.application.keep_skus import keep_skus, remove_sku
from orderloom.application.ports import Item
from orderloom.application.sku_row import SkuRow
from orderloom.application.sort import Landed, Sorted
from orderloom.application.teach_alias import forget_alias, teach_alias
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector
from orderloom.route import ROUTE
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.moves import CHANNEL, sealed
from tests.support.seller import rows, settle_in

WAIT_SECONDS_MAX = 15.0
STOCK = {(1, 1): 1_000, (2, 1): 1_000, (3, 2): 1_000}
LINES = """
select s.code, l.quantity_ordered from orders o join order_line l on l.order_id = o.id join sku s on s.id = l.sku_id
where o.external_id = %s"""


def read(taken: Sequence[Landed], _: object) -> Sorted:
    """A message is `ID SPELLING`: an order of one of it."""
    commands: list[c.AnyCommand] = []
    for m in taken:
        external, _, spelling = m.body.decode().partition(" ")
        draft = a_draft(external, a_line(spelling, 1), at=STORY_BEGINS)
        commands.append(c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, message_id=m.id, draft=draft,
                                      sealed=sealed(1), received_at=STORY_BEGINS))
    return Sorted(commands, list(range(len(taken))), {})


class Process:
    """One of several processes on a database, each with what it remembers itself."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.route = Handler(hub.begin, ROUTE, read, hub.now, ids)

    async def take(self, external: str, spelling: str) -> list[tuple[Any, ...]]:
        """An order comes in and is taken up by this process; its lines, none when it waits."""
        account = (await self.hub.directory()).accounts[CHANNEL]
        await self.hub.lander.land(account, [Item("t", f"{external} {spelling}".encode())], {}, STORY_BEGINS)
        await self.work()
        return await rows(self.hub, LINES, (external,))

    async def work(self) -> None:
        """Take up what waits."""
        while await self.route.handle_messages():
            pass

    async def teach(self, spelling: str, sku: str, factor: int = 1, account: str = "TB01") -> int:
        """Somebody says what a spelling means; how many messages go on by it."""
        done = await teach_alias(self.hub.ports.catalogue, spelling, sku, account=account, factor=factor,
                                 is_replacing=True)
        return done.released

    async def forget(self, spelling: str) -> None:
        """Somebody takes a spelling away."""
        await forget_alias(self.hub.ports.catalogue, spelling, account="TB01")

    async def keep(self, *skus: SkuRow) -> None:
        """Somebody keeps SKUs."""
        await keep_skus(self.hub.ports.catalogue, skus)


@asynccontextmanager
async def two(database: str, home: Path) -> AsyncIterator[tuple[Process, Process]]:
    async with open_hub(Settings(home=home), database) as here, open_hub(Settings(home=home), database) as there:
        await settle_in(here, STOCK)
        yield Process(here), Process(there)


async def test_a_spelling_that_was_changed_elsewhere_is_never_read_as_before(database: str, home: Path) -> None:
    async with two(database, home) as (here, there):
        await there.teach("cup", "A")
        assert await here.take("E1", "cup") == [("A", 1)] == await here.take("E2", "cup")
        await there.teach("cup", "B", factor=3)
        assert await here.take("E3", "cup") == [("B", 3)]
        await there.teach("cup", "C", account="")
        assert await here.take("E4", "cup") == [("B", 3)], "the account's own spelling goes first"
        await there.forget("cup")
        assert await here.take("E5", "cup") == [("C", 1)]


async def test_what_meant_nothing_here_goes_on_once_it_is_taught_elsewhere(database: str, home: Path) -> None:
    async with two(database, home) as (here, there):
        assert await here.take("E1", "mug") == [] == await here.take("E2", "mug")
        assert await there.teach("mug", "A") == 2
        await here.work()
        assert await here.take("E3", "mug") == [("A", 1)]
        assert await rows(here.hub, LINES, ("E1",)) == [("A", 1)] == await rows(here.hub, LINES, ("E2",))
        assert await here.take("E4", "NEW-1") == []
        await there.keep(SkuRow("NEW-1", name="new"))
        await here.work()
        assert await rows(here.hub, LINES, ("E4",)) == [("NEW-1", 1)], "a code of its own, not known here before"


async def test_a_code_that_was_removed_elsewhere_is_unknown_here(database: str, home: Path) -> None:
    async with two(database, home) as (here, there):
        await there.keep(SkuRow("SLIP"))
        assert await _meaning(here.hub, "SLIP") is not None
        await remove_sku(there.hub.ports.catalogue, "SLIP")
        assert await here.take("E1", "SLIP") == [], "an order of it would name a SKU that is not there"


async def test_a_bundle_of_other_parts_is_reserved_in_those(database: str, home: Path) -> None:
    held = "select sum(h.quantity)::int from stock_hold h join orders o on o.id = h.order_id where o.external_id = %s"
    async with two(database, home) as (here, there):
        await here.take("E1", "PACK")
        assert await rows(here.hub, held, ("E1",)) == [(4,)]
        await there.keep(SkuRow("PACK", components={"C": 7}))
        await here.take("E2", "PACK")
        assert await rows(here.hub, held, ("E2",)) == [(7,)]


@pytest.mark.parametrize("what", ["a spelling", "a code"])
async def test_nobody_waits_for_what_was_brought_while_he_was_looked_at(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch, what: str,
) -> None:
    """The batch has looked and found nothing; then it is taught and who waits is let go on; then the batch ends."""
    really = unit_of_work.load
    brought: list[str] = []

    async def load(*given: Any) -> Any:
        world = await really(*given)
        if not brought:
            brought.append(what)
            await (there.teach("late", "A") if what == "a spelling" else there.keep(SkuRow("late")))
        return world

    async with two(database, home) as (here, there):
        monkeypatch.setattr(unit_of_work, "load", load)
        assert await here.take("E1", "late") == [("A" if what == "a spelling" else "late", 1)]
        assert await rows(here.hub, "select outcome from intake") == [("normalised",)]
        assert await rows(here.hub, "select kind from case_file where kind = 'unknown_sku'") == []


async def test_a_catalogue_that_is_being_kept_holds_up_nobody_who_waits_for_goods(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Many SKUs take a while: meanwhile batches go on, and a SKU that somebody switches is no deadlock."""
    monkeypatch.setattr(keep_skus_verb, "ROWS_PER_STEP", 1)
    async with two(database, home) as (here, there), there.hub.pool.connection() as one:
        async with one.transaction():
            await one.execute("select 1 from sku where code = 'A' for update")
            keeping = asyncio.create_task(there.keep(SkuRow("NEW-1"), SkuRow("A", name="a"), SkuRow("NEW-2")))
            async with asyncio.timeout(WAIT_SECONDS_MAX):
                await _somebody_waits(here.hub)
                assert await here.take("E1", "NEW-2") == []
                await bump(one, GoodsMoved(skus=[1]))
        await keeping
        await here.work()
        assert await rows(here.hub, LINES, ("E1",)) == [("NEW-2", 1)], "nor is it forgotten"


async def test_a_read_that_a_change_overtook_is_not_kept(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two tasks of a process: one reads what a spelling means, the other hears meanwhile that it changed."""
    async with two(database, home) as (here, there):
        await there.teach("cup", "A")

        async def overtaken(*given: Any, **more: Any) -> Any:
            found = await read_goods(*given, **more)
            monkeypatch.setattr(shelves, "read_goods", read_goods)
            await there.teach("cup", "B")
            await here.hub.directory()
            return found

        monkeypatch.setattr(shelves, "read_goods", overtaken)
        assert await _meaning(here.hub, "cup") == 2
        assert await _meaning(here.hub, "cup") == 2


async def test_a_change_costs_only_what_it_was_about(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[Any, ...]] = []

    async def counted(connection: Any, *given: Any) -> Any:
        asked.append(given)
        return await read_goods(connection, *given)

    async with two(database, home) as (here, there):
        await there.teach("cup", "A")
        await there.teach("mug", "B")
        await here.take("E1", "cup"), await here.take("E2", "mug"), await here.take("E3", "nothing")
        monkeypatch.setattr(shelves, "read_goods", counted)
        await there.teach("mug", "C")
        await here.take("E4", "cup"), await here.take("E5", "mug"), await here.take("E6", "nothing")
        assert asked == [(["mug"], [])] or asked == [(["mug"], [3])]


@pytest.mark.parametrize("changes", [1, CHANGES_MAX + 1])
async def test_a_change_that_nobody_wrote_down_is_taken_as_one_of_everything(
    database: str, home: Path, changes: int,
) -> None:
    async with two(database, home) as (here, there):
        await there.teach("cup", "A")
        assert await here.take("E1", "cup") == [("A", 1)]
        async with there.hub.pool.connection() as one, one.transaction():
            await one.execute("update sku_alias set sku_id = 2 where alias = 'cup'")
            await one.execute("update cache_version set version = version + %s", (changes,))
        assert await here.take("E2", "cup") == [("B", 1)]
        async with there.hub.pool.connection() as one, one.transaction():
            await one.execute("update sku_alias set sku_id = 3 where alias = 'cup'")
            await bump(one)
        assert await here.take("E3", "cup") == [("C", 1)]


async def test_a_process_remembers_no_more_than_it_may(database: str, home: Path) -> None:
    async with two(database, home) as (here, _):
        shelf = Shelf(here.hub.vault, goods_max=100)
        async with here.hub.pool.connection() as one:
            await shelf.get(one)
            for start in range(0, 1_000, 40):
                texts = [f"T{n}" for n in range(start, start + 40)] + ["KIT"]
                found = await shelf.goods(one, texts, [])
                assert set(found.spellings) == set(texts) and set(found.skus) == {1, 2, 4}
            assert len(shelf._goods._spellings) <= 100


async def _somebody_waits(hub: Hub) -> None:
    while True:
        if await rows(hub, "select 1 from pg_stat_activity where wait_event_type = 'Lock'"):
            return
        await asyncio.sleep(0.02)


async def _meaning(hub: Hub, text: str) -> int | None:
    async with hub.pool.connection() as one:
        await hub.shelf.get(one)
        found = (await hub.shelf.goods(one, [text], [])).resolve(CHANNEL, text)
    return found and found.sku_id

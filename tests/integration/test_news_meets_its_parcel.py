"""A carrier's word and the parcel that it is about may come at the same moment, to two workers: neither waits long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.db import unit_of_work, waiting
from orderloom.adapters.ids import ids
from orderloom.application import commands as c
from orderloom.application.batch import BatchView
from orderloom.application.handle import Handler
from orderloom.application.ports import Item
from orderloom.application.sort import Landed, Sorted
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector
from orderloom.domain.draft import Said, TrackEntry, TrackReport, WorkReport
from orderloom.route import ROUTE
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.moves import CARRIER, CHANNEL, WMS, sealed
from tests.support.seller import rows, settle_in

WAYBILL = "SF1001"
WAIT_SECONDS_MAX = 15.0
FIRST = "select k from (select 'waybill:JD' || generate_series(1, 1000) as k) n where hashtext(k) & 63 = 0 limit 1"
AT = STORY_BEGINS.replace(microsecond=0)


def shipped(number: str, message_id: str | None = None) -> c.ConfirmWork:
    """The warehouse says that a work's parcel left."""
    report = WorkReport(number, Said("handed_over", "OUT", AT), WAYBILL, "SF", (), "")
    return c.ConfirmWork(actor=connector("WMS"), account_id=WMS, message_id=message_id, report=report)


def read(taken: Sequence[Landed], _: object) -> Sorted:
    """A message is a scan of the one parcel, or the number of the work that it leaves with."""
    scan = TrackReport("SF", WAYBILL, (TrackEntry("50", "collected", AT, "", ""),))
    commands = [
        c.TrackParcel(actor=connector("KD"), message_id=m.id, account_id=CARRIER, report=scan)
        if m.body == b"scan" else shipped(m.body.decode(), m.id) for m in taken
    ]
    return Sorted(commands, list(range(len(taken))), {})


@asynccontextmanager
async def two(database: str, home: Path) -> AsyncIterator[tuple[Hub, Hub, str]]:
    """Two processes, and the number of a work that is to leave."""
    async with open_hub(Settings(home=home), database) as here, open_hub(Settings(home=home), database) as there:
        await settle_in(here, {(1, 1): 10})
        await here.handle([c.RecordOrder(
            actor=connector("TB01"), account_id=CHANNEL, draft=a_draft("E1", a_line("A", 1), at=STORY_BEGINS),
            sealed=sealed(1), received_at=STORY_BEGINS)])
        ((number,),) = await rows(here, "select number from work")
        yield here, there, str(number)


async def take(hub: Hub, *bodies: str) -> None:
    """Messages come in and are taken up."""
    account = (await hub.directory()).accounts[CARRIER]
    await hub.lander.land(account, [Item("t", body.encode()) for body in bodies], {}, STORY_BEGINS)
    route = Handler(hub.begin, ROUTE, read, hub.now, ids)
    while await route.handle_messages():
        pass


async def nobody_waits(hub: Hub) -> None:
    """The scan is kept with the parcel, and no case is open for it."""
    assert await rows(hub, "select distinct outcome, park_key from intake") == [("normalised", "")]
    assert await rows(hub, "select code from parcel_event") == [("50",)]
    assert await rows(hub, "select kind from case_file where kind = 'waybill_unknown' and resolved_at is null") == []


async def test_a_scan_that_was_looked_at_while_its_parcel_left_does_not_wait_for_it(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch has looked and found no parcel; then it leaves and who waits is let go on; then the batch ends."""
    really, left = unit_of_work.load, list[str]()

    async def load(*given: Any) -> Any:
        world = await really(*given)
        if not left:
            left.append(number)
            await there.handle([shipped(number)])
        return world

    async with two(database, home) as (here, there, number):
        monkeypatch.setattr(unit_of_work, "load", load)
        await take(here, "scan")
        await nobody_waits(here)
        assert await rows(here, "select kind from case_file where kind = 'waybill_unknown'") == []


async def test_a_scan_that_is_parked_while_its_parcel_leaves_goes_on(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither has ended when the other looks: one of the two waits for the other's end."""
    really, looked, leaving = unit_of_work.meet, list[str](), list[asyncio.Task[Any]]()

    async def meet(*given: Any) -> bool:
        found = await really(*given)
        if not looked:
            looked.append(number)
            leaving.append(asyncio.create_task(there.handle([shipped(number)])))
            async with asyncio.timeout(WAIT_SECONDS_MAX):
                await _waits_or_is_done(here, leaving[0])
        return found

    async with two(database, home) as (here, there, number):
        monkeypatch.setattr(unit_of_work, "meet", meet)
        await take(here, "scan")
        await leaving[0]
        await take(here)
        await nobody_waits(here)


async def test_a_scan_goes_on_that_stands_before_its_parcel_in_one_batch(database: str, home: Path) -> None:
    async with two(database, home) as (here, _, number):
        await take(here, "scan", number)
        await nobody_waits(here)


async def test_batches_that_bring_parcels_and_wait_for_others_do_not_wait_for_each_other(
    database: str, home: Path
) -> None:
    """Held up at the first lock of all, neither has one that the other needs: it would be given to nobody."""
    brought = [f"waybill:SF{n}" for n in range(500)]
    async with two(database, home) as (here, there, _):

        async def end(hub: Hub, missing: str) -> None:
            world = BatchView(await hub.directory(), STORY_BEGINS)
            async with hub.pool.connection() as one, one.transaction():
                others = [f"waybill:{missing}{n}" for n in range(9)]
                assert not await waiting.meet(one, world, brought, [*others, *firsts])

        firsts = [str(key) for (key,) in await rows(here, FIRST)]
        async with here.pool.connection() as held, held.transaction():
            await waiting.meet(held, BatchView(await here.directory(), STORY_BEGINS), [], firsts)
            ends = [asyncio.create_task(end(here, "YT")), asyncio.create_task(end(there, "ZT"))]
            async with asyncio.timeout(WAIT_SECONDS_MAX):
                await _wait(here, len(ends))
        await asyncio.gather(*ends)


async def _wait(hub: Hub, count: int) -> None:
    while True:
        if len(await rows(hub, "select 1 from pg_stat_activity where wait_event = 'advisory'")) >= count:
            return
        await asyncio.sleep(0.02)


async def _waits_or_is_done(hub: Hub, task: asyncio.Task[Any]) -> None:
    while True:
        if task.done() or await rows(hub, "select 1 from pg_stat_activity where wait_event = 'advisory'"):
            return
        await asyncio.sleep(0.02)

"""Machines that die: the worker by kill -9 between any two statements, the database for two minutes."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import httpx2
from test_incident_orders import signed

from orderloom.adapters.channels.taobao.trade_book import listing_ids
from orderloom.adapters.db.embedded import EmbeddedPostgres
from orderloom.adapters.db.migrate import migrate
from orderloom.entrypoints.worker.loops import run as run_loops
from orderloom.testing.builders import a_purchase
from orderloom.testing.clock import FrozenClock
from orderloom.testing.mortal import NAME, live
from tests.support.proof import prove, story_of
from tests.support.stage import WAREHOUSES, Stage, open_stage, plain, spare, tid

STEPS_MIN, STEPS_MAX = 40, 150
"""Fewer steps than this would mean that the worker found nothing to do."""
DEATHS_SHARE_MIN = 0.8
"""Two tasks of a worker do not always take turns in the same way: a step may not come up in a life."""
ROWS_MIN = 40


async def one_batch(stage: Stage, number: int) -> dict[str, str]:
    """What waits for the worker: a parcel that left, a paid order, an unpaid one, and what is left of those before."""
    out, paid, unpaid = (tid(number * 3 + k) for k in range(3))
    stage.taobao.place(a_purchase(out, stage.clock(), **plain(spare("M-001", 1), spare("M-002", 2))))
    await stage.flow()
    stage.wms.step(stage.clock.forward(400))
    stage.taobao.place(a_purchase(paid, stage.clock(), **plain(spare("M-001", 2), spare("N-001", 1))))
    stage.taobao.place(a_purchase(unpaid, stage.clock(), paid_at=None, **plain(spare("M-001", 1))))
    await stage.pull()
    return {out: "out", paid: "paid", unpaid: "unpaid"}


async def recover(stage: Stage) -> None:
    """Another worker takes over: at once what nobody holds, after a minute what the dead one had leased."""
    alive = "select count(*) from pg_stat_activity where application_name = %s and datname = current_database()"
    for _ in range(500):
        if not await stage.value(alive, NAME):
            break
        await asyncio.sleep(0.01)
    await stage.settle()
    stage.clock.forward(61)
    await stage.settle()


async def _one_life(
    stage: Stage, database: str, number: int, dies_at: str = "",
) -> tuple[int | None, list[str], list[str]]:
    """A worker takes a batch and dies on the way, another takes over: exit code, steps, what became of the batch."""
    roles = await one_batch(stage, number)
    code, steps = await asyncio.to_thread(live, database, stage.hub.settings.home, stage.clock(), dies_at)
    await recover(stage)
    async with stage.hub.pool.connection() as connection:
        return code, steps, await story_of(connection, roles)


async def test_worker_killed_between_any_two_statements(stage: Stage, database: str) -> None:
    """Whatever statement was the last one, the worker that takes over ends where an undisturbed one would have.

    Each different statement is tried once, and each transaction's begin and commit: that the same one is repeated in a
    batch proves nothing new.
    """
    item, sku = listing_ids("M-001")
    await stage.alias("TB01", "M-001", "M-001", listing={"num_iid": str(item), "sku_id": str(sku)})
    await stage.run("update account set is_active = false where code in ('AM01', 'SH01')")
    stage.is_seen_by_carrier = False
    for name in ("M-001", "M-002", "N-001"):
        await stage.receive(name, "HZ01", 5_000)
    code, steps, undisturbed = await _one_life(stage, database, 0)
    assert (code, len(undisturbed) > ROWS_MIN, STEPS_MIN < len(steps) < STEPS_MAX) == (0, True, True)
    deaths = 0
    for number, step in enumerate(steps, 1):
        code, _, story = await _one_life(stage, database, number, step)
        assert story == undisturbed, f"killed at {step}: the story ends otherwise"
        assert code in (0, -9)
        deaths += code == -9
    assert deaths >= DEATHS_SHARE_MIN * len(steps)
    works = await stage.value("select count(*) from work")
    assert works == len(stage.wms.trades) == 2 * (number + 1), "a work was lost or sent under two numbers"
    assert all(len(parcels) == 1 for parcels in stage.taobao.shipments.values())
    free = [(await stage.level("M-001", house)).free for house, _ in WAREHOUSES]
    assert stage.taobao.stock["M-001"] == sum(free)
    assert await stage.value("select count(*) from intake where outcome <> 'normalised'") == 0
    assert {state for _, state, _ in await stage.deliveries()} == {"done"}


async def test_database_gone_for_two_minutes_while_orders_arrive(home: Path) -> None:
    """20:00 to 20:02. Every webhook is acknowledged, also those sent twice; each order is there once afterwards."""
    clock = FrozenClock()
    postgres = EmbeddedPostgres(home)
    migrate(postgres.start())
    try:
        async with open_stage(postgres.dsn, home, clock) as stage:
            await stage.receive("M-001", "HZ01", 1_000)
            stop = asyncio.Event()
            verbs = ("handle", "deliver", "wake", "publish_events", "publish_stock", "drain_spool")
            working = asyncio.create_task(run_loops(stage.hub, stop, verbs))
            try:
                assert await _send(stage, range(10)) == {200}
                await asyncio.to_thread(postgres.stop)
                for minute in range(4):
                    assert await _send(stage, range(5 + minute * 10, 20 + minute * 10)) == {200}
                    clock.forward(30)
                assert stage.hub.spool.count() > 0, "the outage did not outlast the door's patience"
                await asyncio.to_thread(postgres.start)
                assert await _send(stage, range(45, 55)) == {200}
                await _until_there(stage, 55)
            finally:
                stop.set()
                await asyncio.wait_for(working, 60)
            await stage.settle()
            await _each_once(stage, 55)
    finally:
        postgres.stop()


async def _send(stage: Stage, numbers: range) -> set[int]:
    """Webhooks of these orders, all at once; a number that was sent before is the same webhook again."""
    sent = []
    for n in numbers:
        key = str(5_500_000_000_001 + n)
        if key not in stage.shopify.orders:
            stage.shopify.place(a_purchase(key, stage.clock(), **plain(spare("M-001", 1))))
        body = stage.shopify._body(key)
        sent.append((body, signed(body) | {"x-shopify-webhook-id": hashlib.sha256(key.encode()).hexdigest()}))
    async with httpx2.AsyncClient(timeout=30) as http:
        answers = await asyncio.gather(
            *[http.post(stage.shopify.push_url, content=body, headers=head) for body, head in sent])
    return {answer.status_code for answer in answers}


async def _until_there(stage: Stage, count: int) -> None:
    for _ in range(600):
        if not stage.hub.spool.count() and await stage.value(
            "select count(*) from delivery where kind = 'work' and state = 'done'") == count:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{await stage.intake()}, {stage.hub.spool.count()} files in the spool")


async def _each_once(stage: Stage, count: int) -> None:
    assert await stage.intake() == {"normalised": count}
    assert await stage.value("select count(distinct external_id) from orders") == count
    assert (await stage.value("select count(*) from orders"), len(stage.wms.trades)) == (count, count)
    assert await stage.held("M-001") == (1_100, 0, count)
    received = await stage.value("select sum(quantity) from tally where measure = 'received'")
    assert (received, await stage.kinds()) == (count, [])
    async with stage.hub.pool.connection() as connection:
        await prove(connection)



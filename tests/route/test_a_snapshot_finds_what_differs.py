"""What systems say of stock is held against the hub's book of that time: planted differences are found, exactly those,
and new orders of these goods wait for ten minutes and then go on by themselves."""

from __future__ import annotations

from datetime import timedelta

from orderloom.adapters.ids import new_id
from orderloom.application.queries.snapshots import SnapshotDetail, show_snapshot
from orderloom.application.take_snapshot import SnapshotEnd, ask_for_snapshot, close_breakers, take_snapshot
from orderloom.application.tend_snapshots import SnapshotTaker
from orderloom.testing.builders import a_purchase
from tests.support.stage import Stage, plain, spare, tid

PLACES = """select s.code, w.code, l.on_hand - case when %s then l.allocated else 0 end from stock_level l
    join sku s on s.id = l.sku_id join warehouse w on w.id = l.warehouse_id where w.code = 'HZ01' order by 1"""


async def plant(stage: Stage, **wrong: int) -> None:
    """The warehouse's own figures: as the hub's, but for these."""
    for sku, house, units in await stage.rows(PLACES, False):
        stage.wms.floor.put(house, sku, wrong.get(sku.replace("-", "_"), units), stage.clock())
    stage.clock.forward(60)


async def taken(stage: Stage) -> SnapshotEnd:
    number = await ask_for_snapshot(stage.hub.ports.subjects, "li", stage.clock(), new_id, is_taken_now=True)
    assert number is not None
    found = await take_snapshot(stage.hub, number, "li")
    assert found is not None
    return found


async def kept(stage: Stage, number: str) -> SnapshotDetail:
    async with stage.hub.ports.reading() as connection:
        found = await show_snapshot(connection, number)
    assert found is not None
    return found


async def test_exactly_the_planted_differences_are_found_and_named(stage: Stage) -> None:
    await plant(stage, M_001=7)
    found = await taken(stage)
    assert found.tripped == ("M-001",) and "WD01" in found.systems
    assert [(row.system, row.place, row.theirs) for row in found.rows if not row.explained] == [("WD01", "HZ01", 7)]
    detail = await kept(stage, found.number)
    assert detail.snapshot.tripped == ["M-001"] and detail.snapshot.paused_until == found.until
    assert await stage.rows("select kind, subject from case_file where kind = 'stock_breaker'") == [
        ("stock_breaker", "M-001")]
    kinds = [row[0] for row in await stage.rows(
        "select e.kind from subject_event e join subject s on s.id = e.subject_id where s.number = %s order by e.seq",
        found.number)]
    assert kinds == ["snapshot_begun", "snapshot_taken", "breaker_opened"]


async def test_a_new_order_of_such_goods_waits_and_goes_on_by_itself(stage: Stage) -> None:
    await plant(stage, M_001=7)
    await taken(stage)
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 1))))
    await stage.flow()
    order = await stage.order(tid(1))
    assert order.standing_hold == "stock_breaker" and not order.bindings
    await stage.wait(11 * 60)
    await close_breakers(stage.hub.ports.subjects, stage.clock(), "clock")
    await stage.flow()
    order = await stage.order(tid(1))
    assert not order.standing_hold and order.works
    assert await stage.rows("select count(*)::int from stock_breaker where closed_at is null") == [(0,)]


async def test_what_the_book_showed_while_the_warehouse_was_read_is_no_difference(stage: Stage) -> None:
    await plant(stage)
    await stage.receive("M-001", "HZ01", 5)  # booked here after the warehouse said what it has
    found = await taken(stage)
    assert found.tripped == ()
    assert [(row.sku, row.explained) for row in found.rows] == [("M-001", "in_flight")]


async def test_goods_that_agree_again_close_their_case(stage: Stage) -> None:
    await plant(stage, M_001=7)
    await taken(stage)
    await plant(stage)
    assert (await taken(stage)).tripped == ()
    assert await stage.rows("select resolved_at is not null from case_file where kind = 'stock_breaker'") == [(True,)]


async def test_a_system_that_does_not_answer_is_named_and_stops_no_other(stage: Stage) -> None:
    await plant(stage)
    stage.wms.fault("status_500")
    found = await taken(stage)
    assert "WD01" in found.unread and "WD01" not in found.systems


async def test_the_clock_takes_one_a_day_however_many_workers_there_are(stage: Stage) -> None:
    await plant(stage)
    await stage.run("alter table blueprint_version disable trigger user")
    await stage.run("update blueprint_version set published_at = %s", stage.clock())  # the hub was there by then
    local = stage.clock().astimezone(stage.clock().tzinfo)
    until_ten = (timedelta(hours=10) - timedelta(hours=local.hour, minutes=local.minute)) % timedelta(days=1)
    stage.clock.forward(until_ten.total_seconds() + 61)  # 18:00 in Shanghai
    takers = [SnapshotTaker(stage.hub, new_id) for _ in range(2)]
    for _ in range(3):
        for taker in takers:
            await taker.step()
            await taker.drain()
    rows = await stage.rows("select scheduled_for is not null, ended_at is not null from stock_snapshot")
    assert rows == [(True, True)]

"""What a warehouse says of its stock and of a day is read back when somebody asks, and looking changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderloom.application.not_kept import NotKept
from orderloom.application.read_back import ReadBack, ReadWish, read_back
from orderloom.testing.builders import a_purchase
from tests.support.stage import Stage, plain, spare, tid


async def back(stage: Stage, code: str, what: str, **asked: object) -> ReadBack:
    return await read_back(stage.hub, stage.hub.ports.known, code, ReadWish(what, **asked))  # type: ignore[arg-type]


async def test_stock_is_set_beside_ours_without_being_taken_for_news_until_it_is_kept(stage: Stage) -> None:
    before = await stage.value("select count(*) from message")
    ours = await stage.value("select l.on_hand from stock_level l join sku s on s.id = l.sku_id join warehouse w"
                             " on w.id = l.warehouse_id where s.code = 'M-001' and w.code = 'HZ01'")
    stage.wms.floor.put("HZ01", "M-001", ours, stage.clock())
    stage.clock.forward(60)
    seen = await back(stage, "WD01", "stock", is_all=True)
    assert {(row.place, row.about, row.verdict) for row in seen.rows} == {("HZ01", "M-001", "same")}
    assert not seen.unreadable and seen.is_whole and seen.counts == {"same": 1}
    stage.wms.floor.put("HZ01", "M-001", 7, stage.clock())
    stage.wms.floor.put("HZ01", "X-404", 3, stage.clock())
    stage.clock.forward(60)
    told = {row.about: (row.verdict, row.theirs) for row in (await back(stage, "WD01", "stock")).rows}
    assert told == {"M-001": ("differs", 7), "X-404": ("unknown", 3)}
    assert await stage.value("select count(*) from message") == before
    kept = await back(stage, "WD01", "stock", is_kept=True)
    assert kept.landed == kept.messages and await stage.value("select count(*) from message") == before + kept.landed


async def test_what_a_warehouse_shipped_on_a_day_is_held_against_what_the_hub_knows(stage: Stage) -> None:
    for n in (1, 2, 3):
        stage.taobao.place(a_purchase(tid(n), **plain(spare("M-001", 1))))
    await stage.flow()
    await stage.wait(20 * 60)
    seen = await back(stage, "WD01", "outbound", is_all=True)
    assert [(row.verdict, row.theirs, row.ours, row.note) for row in seen.rows] == [("same", 1, 1, "")] * 3
    assert seen.counts == {"same": 3}
    first, _, third = (row.about for row in seen.rows)
    works = {trade.raw["tid"]: (key, trade) for key, trade in stage.wms.trades.items()}
    works[first][1].waybill = "SF0000000000001"
    stage.wms.trades.pop(works[third][0])
    stage.taobao.place(a_purchase(tid(4), stage.clock(), **plain(spare("M-001", 1))))
    await stage.flow()
    stage.wms.step(stage.clock.forward(3600))  # the hub has not read of it yet
    [fourth] = [trade.raw["tid"] for trade in stage.wms.trades.values() if trade.raw["tid"] not in works]
    rows = {row.about: row for row in (await back(stage, "WD01", "outbound")).rows}
    assert {about: row.verdict for about, row in rows.items()} == {
        first: "differs", third: "only_here", fourth: "only_there"}
    assert "SF0000000000001" in rows[first].note
    day = stage.clock().date()
    stage.clock.forward(30 * 3600)
    later = await back(stage, "WD01", "outbound", day=day)
    assert {row.about: row.verdict for row in later.rows} == {about: row.verdict for about, row in rows.items()}
    assert not (await back(stage, "WD01", "outbound")).counts, "nothing went out in the last 24 hours"


async def test_a_page_goes_on_where_the_one_before_ended(stage: Stage) -> None:
    at = stage.clock() - timedelta(minutes=5)
    for n in range(250):
        stage.wms.floor.put("HZ01", f"X-{n:03d}", n, at)
    seen: list[str] = []
    page = await back(stage, "WD01", "stock", limit=100)
    for _ in range(3):
        seen += [row.about for row in page.rows]
        if page.next is None:
            break
        page = await back(stage, "WD01", "stock", limit=100, after=page.next)
    assert seen == [f"X-{n:03d}" for n in range(250)] and page.counts == {"unknown": 250}


async def test_who_asks_for_what_there_is_not_hears_what_there_is(stage: Stage) -> None:
    for code, what, words in (("WD99", "stock", "WD99"), ("WD01", "stok", "stock"), ("KD01", "stock", "kuaidi100")):
        with pytest.raises(NotKept) as refused:
            await back(stage, code, what)
        assert words in str(refused.value)
    with pytest.raises(NotKept) as wrong:
        await back(stage, "WD01", "stock", after="no place")
    assert wrong.value.code == "wrong_value"
    stage.wms.fault("status_500")
    with pytest.raises(NotKept) as failed:
        await back(stage, "WD01", "outbound")
    assert failed.value.code == "outside_failed"

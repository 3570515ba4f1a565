"""What a warehouse says of its stock and of a day is read back when somebody asks, and looking changes nothing."""

from __future__ import annotations

import pytest

from orderloom.application.not_kept import NotKept
from orderloom.application.read_back import read_back
from orderloom.testing.builders import a_purchase
from tests.support.stage import Stage, plain, spare, tid


async def test_stock_is_read_without_being_taken_for_news_until_it_is_kept(stage: Stage) -> None:
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 1))))
    await stage.flow()
    await stage.wait(3 * 3600)
    before = await stage.value("select count(*) from message")
    seen = await read_back(stage.hub, "WD01", "stock")
    assert seen.figures and seen.figures_in_all == len(seen.figures) and not seen.unreadable
    assert {(one.warehouse, one.sku) for one in seen.figures} == {("HZ01", "M-001")}
    assert await stage.value("select count(*) from message") == before
    kept = await read_back(stage.hub, "WD01", "stock", is_kept=True)
    assert kept.landed == kept.messages and await stage.value("select count(*) from message") == before + kept.landed


async def test_who_asks_for_what_there_is_not_hears_what_there_is(stage: Stage) -> None:
    for code, what, words in (("WD99", "stock", "WD99"), ("WD01", "stok", "stock"), ("TB01", "stock", "taobao")):
        with pytest.raises(NotKept) as refused:
            await read_back(stage.hub, code, what)
        assert words in str(refused.value)
    stage.wms.fault("status_500")
    with pytest.raises(NotKept) as failed:
        await read_back(stage.hub, "WD01", "outbound")
    assert failed.value.code == "outside_failed"

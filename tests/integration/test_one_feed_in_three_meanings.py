"""INV-11: a system may state stock as what lies there, as what open orders leave, or as what can be sold: the hub
understands the same of each, and makes nothing of a figure whose meaning nobody declared."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orderloom.application import commands as c
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector
from orderloom.domain.draft import StockFigure, StockReport
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.by_hand import move
from tests.support.moves import CHANNEL, WMS, sealed
from tests.support.seller import rows, settle_in

LEVEL = "select on_hand, on_hand - allocated, free from stock_level where sku_id = 1 and warehouse_id = 1"
DIFFERS = """select (evidence ->> 'theirs')::int - (evidence ->> 'ours')::int from case_file
    where kind = 'stock_differs' and resolved_at is null"""
MEANINGS = ("physical", "net_of_orders", "atp")


@pytest.fixture
async def hub(database: str, home: Path) -> AsyncIterator[Hub]:
    async with open_hub(Settings(home=home), database) as opened:
        await settle_in(opened, {(1, 1): 20})
        await move(opened, "A", "HZ", "protect", "safety", "li", safety=3, cause="safety")
        for name, is_paid in (("paid", True), ("unpaid", False)):
            draft = a_draft(name, a_line("A", 4), is_paid=is_paid)
            await opened.handle([c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft,
                                               sealed=sealed(0), received_at=STORY_BEGINS)])
        yield opened


async def state(hub: Hub, meaning: str, quantity: int) -> None:
    figure = StockFigure("HZ", "A", quantity, meaning, hub.now())
    await hub.handle([c.StateStock(actor=connector("WMS"), account_id=WMS, report=StockReport((figure,)))])


@pytest.mark.parametrize("wrong", [0, -2, 5])
async def test_the_same_feed_in_three_meanings_differs_by_the_same(hub: Hub, wrong: int) -> None:
    [figures] = await rows(hub, LEVEL)
    assert figures == (20, 16, 9), "each meaning is another number"
    for meaning, figure in zip(MEANINGS, figures, strict=True):
        assert isinstance(figure, int)
        await state(hub, meaning, figure + wrong)
        assert await rows(hub, DIFFERS) == ([(wrong,)] if wrong else []), meaning
    assert await rows(hub, LEVEL) == [figures], "a claim is no command"


async def test_a_figure_of_no_declared_meaning_is_neither_kept_nor_told(hub: Hub) -> None:
    before = await rows(hub, "select count(*) from delivery where kind = 'stock'")
    await state(hub, "whatever", 3)
    async with hub.ports.publisher() as publisher:
        await publisher.publish_stock(hub.now())
    assert await rows(hub, "select count(*) from stock_claim") == [(0,)]
    kinds = await rows(hub, "select kind from case_file where starts_with(kind, 'stock_')")
    assert kinds == [("stock_figure_unknown",)]
    assert await rows(hub, "select quantity from stock_shown where sku_external = 'A'") in ([], [(9,)])
    assert before == [(0,)]

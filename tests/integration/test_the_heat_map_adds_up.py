"""What a buyer reads off the heat map is what was sold: by hour and day, of a shop or a warehouse, best and worst."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.application import commands as c
from orderloom.application.queries.sku_filter import SkuFilter
from orderloom.application.queries.stock_heat import HeatMap, HeatQuestion, heat_map
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import FrozenClock
from tests.support.alarms import watch
from tests.support.moves import CHANNEL, sealed
from tests.support.seller import settle_in

HOUR = 3_600


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
async def hub(database: str, home: Path, clock: FrozenClock) -> AsyncIterator[Hub]:
    async with open_hub(Settings(home=home), database, clock=clock) as opened:
        await settle_in(opened, {(1, 1): 500, (2, 1): 400, (3, 1): 100})
        for name, sku, units in (("old", "A", 3), ("kit", "KIT", 2), ("new", "A", 4)):
            draft = a_draft(name, a_line(sku, units), at=clock())
            await opened.handle([c.RecordOrder(
                actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=sealed(0), received_at=clock())])
            clock.forward(HOUR)
        await watch(opened)
        yield opened


async def asked(hub: Hub, **question: Any) -> HeatMap:
    async with hub.ports.reading() as connection:
        return await heat_map(connection, HeatQuestion(**{"by": "hour", "order": "best", **question}),
                              "Asia/Shanghai", hub.now())


def told(found: HeatMap) -> list[tuple[str, int, int]]:
    return [(row.sku, row.units, row.in_bundles) for row in found.rows]


async def test_hours_and_days_add_up_to_what_was_sold(hub: Hub) -> None:
    found = await asked(hub)
    assert told(found) == [("A", 7, 4), ("B", 0, 2), ("KIT", 2, 0)]
    assert [(cell.units, cell.in_bundles) for cell in found.rows[0].cells[-4:]] == [(3, 0), (0, 4), (4, 0), (0, 0)]
    assert (len(found.columns), found.most, found.is_behind) == (24, 4, False)
    days = await asked(hub, by="day")
    assert told(days) == told(found) and len(days.columns) == 28
    assert sum(cell.units for cell in days.rows[0].cells) == 7


async def test_a_warehouse_shows_what_it_got_to_send_and_a_shop_what_it_sold(hub: Hub) -> None:
    assert told(await asked(hub, warehouses=(1,))) == [("A", 11, 0), ("B", 2, 0)]
    assert told(await asked(hub, warehouses=(2,))) == [] == told(await asked(hub, accounts=(2,)))
    assert told(await asked(hub, accounts=(CHANNEL,))) == [("A", 7, 4), ("B", 0, 2), ("KIT", 2, 0)]


async def test_what_lies_still_stands_first_among_the_worst(hub: Hub) -> None:
    assert told(await asked(hub, order="worst")) == [("C", 0, 0), ("B", 0, 2), ("A", 7, 4)]
    assert told(await asked(hub, order="worst", goods=SkuFilter("b"))) == [("B", 0, 2)]


async def test_what_is_over_is_shown_no_more(hub: Hub, clock: FrozenClock) -> None:
    clock.forward(21 * HOUR)
    assert told(await asked(hub)) == [("A", 4, 4), ("B", 0, 2), ("KIT", 2, 0)]
    clock.forward(28 * 24 * HOUR)
    assert told(await asked(hub, by="day")) == []

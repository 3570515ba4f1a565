"""A manager's figures are what the orders say: added up while facts come, in whatever steps, and anew from the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orderloom.adapters.db import figures
from orderloom.adapters.db.publishing import publish_events
from orderloom.application import commands as c
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import FrozenClock
from tests.support.bench import OPENING
from tests.support.moves import CHANNEL, random_moves
from tests.support.seller import restock, rows, settle_in
from tests.support.story import Story

STORIES, MOVES = 5, 40
DAYS = """
select measure, day, account_id, warehouse_id, mark, quantity from figure_day where quantity <> 0
order by 1, 2, 3, 4, 5"""
MINUTES = "select * from figure_minute where orders <> 0 or amount <> 0 order by 1, 2, 3"
STATED = """
select (placed_at at time zone 'Asia/Shanghai')::date, currency, count(*), sum(total)::bigint,
    count(*) filter (where is_cancelled) from orders group by 1, 2 order by 1, 2"""
ADDED = """
select v.day, v.mark, o.quantity, v.quantity, coalesce(c.quantity, 0) from figure_day v
join figure_day o on o.measure = 'orders' and o.day = v.day and o.account_id = v.account_id
left join figure_day c on c.measure = 'cancelled' and c.day = v.day and c.account_id = v.account_id
where v.measure = 'value' order by 1, 2"""


async def _add_up(hub: Hub) -> None:
    async with hub.pool.connection() as connection:
        await publish_events(connection, await hub.directory(), hub.now())
        book = figures.FigureBook(connection, "Asia/Shanghai", figures.CasesDue())
        while await book.add_up(hub.now()):
            pass


async def test_figures_added_up_fact_by_fact_are_what_orders_and_log_say(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = FrozenClock()
    async with open_hub(Settings(home=home), database, clock=clock) as hub:
        await settle_in(hub)
        monkeypatch.setattr(figures, "FACTS_MAX", 25)
        for seed in range(STORIES):
            await Story(hub, clock, seed).play(random_moves(seed, MOVES))
            await restock(hub, OPENING, f"again {seed}")
            await _add_up(hub)
        assert await rows(hub, ADDED) == await rows(hub, STATED)
        piecemeal = await rows(hub, DAYS), await rows(hub, MINUTES)
        assert {r[0] for r in piecemeal[0]} >= {"orders", "value", "cancelled", "assigned", "shipped", "cases"}
        monkeypatch.setattr(figures, "FACTS_MAX", 5_000)
        monkeypatch.setattr(figures, "DEFINITIONS", 2)
        await _add_up(hub)
        assert (await rows(hub, DAYS), await rows(hub, MINUTES)) == piecemeal, "made anew they are others"
        names = await rows(hub, "select name from watermark where starts_with(name, 'figures') order by name")
        assert names == [("figures 2 Asia/Shanghai",), ("figures 2 Asia/Shanghai cases",)], "the old place stays"


async def test_a_parcel_after_the_platforms_time_is_late_and_only_the_first_counts(database: str, home: Path) -> None:
    clock = FrozenClock(datetime(2026, 3, 10, 2, tzinfo=UTC))
    async with open_hub(Settings(home=home), database, clock=clock) as hub:
        await settle_in(hub)
        total = 0
        hence = [(clock() + timedelta(hours=hours)) for hours in (5, 1)]
        for name, facts in (("E1", {"ship_by": hence[0].isoformat()}), ("E2", {"ship_by": int(hence[1].timestamp())}),
                            ("E3", {})):
            draft = a_draft(name, a_line("A", 1), at=clock(), facts=facts)
            total = draft.total
            await hub.handle([c.RecordOrder(
                actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=hub.vault.seal(draft.receiver, "b"),
                received_at=clock())])
        await _add_up(hub)
        assert [r[3:] for r in await rows(hub, MINUTES)] == [(3, 3 * total)]
        clock.forward(3 * 3_600)
        story = Story(hub, clock, 0, [str(r[0]) for r in await rows(hub, "select id::text from orders order by id")])
        await story.play([(5, n, 0, 3, 4) for n in range(3)] * 2)
        await _add_up(hub)
        asked = "select measure, sum(quantity)::int from figure_day where measure = any (%s) group by 1"
        assert dict(await rows(hub, asked, [["shipped", "due", "late"]])) == {"shipped": 3, "due": 2, "late": 1}

"""A warehouse's day of work and the day of the figures begin at the seller's midnight, not at eight in the morning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from orderloom.application import commands as c
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from tests.support.moves import CHANNEL
from tests.support.seller import rows, settle_in

LATE = datetime(2026, 3, 10, 15, 59, tzinfo=UTC)
"""One minute before midnight in Shanghai."""
DAYS = [(date(2026, 3, 10), 1), (date(2026, 3, 11), 1)]


async def _order(hub: Hub, name: str) -> None:
    draft = a_draft(name, a_line("A", 1), at=hub.now())
    await hub.handle([c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft,
                                    sealed=hub.vault.seal(draft.receiver, "b"), received_at=hub.now())])


@pytest.mark.parametrize(("zone", "late"), [
    ("Asia/Shanghai", LATE), ("America/New_York", datetime(2026, 3, 11, 3, 59, tzinfo=UTC)),
])
async def test_a_warehouse_that_is_full_today_takes_work_again_after_the_sellers_midnight(
    database: str, home: Path, zone: str, late: datetime,
) -> None:
    now = [late]
    async with open_hub(Settings(home=home, business_zone=zone), database, clock=lambda: now[0]) as hub:
        await settle_in(hub)
        await rows(hub, "update warehouse set daily_capacity = 1, is_active = code = 'HZ' returning id")
        await rows(hub, "update cache_version set version = version + 1 returning version")
        await _order(hub, "E0")
        await _order(hub, "E1")
        assert await rows(hub, "select count(*)::int from work") == [(1,)], "one a day"
        now[0] = late + timedelta(minutes=2)
        await _order(hub, "E2")
        assert await rows(hub, "select day, works from warehouse_load order by day") == DAYS
        async with hub.ports.publisher() as publisher:
            await publisher.publish_events(hub.now())
        async with hub.ports.figures() as figures:
            await figures.add_up(hub.now())
        asked = "select day, quantity::int from figure_day where measure = 'orders' order by day"
        assert await rows(hub, asked) == [(DAYS[0][0], 2), DAYS[1]]

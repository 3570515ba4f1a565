"""Every channel that is asked in local times of a zone that changes its clock, minute by minute over the change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from orderloom.adapters.kit import reading
from orderloom.adapters.kit.casts import SHOWN
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.application.ports import Cursor, Item, Transient
from orderloom.application.translate import translate
from orderloom.domain.clock_change import repeated
from orderloom.domain.draft import OrderDraft
from tests.support.connector_folders import Folder, pulled_channels, purchase

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def _offset(folder: Folder, at: datetime) -> timedelta:
    offset = at.astimezone(folder.plan.zone).utcoffset()
    assert offset is not None
    return offset


def _changes(folder: Folder) -> Iterator[datetime]:
    """The instants within a year, to the hour, at which the clock of the folder's zone is changed."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for hours in range(366 * 24):
        at = now - hours * HOUR
        if _offset(folder, at) != _offset(folder, at - HOUR):
            yield at


def _asked_in_local_times() -> list[Folder]:
    return [
        folder for folder in pulled_channels()
        if any(one.said.window and one.said.window.as_ in SHOWN for one in folder.plan.lists.values())
        and list(_changes(folder)) and issubclass(folder.module("simulator").Simulator, ShopSimulator)
    ]


def _walks(*, only_back: bool = False) -> list[Any]:
    return [
        pytest.param(folder, at, reads_later, id=f"{folder.name}-{at:%Y-%m-%d}-{'later' if reads_later else 'earlier'}")
        for folder in _asked_in_local_times() for at in _changes(folder) for reads_later in (False, True)
        if not only_back or repeated(at, folder.plan.zone)
    ]


class Night:
    """A channel that is pulled every minute of the hours around a clock change."""

    def __init__(self, folder: Folder, simulator: Any, http: httpx2.AsyncClient) -> None:
        self.folder, self.simulator, self.http = folder, simulator, http
        self.account, self.connector, self.mappings = folder.account(), folder.connector, folder.mappings()
        self.ids: list[str] = []
        self.heard: dict[str, list[tuple[datetime, OrderDraft]]] = {}
        """By order, when it was heard and what was said of it."""

    def place(self, at: datetime) -> str:
        bought = purchase(self.folder, len(self.ids) + 1) | {"placed_at": at, "paid_at": at + timedelta(seconds=1)}
        self.simulator.place(bought)
        self.ids.append(bought["external_id"])
        return self.ids[-1]

    async def pull(self, cursor: Cursor, at: datetime) -> Cursor:
        async for page in self.connector.pull(self.account, cursor, at, self.http):  # type: ignore[attr-defined]
            for item in page.items:
                self._hear(item, at)
            cursor = page.cursor or cursor
        return cursor

    def _hear(self, item: Item, at: datetime) -> None:
        headers = dict(item.context) | {"content-type": "application/json"}
        for one in translate(self.account, item.topic, item.body, headers, at, self.mappings):
            if isinstance(one, OrderDraft):
                self.heard.setdefault(one.external_id, []).append((at, one))


@pytest.mark.parametrize(("folder", "change", "reads_later"), _walks())
async def test_no_order_is_lost_or_late_while_the_clock_is_changed_and_the_latest_word_holds(
    folder: Folder, change: datetime, reads_later: bool,
) -> None:
    simulator = folder.simulator()
    simulator.reads_later = reads_later
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(simulator.app)) as http:
        night = Night(folder, simulator, http)
        at = change - HOUR - 10 * MINUTE
        placed: dict[str, datetime] = {}
        cursor = Cursor(at)
        while at < change + HOUR + 10 * MINUTE:
            if at.minute % 9 == 2:
                placed[night.place(at - timedelta(seconds=30))] = at
            if at == change - 8 * MINUTE:
                cancelled = night.place(at - timedelta(seconds=20))
            if at == change + 10 * MINUTE:
                simulator.cancel(cancelled, at - timedelta(seconds=20))
            cursor = await night.pull(cursor, at)
            at += MINUTE
    came = {key: night.heard[key][0][0] - since for key, since in placed.items() if key in night.heard}
    assert came.keys() == placed.keys()
    assert max(came.values()) <= MINUTE
    told = [one for _, one in night.heard[cancelled]]
    assert told[-1].is_cancelled
    assert not told[0].is_cancelled
    assert all(one.revision <= told[-1].revision for one in told), "nothing makes the cancellation old news"


@pytest.mark.parametrize(("folder", "change", "reads_later"), _walks(only_back=True))
async def test_a_record_that_stays_unreadable_in_the_repeated_hour_stops_nothing_for_good(
    folder: Folder, change: datetime, reads_later: bool, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "pause", lambda _: 0.0)
    simulator = folder.simulator()
    simulator.reads_later = reads_later
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(simulator.app)) as http:
        night = Night(folder, simulator, http)
        bad, good = night.place(change - 20 * MINUTE), night.place(change + HOUR + 20 * MINUTE)
        cursor = Cursor(change - 2 * HOUR)
        simulator.poisoned.add(bad)
        with pytest.raises(Transient):  # nothing beside it can be read yet: that may pass
            await night.pull(Cursor(change - 30 * MINUTE), change - 10 * MINUTE)
        cursor = await night.pull(cursor, change + 2 * HOUR)
    assert good in night.heard
    assert cursor.at > change + HOUR

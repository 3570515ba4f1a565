"""Local times while a clock is put back or forward: no window leaves out an order, and no news makes newer news old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orderloom.adapters.kit.casts import read_time, written_time, written_window
from orderloom.adapters.spreadsheets.exports import exported_at
from orderloom.domain.clock_change import levelled, repeated
from tests.support.small_mapping import HEAD, LINES, read

ZONES = ("America/Los_Angeles", "Europe/London", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca",
         "Asia/Shanghai", "UTC")  # fmt: skip
FORM = "%Y-%m-%d %H:%M:%S"
STEP = timedelta(minutes=10)
BODY: dict[str, Any] = {"id": "1", "created": "2026-01-01 08:00:00", "total": "20.10",
                        "lines": [{"id": "1", "sku": "A", "qty": 2, "price": "10.05"}]}


def _around_changes(zone: ZoneInfo, year: int = 2026) -> Iterator[list[datetime]]:
    """The hours around each clock change of a year, in steps."""
    at, half_an_hour = datetime(year, 1, 1, tzinfo=UTC), 3 * STEP
    while at.year == year:
        at += half_an_hour
        if at.astimezone(zone).utcoffset() != (at - half_an_hour).astimezone(zone).utcoffset():
            yield [at + n * STEP for n in range(-15, 17)]


def _read(shown: str, zone: ZoneInfo, fold: int) -> datetime:
    return datetime.strptime(shown, FORM).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize("name", ZONES)
def test_a_window_holds_all_of_its_time_whichever_of_two_readings_a_platform_takes(name: str) -> None:
    zone = ZoneInfo(name)
    for hours in _around_changes(zone):
        for n, start in enumerate(hours):
            for end in hours[n + 1:]:
                texts = written_window(start, end, "local", zone)
                for fold in (0, 1):
                    since, until = (_read(one, zone, fold) for one in texts)
                    assert since <= start < end <= until, texts
                shown = [one.astimezone(zone).strftime(FORM) for one in hours if start <= one <= end]
                assert texts[0] <= min(shown) <= max(shown) <= texts[1], "a platform may compare what it shows"


def test_a_window_away_from_clock_changes_and_one_with_offsets_is_asked_for_as_it_is() -> None:
    zone, at = ZoneInfo("America/Los_Angeles"), datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert written_window(at - timedelta(hours=2), at + timedelta(hours=3), "local", zone) == (
        "2026-10-31 23:30:00", "2026-11-01 03:30:00")
    assert written_window(at, at + STEP, "iso_offset", zone) == (
        "2026-11-01T01:30:00-07:00", "2026-11-01T01:40:00-07:00")
    assert written_window(at, at + STEP, "unix_s", zone) == (1793521800, 1793522400)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("field", ["updated", "changed"])
def test_what_a_source_writes_later_is_never_older_news(name: str, field: str) -> None:
    zone = ZoneInfo(name)
    head = HEAD.replace("revision: updated", "revision: {path: changed, format: '%Y-%m-%d %H:%M:%S'}") \
        if field == "changed" else HEAD
    for hours in _around_changes(zone):
        told = [read(head + LINES, BODY | {field: at.astimezone(zone).strftime(FORM)}, zone=name) for at in hours]
        assert all(one.revision <= other.revision for one, other in pairwise(told))
        for at, one in zip(hours, told, strict=True):
            assert ("time_ambiguous" in one.flags) is (repeated(at, zone) is not None)
            if not one.flags:
                assert one.revision == at


def test_a_time_that_the_clock_skips_lies_between_those_beside_it() -> None:
    texts = ("2026-03-08 01:59:59", "2026-03-08 02:00:00", "2026-03-08 02:59:00", "2026-03-08 03:00:00")
    told = [read(HEAD + LINES, BODY | {"updated": one}, zone="America/New_York").revision for one in texts]
    assert told[0] < told[1] == told[2] == told[3] == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_what_is_shown_twice_is_one_instant_and_that_with_an_offset_is_its_own() -> None:
    zone, first = ZoneInfo("America/New_York"), datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert repeated(first, zone) == (first, first + timedelta(hours=2))
    assert levelled(first + timedelta(minutes=59), zone) == first
    exact = read(HEAD + LINES, BODY | {"updated": "2026-11-01T01:30:00-05:00"}, zone="America/New_York")
    assert (exact.revision, exact.flags) == (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), ())


def test_a_file_made_while_the_clock_is_put_back_claims_no_offset() -> None:
    assert exported_at("orders 2026-11-01 01:30:00.csv", [], "America/New_York") == "2026-11-01T01:30:00"
    assert exported_at("orders 2026-11-01 03:30:00.csv", [], "America/New_York") == "2026-11-01T03:30:00-05:00"


def test_a_time_with_slashes_is_written_and_read() -> None:
    at = datetime(2026, 11, 20, 1, 31, tzinfo=UTC)
    assert written_time(at, "local_slashes", ZoneInfo("Asia/Shanghai")) == "2026/11/20 09:31:00"
    for said in ("2026/11/20 09:31:00", "2026-11-20 09:31:00"):
        assert read_time(said, "local", ZoneInfo("Asia/Shanghai")) == at

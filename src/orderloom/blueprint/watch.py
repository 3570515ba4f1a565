"""The shape of `watch.yaml`: when stock is compared with what others say, and which figures alarm somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

import msgspec

from orderloom.blueprint.duration import seconds
from orderloom.blueprint.shape import Shape
from orderloom.domain.finding import Finding
from orderloom.domain.words import Words

DAY = 86_400
PAUSE_SECONDS_MAX = DAY
KEEP_SECONDS_MAX = 400 * DAY
KEEP_SECONDS_MIN = 28 * DAY
"""The heat map shows so many days by their hours' sums."""
UNITS_MAX = 1_000_000
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
Units = Annotated[int, msgspec.Meta(ge=0, le=UNITS_MAX)]


class SnapshotRule(Shape, frozen=True):
    """`at`: the seller's time of day, empty for never by itself. New orders of a SKU whose figures differ by more than
    `over_permille` wait for `pause`."""

    at: str = "18:00"
    over_permille: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 5
    pause: str = "10m"


class VelocityRule(Shape, frozen=True):
    """An hour's units of a SKU above `over_percent` of the mean units a day of the 7 days before alarm, but never fewer
    than `floor_units`: the first sale of a SKU is no alarm. Hours are kept for `keep_hours`, then added up to days."""

    over_percent: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 300
    floor_units: Annotated[int, msgspec.Meta(ge=1, le=UNITS_MAX)] = 20
    keep_hours: str = "35d"


class LowRule(Shape, frozen=True):
    """So many free units or fewer of a SKU alarm, unless the SKU has a limit of its own; 0: none does."""

    units: Units = 5


class StaleRule(Shape, frozen=True):
    """A system that states stock is late after `intervals` of its own intervals, at the earliest after `at_least`; a
    figure that a channel was to be told is late after `told`."""

    intervals: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 3
    at_least: str = "30m"
    told: str = "60s"


class WatchFile(Shape, frozen=True):
    """`watch.yaml`."""

    snapshot: SnapshotRule = SnapshotRule()
    velocity: VelocityRule = VelocityRule()
    low: LowRule = LowRule()
    stale: StaleRule = StaleRule()


def check_watch(watch: WatchFile) -> Iterator[Finding]:
    """What is wrong with it."""
    if watch.snapshot.at and not _CLOCK.fullmatch(watch.snapshot.at):
        yield Finding("watch.yaml", "snapshot.at", Words("不是时刻", "is no time of day"),
                      Words("例如 18:00，留空为不定时", "such as 18:00; empty for never"))
    for place, text, least, most, example, zh, en in (
        ("snapshot.pause", watch.snapshot.pause, 1, PAUSE_SECONDS_MAX, "10m", "1 天以内", "within a day"),
        ("stale.at_least", watch.stale.at_least, 1, PAUSE_SECONDS_MAX, "30m", "1 天以内", "within a day"),
        ("stale.told", watch.stale.told, 1, PAUSE_SECONDS_MAX, "60s", "1 天以内", "within a day"),
        ("velocity.keep_hours", watch.velocity.keep_hours, KEEP_SECONDS_MIN, KEEP_SECONDS_MAX, "35d",
         "28 到 400 天", "from 28 to 400 days"),
    ):
        if not _is_between(text, least, most):
            yield Finding("watch.yaml", place, Words(f"不是 {zh}的时长", f"is no duration {en}"),
                          Words(f"例如 {example}", f"such as {example}"))


def _is_between(text: str, least: int, most: int) -> bool:
    try:
        return least <= seconds(text) <= most
    except ValueError:
        return False

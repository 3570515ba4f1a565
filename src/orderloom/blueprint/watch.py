"""The shape of `watch.yaml`: when stock is compared with what others say, and what is too much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

import msgspec

from orderloom.blueprint.duration import seconds
from orderloom.blueprint.shape import Shape
from orderloom.domain.finding import Finding
from orderloom.domain.words import Words

PAUSE_SECONDS_MAX = 86_400
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class SnapshotRule(Shape, frozen=True):
    """`at`: the seller's time of day, empty for never by itself. New orders of a SKU whose figures differ by more than
    `over_permille` wait for `pause`."""

    at: str = "18:00"
    over_permille: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 5
    pause: str = "10m"


class WatchFile(Shape, frozen=True):
    """`watch.yaml`."""

    snapshot: SnapshotRule = SnapshotRule()


def check_watch(watch: WatchFile) -> Iterator[Finding]:
    """What is wrong with it."""
    if watch.snapshot.at and not _CLOCK.fullmatch(watch.snapshot.at):
        yield Finding("watch.yaml", "snapshot.at", Words("不是时刻", "is no time of day"),
                      Words("例如 18:00，留空为不定时", "such as 18:00; empty for never"))
    try:
        too_long = seconds(watch.snapshot.pause) > PAUSE_SECONDS_MAX
    except ValueError:
        too_long = True
    if too_long:
        yield Finding("watch.yaml", "snapshot.pause", Words("不是 1 天以内的时长", "is no duration within a day"),
                      Words("例如 10m", "such as 10m"))

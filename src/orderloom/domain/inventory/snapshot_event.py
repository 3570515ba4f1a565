"""What a snapshot of stock found, and what was done about it: facts in past tense."""

from __future__ import annotations

from datetime import datetime

from orderloom.domain.fact import Event


class SnapshotBegun(Event, frozen=True, kw_only=True, tag="snapshot_begun"):
    """The systems are being read; `scheduled_for`: by the clock, of that instant."""

    number: str
    scheduled_for: datetime | None = None


class SnapshotTaken(Event, frozen=True, kw_only=True, tag="snapshot_taken"):
    """All that could be read was compared. `unread`: systems that did not answer, with why not; `digest`: SHA-256 of
    the rows that differ."""

    systems: tuple[str, ...]
    unread: dict[str, str]
    compared: int
    explained: int
    differ: int
    digest: str


class BreakerOpened(Event, frozen=True, tag="breaker_opened"):
    """New orders of these SKUs wait until then."""

    skus: tuple[str, ...]
    until: datetime


class BreakerClosed(Event, frozen=True, tag="breaker_closed"):
    """New orders of these SKUs go on: the time is over, or a person said so."""

    skus: tuple[str, ...]
    reason: str


AnySnapshotEvent = SnapshotBegun | SnapshotTaken | BreakerOpened | BreakerClosed

"""A clock that stands still until it is told to move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

STORY_BEGINS = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
"""Saturday, nine in the morning in China: the instant at which dated stories begin."""


class FrozenClock:
    """Stands in for `datetime.now(UTC)`: call it for the instant, `forward` it by seconds, `set` it anywhere."""

    def __init__(self, at: datetime = STORY_BEGINS) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> datetime:
        """Let time pass (or run back, when negative); returns the new instant."""
        self.at += timedelta(seconds=seconds)
        return self.at

    def set(self, at: datetime) -> None:
        """Jump to an instant, as a machine's clock does when it is put right."""
        self.at = at


class WrongClock:
    """A machine's clock that runs at the right pace but stands `seconds` ahead of the truth (behind, when negative)."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.seconds)

"""The times that platforms write and read, and the two clocks that a simulator goes by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

CHINA = timezone(timedelta(hours=8))
LOCAL = "%Y-%m-%d %H:%M:%S"
Now = Callable[[], datetime]


def local(at: datetime, zone: tzinfo = CHINA, form: str = LOCAL) -> str:
    """A zone's own time to the second: the usual text of Chinese platforms."""
    return at.astimezone(zone).strftime(form)


def read_local(text: str, zone: tzinfo = CHINA, form: str = LOCAL) -> datetime:
    """Read what `local` writes; ValueError when it is something else."""
    return datetime.strptime(text, form).replace(tzinfo=zone)


def iso(at: datetime) -> str:
    """UTC with a Z."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def read_iso(text: str) -> datetime:
    """Read ISO 8601; without an offset it is UTC. ValueError when it is something else."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def seconds(at: datetime | None) -> int:
    """Unix seconds; 0 when it has not happened."""
    return int(at.timestamp()) if at else 0


def millis(at: datetime | None) -> int:
    """Unix milliseconds to the whole second, as most platforms write them; 0 when it has not happened."""
    return seconds(at) * 1_000


def from_seconds(text: str | int | float) -> datetime:
    """Read unix seconds; ValueError when it is no number that a clock shows."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{text} is no time") from error


def whole(at: datetime) -> datetime:
    """Platforms tell time to the second."""
    return at.replace(microsecond=0)

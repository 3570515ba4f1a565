"""The ways in which a value is written for a platform (`as`), and in which its times are read."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec

from orderloom.adapters.kit.paths import text
from orderloom.domain.clock_change import repeated

YEARS = (2000, 2100)
"""A record that says it changed outside of these says nothing."""
Cast = Callable[[Any, tzinfo], Any]
SHOWN = ("local", "local_slashes", "clock", "date", "compact_date")
"""Ways that write what a clock shows, without its offset."""
_PLAIN = msgspec.json.Encoder(decimal_format="number")
_SORTED = msgspec.json.Encoder(decimal_format="number", order="sorted")
_SECONDS = re.compile(r"-?[0-9]{1,12}")


def to_json(value: Any, *, is_sorted: bool = False) -> str:
    """Compact JSON, not escaped beyond need, keys sorted all the way down where asked."""
    return (_SORTED if is_sorted else _PLAIN).encode(value).decode()


def instant(value: Any) -> datetime | None:
    """An instant of ours, which is a datetime or its RFC 3339 text."""
    if isinstance(value, datetime):
        return value
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if not MINYEAR < found.year < MAXYEAR:
        return None  # in another zone it may lie in a year that there is none of
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _local(pattern: str) -> Cast:
    def write(value: Any, zone: tzinfo) -> Any:
        at = instant(value)
        return None if at is None else at.astimezone(zone).strftime(pattern)

    return write


def _utc(pattern: str) -> Cast:
    return lambda value, _: None if (at := instant(value)) is None else at.astimezone(UTC).strftime(pattern)


def _iso_ms(value: Any, _: tzinfo) -> Any:
    at = instant(value)
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _iso_offset(value: Any, zone: tzinfo) -> Any:
    at = instant(value)
    return None if at is None else at.astimezone(zone).replace(microsecond=0).isoformat()


def _unix(scale: int) -> Cast:
    return lambda value, _: None if (at := instant(value)) is None else int(at.timestamp() * scale)


def _integer(value: Any, _: tzinfo) -> Any:
    try:
        return int(str(value))
    except ValueError:
        return None


def _number(value: Any, _: tzinfo) -> Any:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _flag(value: Any, _: tzinfo) -> Any:
    return value is True or str(value).lower() in ("true", "1", "yes", "on")


CASTS: Mapping[str, Cast] = {
    "text": lambda value, _: text(value),
    "integer": _integer,
    "number": _number,
    "flag": _flag,
    "digit": lambda value, zone: int(_flag(value, zone)),
    "lower": lambda value, _: text(value).lower(),
    "upper": lambda value, _: text(value).upper(),
    "json": lambda value, _: to_json(value),
    "sorted_json": lambda value, _: to_json(value, is_sorted=True),
    "before_colon": lambda value, _: text(value).partition(":")[0],
    "after_colon": lambda value, _: text(value).partition(":")[2],
    "last_step": lambda value, _: text(value).rsplit("/", 1)[-1],
    "base64": lambda value, _: base64.b64encode(text(value).encode()).decode(),
    "rfc3986": lambda value, _: quote(text(value), safe="-_.~"),
    "form": lambda value, _: quote_plus(text(value), safe="*-._"),
    # A positive whole number below 2^32 that depends on the text alone.
    "serial": lambda value, _: int.from_bytes(sha256(text(value).encode()).digest()[:4]) + 1,
    "unix_s": _unix(1),
    "unix_ms": _unix(1_000),
    "local": _local("%Y-%m-%d %H:%M:%S"),
    "local_slashes": _local("%Y/%m/%d %H:%M:%S"),
    "local_ms": lambda value, zone: None if (at := instant(value)) is None else
        f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d}{at.astimezone(zone):%z}",
    "clock": _local("%H:%M"),
    "date": _local("%Y-%m-%d"),
    "compact_date": _local("%Y%m%d"),
    "iso": _utc("%Y-%m-%dT%H:%M:%SZ"),
    "iso_basic": _utc("%Y%m%dT%H%M%SZ"),
    "iso_plain": _utc("%Y-%m-%dT%H:%M:%S"),
    "iso_ms": _iso_ms,
    "iso_offset": _iso_offset,
}
"""By name; an instant that is none becomes nothing."""


def written_time(at: datetime, cast: str, zone: tzinfo, minus: int = 0) -> Any:
    """An instant as the platform writes it; `minus` seconds are taken off an epoch."""
    if cast in ("unix_s", "unix_ms"):
        return CASTS[cast](at, zone) - minus * (1_000 if cast == "unix_ms" else 1)
    return CASTS[cast](at, zone)


def written_window(start: datetime, end: datetime, cast: str, zone: tzinfo) -> tuple[Any, Any]:
    """A window as the platform writes it.

    Of a time that the clock shows twice nobody says which is meant: whichever the platform takes it for, the window is
    in what it is asked for. What comes beyond it is known, or comes again.
    """
    if cast in SHOWN:
        if (twice := repeated(start, zone)) and not start.astimezone(zone).fold:
            start = twice[0] - timedelta(seconds=1)
        if (twice := repeated(end, zone)) and end.astimezone(zone).fold:
            end = twice[1]
    return written_time(start, cast, zone), written_time(end, cast, zone)


def read_time(value: Any, cast: str, zone: tzinfo, fold: int = 0) -> datetime | None:
    """When the platform says that something was; None when that cannot be. `fold` is 1 for the later of two."""
    try:
        if cast in ("unix_s", "unix_ms"):
            digits = text(value)
            scale = 1_000 if cast == "unix_ms" else 1
            at = datetime.fromtimestamp(int(digits) / scale, UTC) if _SECONDS.fullmatch(digits[:12]) else None
        else:
            at = datetime.fromisoformat(text(value).strip().replace("/", "-"))
            at = at if at.tzinfo else at.replace(tzinfo=UTC if cast.startswith("iso") else zone, fold=fold)
    except (ValueError, OverflowError, OSError):
        return None
    return at if at is not None and YEARS[0] <= at.year <= YEARS[1] else None

"""Instants from whatever a source writes: epoch numbers, local texts in the account's zone, ISO with offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol

from orderloom.blueprint.mapping.scope import Scope, Unfit

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOOSE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]+(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:[.,](\d{1,6}))?)?秒?分?)?"
)
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_EPOCH_UNITS = {10: 1_000_000, 13: 1_000, 16: 1}
"""Digits of an epoch number of our times to microseconds per unit."""


def read_time(value: Any, scope: Scope, zone: tzinfo, form: str) -> datetime | None:
    """The instant in UTC; None for the zeros that sources write for "never". Raises `Unfit` for what is no time."""
    if value.__class__ is str:
        text = value.strip()
        if not text or text in ("0", "null") or text.startswith(("0000-00-00", "0000/00/00", "0001-01-01")):
            return None
        if form == "":
            instant, flag = _recognised_text(text, zone)
            if flag:
                scope.flag(flag)
            return instant
        value = text
    elif isinstance(value, datetime):
        return value
    elif isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise _no_time()
    return _by_form(value, scope, zone, form)


def _by_form(value: Any, scope: _Flagged, zone: tzinfo, form: str) -> datetime | None:
    if form in ("epoch_s", "epoch_ms"):
        return _epoch(value, 1_000_000 if form == "epoch_s" else 1_000)
    if form not in ("", "iso"):
        try:
            return _utc(datetime.strptime(str(value), form), scope, zone)  # noqa: DTZ007
        except ValueError as error:
            raise _no_time() from error
    if value == 0:
        return None
    if isinstance(value, Decimal) and value != value.to_integral_value():
        return _epoch(value, 1_000_000)
    return _recognised(str(int(value)) if not isinstance(value, str) else value, scope, zone)


@lru_cache(maxsize=4096)
def _recognised_text(text: str, zone: tzinfo) -> tuple[datetime | None, str]:
    """Remembered, for an order says the same instant several times, and orders come in bursts of seconds."""
    flags = _Flags()
    return _recognised(text, flags, zone), flags.name


class _Flags:
    """Takes the flag of one reading, where there is no scope yet."""

    name = ""

    def flag(self, name: str) -> None:
        self.name = name


class _Flagged(Protocol):
    def flag(self, name: str) -> None: ...


def _recognised(text: str, scope: _Flagged, zone: tzinfo) -> datetime | None:
    if text.isdigit() and text.isascii():
        if len(text) in _EPOCH_UNITS:
            return _epoch(text, _EPOCH_UNITS[len(text)])
        if len(text) not in _COMPACT:
            raise _no_time()
        return _by_form(text, scope, zone, _COMPACT[len(text)])
    try:
        return _utc(datetime.fromisoformat(text), scope, zone)
    except ValueError:
        pass
    loose = _LOOSE.fullmatch(text)
    if loose is None:
        raise _no_time()
    year, month, day, hour, minute, second = (int(part or 0) for part in loose.groups()[:6])
    micro = int((loose.group(7) or "").ljust(6, "0"))
    try:
        return _utc(datetime(year, month, day, hour, minute, second, micro), scope, zone)  # noqa: DTZ001
    except ValueError as error:
        raise _no_time() from error


def _epoch(value: Any, unit: int) -> datetime | None:
    try:
        micro = int(Decimal(value) * unit)
        return _EPOCH + timedelta(microseconds=micro) if micro else None
    except (ArithmeticError, ValueError, OverflowError) as error:
        raise _no_time() from error


def _utc(local: datetime, scope: _Flagged, zone: tzinfo) -> datetime:
    """UTC of a local time. A time that a clock change skipped or repeated is read before the change, and flagged."""
    try:
        if local.tzinfo is not None:
            return local if local.tzinfo is UTC else local.astimezone(UTC)
        first = local.replace(tzinfo=zone).utcoffset()
        second = local.replace(tzinfo=zone, fold=1).utcoffset()
        assert first is not None and second is not None, "zones of the table have offsets"
        if first != second:
            scope.flag("time_ambiguous" if first > second else "time_in_gap")
        return (local - first).replace(tzinfo=UTC)
    except OverflowError as error:
        raise _no_time() from error


def _no_time() -> Unfit:
    return Unfit(
        "wrong_time",
        "不是可识别的时间，请在映射中写明 format",
        "not a time that is recognised; state its format in the mapping",
    )

"""Instants from whatever a source writes: epoch numbers, local texts in the account's zone, ISO with offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol

from orderloom.blueprint.mapping.scope import Scope, Unfit
from orderloom.domain.clock_change import levelled

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK = re.compile(
    r"(?:[ T,]+|$)(?P<early>上午|下午|[ap]\.?m\.?)?\s*(?:(\d{1,2})[:时点](\d{1,2})"
    r"(?:[:分](\d{1,2})(?:[.,](\d{1,6}))?)?秒?分?\s*(?P<late>[ap]\.?m\.?)?)?\s*(?P<offset>Z|UTC|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
"""The time of day behind a date, as sources and spreadsheets write it."""
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_NAMED = re.compile(
    r"(?:(\d{1,2})[-. ]+)?([a-z]{3})[a-z]*[-., ]+(?:(\d{1,2})(?:st|nd|rd|th)?[-., ]+)?(\d{4})", re.IGNORECASE
)
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
           "nov": 11, "dec": 12}  # fmt: skip
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?")
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001
_SERIALS = (36_526, 73_051)
"""Days of a spreadsheet that are dates between 2000 and 2100."""
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_NEVER = ("0000-00-00", "0000/00/00", "0001-01-01", "0001/01/01")
_EPOCH_UNITS = {10: 1_000_000, 13: 1_000, 16: 1}
"""Digits of an epoch number of our times to microseconds per unit."""


def is_never(value: Any) -> bool:
    """Whether this is what sources write where a time would stand when there is none: nothing, or zeros."""
    if value.__class__ is str:
        text = value.strip()
        return not text or text in ("0", "null") or text.startswith(_NEVER)
    return value is None or (not isinstance(value, (list, dict)) and value == 0)


def read_time(value: Any, scope: _Flagged, zone: tzinfo, form: str) -> datetime | None:
    """The instant in UTC; None for the zeros that sources write for "never". Raises `Unfit` for what is no time."""
    if value.__class__ is str:
        text = value.strip()
        if is_never(text):
            return None
        if form == "":
            instant, flag = _recognised_text(text, zone, scope.dates)
            if flag:
                scope.flag(flag)
            return instant
        value = text
    elif isinstance(value, datetime):
        return value
    elif isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise _no_time()
    return _by_form(value, scope, zone, form)


def read_revision(value: Any, scope: Scope, zone: tzinfo, form: str) -> datetime | None:
    """As `read_time`, for what says which statement is newer: a time that a clock change leaves unsure is level."""
    heard = _Flags()
    heard.dates = scope.dates
    found = read_time(value, heard, zone, form)
    if not heard.name or found is None:
        return found
    scope.flag(heard.name)
    return levelled(found, zone)


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
        return _epoch(value, 1_000_000) if value > _SERIALS[1] else _serial(format(value, "f"), scope, zone)
    return _recognised(str(int(value)) if not isinstance(value, str) else value, scope, zone)


@lru_cache(maxsize=4096)
def _recognised_text(text: str, zone: tzinfo, dates: str) -> tuple[datetime | None, str]:
    """Remembered, for an order says the same instant several times, and orders come in bursts of seconds."""
    flags = _Flags()
    flags.dates = dates
    return _recognised(text, flags, zone), flags.name


class _Flags:
    """Takes the flag of one reading, where there is no scope yet."""

    name = ""
    dates = ""

    def flag(self, name: str) -> None:
        self.name = name


class _Flagged(Protocol):
    dates: str

    def flag(self, name: str) -> None: ...


def _recognised(text: str, scope: _Flagged, zone: tzinfo) -> datetime | None:
    if text.isdigit() and text.isascii():
        if len(text) in _EPOCH_UNITS:
            return _epoch(text, _EPOCH_UNITS[len(text)])
        if len(text) == 5:
            return _serial(text, scope, zone)
        if len(text) not in _COMPACT:
            raise _no_time()
        return _by_form(text, scope, zone, _COMPACT[len(text)])
    try:
        return _utc(datetime.fromisoformat(text), scope, zone)
    except ValueError:
        pass
    if _SERIAL.fullmatch(text):
        return _serial(text, scope, zone)
    found, rest = _date(text, scope.dates)
    clock = _CLOCK.fullmatch(rest)
    if clock is None:
        raise _no_time()
    try:
        local = datetime(*found) + _time_of_day(clock)  # noqa: DTZ001
        offset = clock["offset"]
        if offset:
            local = datetime.fromisoformat(local.isoformat() + ("+00:00" if offset.upper() in ("Z", "UTC") else offset))
        return _utc(local, scope, zone)
    except (ValueError, OverflowError) as error:
        raise _no_time() from error


def _date(text: str, dates: str) -> tuple[tuple[int, int, int], str]:
    """(year, month, day) at the beginning of a text, and what follows. Raises `Unfit`."""
    if found := _YEAR_FIRST.match(text):
        return (int(found[1]), int(found[2]), int(found[3])), text[found.end() :]
    if (found := _NAMED.match(text)) and found[2].lower() in _MONTHS and (found[1] is None) != (found[3] is None):
        return (int(found[4]), _MONTHS[found[2].lower()], int(found[1] or found[3])), text[found.end() :]
    if found := _YEAR_LAST.match(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        order = "dmy" if first > 12 or first == second else "mdy" if second > 12 else dates
        if order == "dmy":
            return (year, second, first), text[found.end() :]
        if order == "mdy":
            return (year, first, second), text[found.end() :]
        raise Unfit(
            "wrong_time",
            "看不出日和月哪个在前；请给账号加 --setting dates=dmy（日在前）或 dates=mdy（月在前）后重新导入",
            "day or month first? say it for the account, --setting dates=dmy or dates=mdy, and import again",
        )
    raise _no_time()


def _time_of_day(clock: re.Match[str]) -> timedelta:
    """What a clock's text adds to its day; `24:00` is the next one's beginning. Raises ValueError."""
    hour, minute, second = (int(clock[at] or 0) for at in (2, 3, 4))
    half = (clock["late"] or clock["early"] or "").lower().replace(".", "")
    if half in ("pm", "下午") and hour < 12:
        hour += 12
    elif half in ("am", "上午") and hour == 12:
        hour = 0
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise ValueError("no time of day")
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=int((clock[5] or "").ljust(6, "0")))


def _serial(text: str, scope: _Flagged, zone: tzinfo) -> datetime:
    """A spreadsheet's own number for a time: days since 1899-12-30, local."""
    days = Decimal(text)
    if not _SERIALS[0] <= days < _SERIALS[1]:
        raise _no_time()
    seconds = int((days * 86_400).to_integral_value())
    return _utc(_SERIAL_ZERO + timedelta(seconds=seconds), scope, zone)


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

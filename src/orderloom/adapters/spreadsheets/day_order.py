"""Whether the day or the month stands first in a file's dates, told from those of its rows that have one reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from orderloom.adapters.spreadsheets.columns import Header
from orderloom.adapters.spreadsheets.rows import Row

ORDERS = ("dmy", "mdy")
_DATE = re.compile(r"\s*(\d{1,2})([-/.])(\d{1,2})\2\d{4}(?!\d)")
_WORDS = ("时间", "日期", "時間", "date", "time", "_at")
"""A column with one of these in its name holds dates."""


class DayOrder:
    """Watches rows go by. `told` is dmy or mdy once a date had a day above 12; empty when none had, or both did."""

    def __init__(self, header: Header, setting: str) -> None:
        self._columns = [at for at, name in enumerate(header.names) if any(word in name for word in _WORDS)]
        self._setting = setting if setting in ORDERS else ""
        self._seen: set[str] = set()

    @property
    def told(self) -> str:
        """What the account says, else what the file shows."""
        return self._setting or (next(iter(self._seen)) if len(self._seen) == 1 else "")

    def watch(self, found: Iterable[Row]) -> Iterator[Row]:
        """The same rows."""
        for row in found:
            for at in self._columns:
                if date := _DATE.match(row.cells[at]):
                    first, second = int(date[1]), int(date[3])
                    if first > 12 >= second:
                        self._seen.add("dmy")
                    elif second > 12 >= first:
                        self._seen.add("mdy")
            yield row

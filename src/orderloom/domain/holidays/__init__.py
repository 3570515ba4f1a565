"""The days on which China rests, as announced; read once from the package's own data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files


@cache
def days_of_rest() -> Mapping[date, bool]:
    """By day: true on a day off, false on a weekend day that is worked. Other days are as the week has them."""
    text = files(__package__).joinpath("cn.txt").read_text(encoding="utf-8")
    return {date.fromisoformat(day): off == "1" for day, off in (line.split("\t") for line in text.splitlines())}


def is_announced(year: int) -> bool:
    """Whether the holidays of a year are known; of another one nobody can say."""
    return any(day.year == year for day in days_of_rest())

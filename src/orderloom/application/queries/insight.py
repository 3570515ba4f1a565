"""Boards of figures: how many, how much, how fast, by time or by place, each against the period before.

Everything is read from the figures that are added up by the seller's day, so a board costs the same however many orders
there are. Currencies are never summed: each has a chart of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
By = Literal["day", "week", "month", "channel", "account", "warehouse", "kind"]
TIMES = ("day", "week", "month")
DAYS_MAX: Mapping[str, int] = {"day": 93, "week": 400}
SPAN_DAYS_MAX = 800
PARTS_MAX = 40
BEHIND_SECONDS = 15
"""What came within so many seconds is being added up as always."""
CURRENCIES_MAX = 3
"""Charts of value on a board: the currencies with the most orders' worth."""
IN_WAREHOUSES = frozenset({"assigned", "shipped", "due", "late"})
"""Measures that know the warehouse; the others are of the whole order, before one is chosen."""


class ChartKind(NamedTuple):
    """A chart: what its numbers are, and the measures that they are made of."""

    name: str
    unit: Literal["count", "money", "seconds", "permille"]
    measures: tuple[str, ...]
    rows: Literal["orders", "cases"]


_EVERY = (
    ChartKind("orders", "count", ("orders",), "orders"),
    ChartKind("cancelled", "count", ("cancelled",), "orders"),
    ChartKind("value", "money", ("value",), "orders"),
    ChartKind("lag_p50", "seconds", ("lag",), "orders"),
    ChartKind("lag_p95", "seconds", ("lag",), "orders"),
    ChartKind("cases", "count", ("cases",), "cases"),
    ChartKind("case_rate", "permille", ("cases", "orders"), "cases"),
    ChartKind("assigned", "count", ("assigned",), "orders"),
    ChartKind("shipped", "count", ("shipped",), "orders"),
    ChartKind("on_time", "permille", ("due", "late"), "orders"),
)
KINDS = {kind.name: kind for kind in _EVERY}
BOARDS: Mapping[str, tuple[str, ...]] = {
    "overview": ("orders", "value", "lag_p95", "case_rate", "on_time"),
    "orders": ("orders", "value", "cancelled"),
    "sync": ("lag_p50", "lag_p95"),
    "cases": ("cases", "case_rate"),
    "shipping": ("assigned", "shipped", "on_time"),
}


class FigureQuestion(msgspec.Struct, frozen=True):
    """What is to be shown: days from `since` up to, not with, `until`; None: of all accounts, warehouses."""

    board: str
    by: By
    since: date
    until: date
    accounts: tuple[int, ...] | None = None
    warehouses: tuple[int, ...] | None = None
    has_money: bool = True


class ChartPoint(msgspec.Struct, frozen=True):
    """A part of a chart: a day (the first of a week or month), or a code. Null: nothing was counted."""

    part: str
    now: int | None
    before: int | None


class Chart(msgspec.Struct, frozen=True):
    """One figure. Units: count; money in minor units of `currency`; seconds; permille. `rows`: the page of its rows."""

    name: str
    unit: str
    currency: str
    rows: str
    now: int | None
    before: int | None
    points: list[ChartPoint]


class FigureBoard(msgspec.Struct, frozen=True):
    """Charts of a span and the one before it, which is as long. `as_of`: every fact until then is in it, `is_behind`:
    later ones are still being added up. `left_out`: what cannot be told by warehouse, or not to the caller."""

    board: str
    by: str
    since: date
    until: date
    as_of: datetime
    is_behind: bool
    charts: list[Chart]
    left_out: list[str] = []


class PartSums(NamedTuple):
    """PartSums of one part of one side: by measure, and by mark within it."""

    all: Counter[str]
    marks: dict[str, Counter[str]]


def days_refused(by: str, since: date, until: date) -> int:
    """The most days that a span may have shown so, when it has more; else 0."""
    most = DAYS_MAX.get(by, SPAN_DAYS_MAX)
    return most if (until - since).days > most else 0


async def read_board(connection: Connection, asked: FigureQuestion, at: datetime) -> FigureBoard:
    """The charts of a board that can be told as asked."""
    names = BOARDS[asked.board]
    kinds = [KINDS[n] for n in names if _can_tell(KINDS[n], asked)]
    given = {
        "since": asked.since, "until": asked.until, "by": asked.by,
        "measures": sorted({m for k in kinds for m in k.measures}),
        "accounts": _list(asked.accounts), "warehouses": _list(asked.warehouses),
    }
    sides: dict[bool, dict[str, PartSums]] = {True: {}, False: {}}
    query = SQL["times" if asked.by in TIMES else "places"]
    for measure, is_now, mark, part, quantity in await (await connection.execute(query, given)).fetchall():
        for key in (part, ""):
            sums = sides[is_now].setdefault(key, PartSums(Counter(), defaultdict(Counter)))
            sums.all[measure] += quantity
            sums.marks[measure][mark] += quantity
            if not part:
                break
    as_of, is_behind = await freshness(connection, at)
    charts = [chart for kind in kinds for chart in _charts(kind, asked, sides)]
    return FigureBoard(asked.board, asked.by, asked.since, asked.until, as_of, is_behind, charts,
                 [n for n in names if KINDS[n] not in kinds])


async def freshness(connection: Connection, at: datetime) -> tuple[datetime, bool]:
    """Until when facts are added up, and whether older ones than a moment are not yet."""
    row = await (await connection.execute(SQL["freshness"])).fetchone()
    if row is None:
        return at, True
    as_of = row[0] or at
    return as_of, (at - as_of).total_seconds() > BEHIND_SECONDS


def _list(numbers: Sequence[int] | None) -> list[int] | None:
    return None if numbers is None else list(numbers)


def _can_tell(kind: ChartKind, asked: FigureQuestion) -> bool:
    if kind.unit == "money" and not asked.has_money:
        return False
    if asked.by == "kind":
        return kind.name == "cases"
    is_of_places = asked.by == "warehouse" or asked.warehouses is not None
    return not is_of_places or IN_WAREHOUSES.issuperset(kind.measures)


def _charts(kind: ChartKind, asked: FigureQuestion, sides: Mapping[bool, Mapping[str, PartSums]]) -> Iterator[Chart]:
    """The chart of a kind; one for each currency where it is money."""
    parts = _parts(asked, sides, kind)
    for currency in _currencies(sides) if kind.unit == "money" else ("",):
        def number(side: bool, part: str, currency: str = currency) -> int | None:
            sums = sides[side].get(part)
            return None if sums is None else figure(kind.name, sums, currency)

        points = [ChartPoint(part, number(True, part), number(False, part)) for part in parts]
        yield Chart(kind.name, kind.unit, currency, kind.rows, number(True, ""), number(False, ""),
                    [p for p in points if asked.by in TIMES or p.now or p.before])


def _parts(asked: FigureQuestion, sides: Mapping[bool, Mapping[str, PartSums]], kind: ChartKind) -> list[str]:
    """Every day, week or month of the span, in order; else the places with the most, the most first."""
    if asked.by in TIMES:
        return list(times(asked))
    counted: Counter[str] = Counter()
    for side in sides.values():
        for part, sums in side.items():
            if part:
                counted[part] += sum(sums.all[m] for m in kind.measures)
    return [part for part, _ in counted.most_common(PARTS_MAX)]


def times(asked: FigureQuestion) -> Iterator[str]:
    """The days, or the first days of the weeks or months, of the span."""
    day = asked.since
    while day < asked.until:
        if asked.by == "week":
            first, following = day - timedelta(days=day.weekday()), day + timedelta(days=7 - day.weekday())
        elif asked.by == "month":
            first = day.replace(day=1)
            following = (first + timedelta(days=32)).replace(day=1)
        else:
            first, following = day, day + timedelta(days=1)
        yield first.isoformat()
        day = following


def _currencies(sides: Mapping[bool, Mapping[str, PartSums]]) -> list[str]:
    every: Counter[str] = Counter()
    for side in sides.values():
        if "" in side:
            every += side[""].marks["value"]
    return [currency for currency, _ in every.most_common(CURRENCIES_MAX)]


def figure(name: str, sums: PartSums, currency: str = "") -> int | None:
    """The number of a chart; None where there is nothing that it could be a share or percentile of."""
    if name == "value":
        return sums.marks["value"][currency]
    if name in ("lag_p50", "lag_p95"):
        return percentile(sums.marks["lag"], int(name[-2:]))
    if name == "case_rate":
        return _share(sums.all["cases"], sums.all["orders"])
    if name == "on_time":
        return _share(sums.all["due"] - sums.all["late"], sums.all["due"])
    return sums.all[name]


def _share(part: int, whole: int) -> int | None:
    return round(1_000 * part / whole) if whole > 0 else None


def percentile(steps: Mapping[str, Any], percent: int) -> int | None:
    """Seconds within which `percent` of the counted lags lie. A step is a quarter of a doubling: exact to a tenth."""
    wanted, seen = sum(steps.values()) * percent / 100, 0
    for step in sorted(map(int, steps)):
        seen += steps[str(step)]
        if seen >= wanted and seen:
            return max(round(2 ** ((step - 0.5) / 4)), 1)
    return None

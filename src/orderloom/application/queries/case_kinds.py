"""The queue by kind and cause: how many cases, what hangs on them and what money, for one mend often ends many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.case_filter import NONE_KNOWN, UNNAMED_SEVERITY, CaseFilter, conditions
from orderloom.application.queries.cases import SQL, Stake, hanging_on
from orderloom.application.queries.sql import Connection, where

CASES_MAX = 5_000
CAUSES_MAX = 20


class Pile(msgspec.Struct, frozen=True):
    """Cases of one cause: how many, messages that wait for them, money, the oldest and the next that is due; `case` is
    that one."""

    cause: str
    count: int
    messages: int
    money: list[Stake]
    oldest_at: datetime
    due_at: datetime | None
    case: str


class KindPile(Pile, frozen=True):
    """Cases of one kind, with the first causes of them."""

    kind: str
    severity: str
    owner: str
    causes: list[Pile]


class LastMended(msgspec.Struct, frozen=True):
    """The case that ended last, and how many seconds it had been open."""

    case: str
    kind: str
    at: datetime
    seconds: int


class CaseKinds(msgspec.Struct, frozen=True):
    """The queue by kind, what is due first before. `is_cut`: there are more cases than were counted."""

    kinds: list[KindPile]
    count: int
    is_cut: bool
    as_of: datetime
    last_mended: LastMended | None


Row = Sequence[Any]
"""id, kind, cause, owner, opened_at, due_at."""
Hanging = Mapping[str, tuple[int, datetime | None, int, list[Stake]]]


async def list_kinds(
    connection: Connection, asked: CaseFilter, at: datetime, severities: Mapping[str, str] = NONE_KNOWN,
) -> CaseKinds:
    """The queue by kind; the first 5,000 cases are counted, by the time left."""
    parts, values = conditions(asked, severities, at)
    query = SQL["standing"].replace("{where}", where(parts))
    rows = await (await connection.execute(query, {**values, "limit": CASES_MAX + 1})).fetchall()
    counted = rows[:CASES_MAX]
    hanging = await hanging_on(connection, [row[0] for row in counted])
    by_kind: dict[str, list[Row]] = {}
    for row in counted:
        by_kind.setdefault(row[1], []).append(row)
    kinds = [_kind(kind, some, hanging, severities.get(kind, UNNAMED_SEVERITY)) for kind, some in by_kind.items()]
    last = await (await connection.execute(SQL["last_mended"])).fetchone()
    mended = None if last is None else LastMended(
        last[0], last[1], last[3], round((last[3] - last[2]).total_seconds()))
    return CaseKinds(kinds, len(counted), len(rows) > CASES_MAX, at, mended)


def _kind(kind: str, rows: Sequence[Row], hanging: Hanging, severity: str) -> KindPile:
    by_cause: dict[str, list[Row]] = {}
    for row in rows:
        by_cause.setdefault(row[2], []).append(row)
    causes = sorted((_pile(cause, some, hanging) for cause, some in by_cause.items()), key=lambda p: -p.count)
    whole = msgspec.structs.asdict(_pile("", rows, hanging))
    return KindPile(**whole, kind=kind, severity=severity, owner=rows[0][3], causes=causes[:CAUSES_MAX])


def _pile(cause: str, rows: Sequence[Row], hanging: Hanging) -> Pile:
    found = [hanging[row[0]] for row in rows if row[0] in hanging]
    oldest = min(min(row[4], (hanging[row[0]][1] if row[0] in hanging else None) or row[4]) for row in rows)
    return Pile(cause, len(rows), sum(one[0] for one in found), summed(one[3] for one in found), oldest, rows[0][5],
                rows[0][0])


def summed(stakes: Iterable[Iterable[Stake]]) -> list[Stake]:
    """Money by currency: two currencies are never added."""
    by: dict[str, int] = {}
    for some in stakes:
        for stake in some:
            by[stake.currency] = by.get(stake.currency, 0) + stake.amount
    return [Stake(currency, amount) for currency, amount in sorted(by.items())]

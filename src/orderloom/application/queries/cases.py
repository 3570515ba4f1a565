"""Cases: what went wrong, who has to act until when, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from orderloom.application.masking import mask_nested, mask_text
from orderloom.application.queries.case_filter import (
    NONE_KNOWN,
    ORDERS,
    UNNAMED_SEVERITY,
    CaseFilter,
    Sort,
    after,
    conditions,
    place_of,
)
from orderloom.application.queries.case_line import CaseLine, line_of
from orderloom.application.queries.sql import HEX, Connection, from_cursor, to_cursor, where
from orderloom.statements import beside

SQL = beside(__file__)
HISTORY_MAX = 1000
MEMBERS_SUMMED_MAX = 2_000
"""Members of a group whose orders' money is summed."""
PAST_DAYS = 30
EVERY = CaseFilter()


class Stake(msgspec.Struct, frozen=True):
    """Money at stake in one currency, in minor units."""

    currency: str
    amount: int


class CaseView(msgspec.Struct, frozen=True):
    """An anomaly with its evidence; personal values in it are masked.

    `owner` is a role, `person` whoever of it has the case; `snoozed_until` is about the asker's own queue. `line`
    is the evidence in a code and facts, for a sentence. `messages` wait for it, the first since `oldest_at`;
    `money` is what their orders, or the case's own, come to; `tries`: how often it was tried again by itself.
    `severity` is what the blueprint says of the kind: low, medium, high or critical. A group is one case for all of a
    kind and cause; `count` is how many of its members are open.
    """

    id: str
    kind: str
    subject: str
    order_id: str | None
    order: str | None
    account: str | None
    owner: str
    opened_at: datetime
    due_at: datetime | None
    seen_at: datetime
    sightings: int
    tries: int
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None
    cause: str
    is_group: bool
    count: int
    taken_at: datetime | None
    taken_by: str | None
    evidence: dict[str, Any]
    severity: str
    person: str | None = None
    channel: str | None = None
    snoozed_until: datetime | None = None
    line: CaseLine = CaseLine("")
    messages: int = 0
    oldest_at: datetime | None = None
    money: list[Stake] = []


class CaseEvent(msgspec.Struct, frozen=True):
    """What somebody did to a case: `taken` (from), `assigned` (from, to, person), `commented` (note), `mended` (mend
    and what it did), `resolved` (resolution) or `reopened` (reason, and how it had been closed)."""

    at: datetime
    by: str
    kind: str
    detail: dict[str, Any]


class CaseDetail(CaseView, frozen=True):
    """A case with what people did to it, oldest first; so many of its kind ended in the last 30 days, half of them
    within so many seconds."""

    history: list[CaseEvent] = []
    past_count: int = 0
    past_median_seconds: int | None = None


class CasePage(msgspec.Struct, frozen=True):
    """A page of cases, newest first."""

    cases: list[CaseView]
    next: str | None


class Member(msgspec.Struct, frozen=True):
    """One subject of a group."""

    subject: str
    order_id: str | None
    order: str | None
    seen_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


class MemberPage(msgspec.Struct, frozen=True):
    """A page of a group's subjects, by subject."""

    members: list[Member]
    next: str | None


async def list_cases(
    connection: Connection, asked: CaseFilter = EVERY, *, sort: Sort = "newest", cursor: str = "", limit: int = 50,
    severities: Mapping[str, str] = NONE_KNOWN, at: datetime | None = None,
) -> CasePage:
    """A page of cases, newest first or by the time left; `severities`: how grave each kind is. Raises WrongCursor."""
    parts, values = conditions(asked, severities, at or datetime.now(UTC))
    if cursor:
        behind, place = after(cursor, sort)
        parts.append(behind)
        values |= place
    cases = await _page(connection, parts, values, limit + 1, severities, sort)
    more = len(cases) > limit
    cases = await with_hanging(connection, cases[:limit])
    return CasePage(cases, place_of(cases[-1].id, cases[-1].due_at, sort) if more else None)


async def with_hanging(connection: Connection, cases: Sequence[CaseView]) -> list[CaseView]:
    """The cases with what hangs on each."""
    hanging = await hanging_on(connection, [case.id for case in cases])
    return [msgspec.structs.replace(case, messages=found[0], oldest_at=found[1], tries=max(case.tries, found[2]),
                                    money=found[3])
            if (found := hanging.get(case.id)) else case for case in cases]


async def hanging_on(
    connection: Connection, ids: Sequence[str],
) -> dict[str, tuple[int, datetime | None, int, list[Stake]]]:
    """Of each of these cases: messages that wait, since when, how often they were tried again, and the money."""
    given = {"ids": list(ids), "members": MEMBERS_SUMMED_MAX}
    rows = await (await connection.execute(SQL["hanging"], given)).fetchall() if ids else []
    return {r[0]: (r[1], r[2], r[3], [Stake(currency, amount) for currency, amount in r[4] or ()]) for r in rows}


async def list_members(
    connection: Connection, case_id: str, *, state: str = "open", cursor: str = "", limit: int = 50,
) -> MemberPage:
    """A page of what a group is about; `state` is open | resolved | any. Raises WrongCursor."""
    parts: list[str] = []
    values: dict[str, Any] = {"case": case_id, "limit": limit + 1}
    if state != "any":
        parts.append("resolved_at is null" if state == "open" else "resolved_at is not null")
    if cursor:
        parts.append("subject > %(after)s")
        values["after"] = bytes.fromhex(from_cursor(cursor, HEX)[0]).decode()
    query = SQL["members"].replace("{where}", where(parts))
    found = [Member(*r) for r in await (await connection.execute(query, values)).fetchall()]
    last = to_cursor(found[limit - 1].subject.encode().hex()) if len(found) > limit else None
    return MemberPage(found[:limit], last)


async def read_case(
    connection: Connection, case_id: str, severities: Mapping[str, str] = NONE_KNOWN, *, me: str = "",
    at: datetime | None = None,
) -> CaseDetail | None:
    """The case with this id and its history."""
    at = at or datetime.now(UTC)
    found = await _page(connection, ["c.id = %(id)s::uuid"], {"id": case_id, "me": me, "at": at}, 1, severities)
    if not found:
        return None
    (one,) = await with_hanging(connection, found)
    rows = await (await connection.execute(SQL["history"], {"id": case_id, "limit": HISTORY_MAX})).fetchall()
    since = at - timedelta(days=PAST_DAYS)
    past = await (await connection.execute(SQL["past"], {"kind": one.kind, "since": since})).fetchone()
    count, median = past or (0, None)
    return CaseDetail(
        **msgspec.structs.asdict(one), past_count=count,
        past_median_seconds=None if median is None else round(median),
        history=[CaseEvent(at, by, kind, mask_nested(detail)) for at, by, kind, detail in rows])


async def read_cases(
    connection: Connection, ids: Sequence[str], severities: Mapping[str, str] = NONE_KNOWN, *, me: str = "",
    at: datetime | None = None,
) -> list[CaseView]:
    """Those of these cases that there are, newest first, with what hangs on each."""
    values = {"ids": list(ids), "me": me, "at": at or datetime.now(UTC)}
    found = await _page(connection, ["c.id = any(%(ids)s::uuid[])"], values, len(ids), severities) if ids else []
    return await with_hanging(connection, found)


async def _page(
    connection: Connection, parts: list[str], values: dict[str, Any], limit: int, severities: Mapping[str, str],
    sort: Sort = "newest",
) -> list[CaseView]:
    query = SQL["page"].replace("{where}", where(parts)).replace("{order}", ORDERS[sort])
    rows = await (await connection.execute(query, {**values, "limit": limit})).fetchall()
    return [_case(row, severities) for row in rows]


def _case(row: Sequence[Any], severities: Mapping[str, str]) -> CaseView:
    evidence = mask_nested(row[20])
    severity = severities.get(row[1], UNNAMED_SEVERITY)
    view = CaseView(*(*row[:20], evidence, severity, *row[21:24], line_of(row[1], evidence)))
    return msgspec.structs.replace(view, resolution=view.resolution and mask_text(view.resolution))

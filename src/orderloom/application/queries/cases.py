"""Cases: what went wrong, who has to act until when, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec

from orderloom.application.masking import mask_nested, mask_text
from orderloom.application.queries.sql import HEX, UUID, Connection, from_cursor, to_cursor, where
from orderloom.statements import beside

SQL = beside(__file__)
HISTORY_MAX = 1000
UNNAMED_SEVERITY = "high"
"""Of a kind that no blueprint names."""
NONE_KNOWN: Mapping[str, str] = MappingProxyType({})


class CaseView(msgspec.Struct, frozen=True):
    """An anomaly with its evidence; personal values in it are masked.

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


class CaseEvent(msgspec.Struct, frozen=True):
    """What somebody did to a case: `taken` (from), `assigned` (from, to), `resolved` (resolution) or `reopened`
    (reason, and how it had been closed)."""

    at: datetime
    by: str
    kind: str
    detail: dict[str, Any]


class CaseDetail(CaseView, frozen=True):
    """A case with what people did to it, oldest first."""

    history: list[CaseEvent] = []


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
    connection: Connection, *, kind: str = "", owner: str = "", state: str = "open", order_id: str = "",
    cursor: str = "", limit: int = 50, severity: str = "", severities: Mapping[str, str] = NONE_KNOWN,
) -> CasePage:
    """A page of cases; `state` is open | resolved | any, `severities`: how grave each kind is. Raises WrongCursor."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    if severity:
        is_named = severity != UNNAMED_SEVERITY
        parts.append("kind = any(%(kinds)s)" if is_named else "kind <> all(%(kinds)s)")
        values["kinds"] = [kind for kind, known in severities.items() if (known == severity) == is_named]
    for name, value in (("kind", kind), ("owner", owner)):
        if value:
            parts.append(f"{name} = %({name})s")
            values[name] = value
    if order_id:
        parts.append("(order_id = %(order)s::uuid or id in (select case_id from case_member"
                     " where order_id = %(order)s::uuid and resolved_at is null))")
        values["order"] = order_id
    if state != "any":
        parts.append("resolved_at is null" if state == "open" else "resolved_at is not null")
    if cursor:
        parts.append("id < %(after)s::uuid")
        values["after"] = from_cursor(cursor, UUID)[0]
    found = await _page(connection, parts, values, limit + 1)
    cases = [_case(row, severities) for row in found[:limit]]
    return CasePage(cases, to_cursor(cases[-1].id) if len(found) > limit else None)


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
    connection: Connection, case_id: str, severities: Mapping[str, str] = NONE_KNOWN,
) -> CaseDetail | None:
    """The case with this id and its history."""
    found = await _page(connection, ["id = %(id)s::uuid"], {"id": case_id}, 1)
    if not found:
        return None
    rows = await (await connection.execute(SQL["history"], {"id": case_id, "limit": HISTORY_MAX})).fetchall()
    case = msgspec.structs.asdict(_case(found[0], severities))
    return CaseDetail(**case, history=[CaseEvent(at, by, kind, mask_nested(detail)) for at, by, kind, detail in rows])


async def _page(
    connection: Connection, parts: list[str], values: dict[str, Any], limit: int
) -> Sequence[Sequence[Any]]:
    query = SQL["page"].replace("{where}", where(parts))
    return await (await connection.execute(query, {**values, "limit": limit})).fetchall()


def _case(row: Sequence[Any], severities: Mapping[str, str]) -> CaseView:
    view = CaseView(*(*row[:-1], mask_nested(row[-1]), severities.get(row[1], UNNAMED_SEVERITY)))
    return msgspec.structs.replace(view, resolution=view.resolution and mask_text(view.resolution))

"""Cases: what went wrong, who has to act until when, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.masking import mask_facts
from orderloom.application.queries.sql import UUID, Connection, from_cursor, statements, to_cursor, where

SQL = statements(__file__, "cases")


class CaseView(msgspec.Struct, frozen=True):
    """An anomaly with its evidence; personal values in it are masked."""

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
    evidence: dict[str, Any]


class CasePage(msgspec.Struct, frozen=True):
    """A page of cases, newest first."""

    cases: list[CaseView]
    next: str | None


async def list_cases(
    connection: Connection, *, kind: str = "", owner: str = "", state: str = "open", order_id: str = "",
    cursor: str = "", limit: int = 50,
) -> CasePage:
    """A page of cases; `state` is open | resolved | any. Raises WrongCursor."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for name, value in (("kind", kind), ("owner", owner)):
        if value:
            parts.append(f"{name} = %({name})s")
            values[name] = value
    if order_id:
        parts.append("order_id = %(order)s::uuid")
        values["order"] = order_id
    if state != "any":
        parts.append("resolved_at is null" if state == "open" else "resolved_at is not null")
    if cursor:
        parts.append("id < %(after)s::uuid")
        values["after"] = from_cursor(cursor, UUID)[0]
    found = await _page(connection, parts, values, limit + 1)
    cases = [_case(row) for row in found[:limit]]
    return CasePage(cases, to_cursor(cases[-1].id) if len(found) > limit else None)


async def read_case(connection: Connection, case_id: str) -> CaseView | None:
    """The case with this id."""
    found = await _page(connection, ["id = %(id)s::uuid"], {"id": case_id}, 1)
    return _case(found[0]) if found else None


async def _page(
    connection: Connection, parts: list[str], values: dict[str, Any], limit: int
) -> Sequence[Sequence[Any]]:
    query = SQL["page"].decode().replace("{where}", where(parts)).encode()
    return await (await connection.execute(query, {**values, "limit": limit})).fetchall()


def _case(row: Sequence[Any]) -> CaseView:
    return CaseView(*(*row[:-1], mask_facts(row[-1])))

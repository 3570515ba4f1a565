"""Quotas in a list, newest first."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import msgspec

from orderloom.application.queries.sql import Connection, from_cursor, to_cursor, where
from orderloom.statements import beside

SQL = beside(__file__)
QUOTA_NUMBER = re.compile(r"[A-Z]-[0-9]{8}-[0-9]{4,9}")


class QuotaView(msgspec.Struct, frozen=True):
    """A quota, in base units: `quantity` wanted, of which `kept` is set aside now and `drawn` went to orders.

    `is_unbacked`: quotas of this level keep more than lies there; whoever comes first gets it.
    """

    number: str
    sku: str
    name: str
    warehouse: str
    account: str
    campaign: str
    customer: str
    quantity: int
    kept: int
    drawn: int
    draw_order: int
    may_fall_through: bool
    starts_at: datetime
    ends_at: datetime | None
    state: str
    is_unbacked: bool
    promised_on: date | None
    """A presale: it keeps nothing and sells what is not there, to be sent on this day."""


class QuotaPage(msgspec.Struct, frozen=True):
    """A page of quotas; null after the last one."""

    quotas: list[QuotaView]
    next: str | None


async def list_quotas(
    connection: Connection, *, numbers: list[str] | None = None, sku: str = "", warehouse: str = "", campaign: str = "",
    state: str = "", cursor: str = "", limit: int = 50,
) -> QuotaPage:
    """A page of quotas. Raises WrongCursor."""
    parts, values = list[str](), dict[str, Any]()
    for column, given in (("campaign", campaign), ("state", state)):
        if given:
            parts.append(f"{column} = %({column})s")
            values[column] = given
    for table, given in (("sku", sku), ("warehouse", warehouse)):
        if given:
            parts.append(f"{table}_id = (select id from {table} where code = %({table})s)")
            values[table] = given
    if numbers is not None:
        parts.append("number = any (%(numbers)s)")
        values["numbers"] = numbers
    if cursor:
        parts.append("number < %(after)s")
        (values["after"],) = from_cursor(cursor, QUOTA_NUMBER)
    query = SQL["quotas"].replace("{where}", where(parts))
    rows = await (await connection.execute(query, {**values, "limit": limit + 1})).fetchall()
    found = [QuotaView(*row) for row in rows[:limit]]
    return QuotaPage(found, to_cursor(found[-1].number) if len(rows) > limit else None)

"""Who saw whose personal data, when and why: the newest first."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.application.masking import mask_text
from orderloom.application.queries.sql import UUID, Connection, from_cursor, to_cursor
from orderloom.statements import beside

SQL = beside(__file__)


class UnmaskingView(msgspec.Struct, frozen=True):
    """Somebody saw clear text. `order` is the order's number; `message` the id of what else it was, else empty."""

    order: str
    message: str
    who: str
    reason: str
    at: datetime


class UnmaskingPage(msgspec.Struct, frozen=True):
    """Unmaskings; `next` is the cursor of the next page."""

    unmaskings: list[UnmaskingView]
    next: str | None


async def list_unmaskings(
    connection: Connection, *, limit: int, cursor: str = "", who: str = "", order_id: str | None = None
) -> UnmaskingPage:
    """A page of them, of one person or order if asked. Reasons are masked. Raises WrongCursor."""
    after = from_cursor(cursor, UUID)[0] if cursor else None
    found = await connection.execute(
        SQL["unmaskings"], {"after": after, "who": who, "order": order_id, "limit": limit + 1})
    rows = await found.fetchall()
    shown = [UnmaskingView(row[1], row[2], row[3], mask_text(row[4]), row[5]) for row in rows[:limit]]
    return UnmaskingPage(shown, to_cursor(rows[limit - 1][0]) if len(rows) > limit else None)

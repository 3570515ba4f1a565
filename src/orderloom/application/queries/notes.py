"""Notes on orders as they are shown, who was mentioned in them, and what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from orderloom.application.explain_order import PendingLimit
from orderloom.application.masking import mask_text
from orderloom.application.queries.sql import Connection
from orderloom.application.write_note import NoteWritten
from orderloom.statements import beside

SQL = beside(__file__)
NOTES_MAX, MINE_MAX = 500, 100
PROMISES_SINCE = timedelta(days=60)


class Mention(msgspec.Struct, frozen=True):
    """A note in which somebody is mentioned, with the order's number."""

    note: NoteWritten
    number: str
    is_unread: bool


class Promise(msgspec.Struct, frozen=True):
    """What was promised to a buyer, until when."""

    number: str
    order_id: str
    promised_at: datetime
    by: str


class MyNotes(msgspec.Struct, frozen=True):
    """What concerns a person: mentions, the newest first, how many of them are unread, and promises, by time."""

    unread: int
    mentions: list[Mention]
    promises: list[Promise]


async def notes_of(connection: Connection, order_id: str, *, is_clear: bool) -> list[NoteWritten]:
    """The newest notes of an order; numbers in them are masked unless `is_clear`."""
    rows = await connection.execute(SQL["of_order"], {"id": order_id, "limit": NOTES_MAX})
    return [_note(row, is_clear=is_clear) for row in await rows.fetchall()]


async def notes_of_mine(connection: Connection, name: str, at: datetime) -> MyNotes:
    """Of the user with this name."""
    rows = await connection.execute(SQL["mentions"], {"name": name, "limit": MINE_MAX})
    mentions = [Mention(_note(row[:8], is_clear=False), row[8], row[9]) for row in await rows.fetchall()]
    given = {"by": f"user:{name}", "after": at - PROMISES_SINCE, "limit": MINE_MAX}
    promised = [Promise(*row) for row in await (await connection.execute(SQL["promises"], given)).fetchall()]
    return MyNotes(sum(one.is_unread for one in mentions), mentions, promised)


async def pending_of(connection: Connection, order_id: str) -> list[PendingLimit]:
    """Deadlines of an order that are not over."""
    rows = await (await connection.execute(SQL["pending"], {"id": order_id})).fetchall()
    return [PendingLimit(*row) for row in rows]


def promised_in(notes: list[NoteWritten]) -> tuple[datetime, str] | None:
    """The newest promise among an order's notes, and whose it is."""
    return next(((n.promised_at, n.by) for n in notes if n.promised_at is not None), None)


def _note(row: Sequence[Any], *, is_clear: bool) -> NoteWritten:
    note = NoteWritten(*row)
    return note if is_clear else msgspec.structs.replace(note, body=mask_text(note.body))

"""Erasures on request: those that were done, and what a new one would be about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.masking import mask_text
from orderloom.application.queries.sql import UUID, Connection, from_cursor, to_cursor
from orderloom.statements import beside

SQL = beside(__file__)


class ErasureView(msgspec.Struct, frozen=True):
    """An erasure, with the id of its job: who had it done and why, of how many orders; `done` and `refused` of them.

    How many vouchers, labels, notes and deliveries were emptied, and facts rewritten (`texts`). `ended_at` null: it is
    under way, or was stopped.
    """

    id: str
    by: str
    reason: str
    at: datetime
    orders: int
    done: int
    refused: int
    vouchers: int
    labels: int
    notes: int
    deliveries: int
    texts: int
    ended_at: datetime | None


class ErasurePage(msgspec.Struct, frozen=True):
    """Erasures, newest first; `next` is the cursor of the next page."""

    erasures: list[ErasureView]
    next: str | None


class ErasureRow(msgspec.Struct, frozen=True):
    """An order that is meant. `why_not`: in_progress, deliveries_wait or erased; empty: it would be erased."""

    id: str
    number: str
    stage: str
    why_not: str


class ErasurePreview(msgspec.Struct, frozen=True):
    """What would be emptied. `shared_vouchers`: messages that hold others, too: those stand in messages of their own;
    `export_files`: every file of exported orders, since any may name the person."""

    rows: list[ErasureRow]
    order_count: int
    vouchers: int
    shared_vouchers: int
    labels: int
    notes: int
    deliveries: int
    cases: int
    export_files: int


async def list_erasures(connection: Connection, *, limit: int, cursor: str = "") -> ErasurePage:
    """A page of them; reasons are masked. Raises WrongCursor."""
    after = from_cursor(cursor, UUID)[0] if cursor else None
    rows = await (await connection.execute(SQL["erasures"], {"after": after, "limit": limit + 1})).fetchall()
    shown = [ErasureView(row[0], row[1], mask_text(row[2]), *row[3:]) for row in rows[:limit]]
    return ErasurePage(shown, to_cursor(shown[-1].id) if len(rows) > limit else None)


async def orders_of_phone(connection: Connection, phone: bytes, limit: int) -> list[str]:
    """Ids of the orders that go to a phone number."""
    rows = await (await connection.execute(SQL["by_phone"], {"phone": phone, "limit": limit})).fetchall()
    return [row[0] for row in rows]


async def preview_erasure(connection: Connection, ids: Sequence[str], directory: Directory) -> ErasurePreview:
    """What erasing the people of these orders would be about."""
    found = await (await connection.execute(SQL["rows"], {"ids": list(ids)})).fetchall()
    rows = [ErasureRow(order_id, number, stage, _why_not(directory, blueprint, stage, is_erased, waiting))
            for order_id, number, stage, blueprint, is_erased, waiting in found]
    ours = [row.id for row in rows if not row.why_not]
    counts = await (await connection.execute(SQL["counts"], {"ids": ours})).fetchone()
    assert counts is not None
    return ErasurePreview(rows, len(ours), *counts)


def _why_not(directory: Directory, blueprint: int, stage: str, is_erased: bool, waiting: int) -> str:
    if is_erased:
        return "erased"
    if not directory.blueprints[blueprint].lifecycle.stages[stage].is_final:
        return "in_progress"
    return "deliveries_wait" if waiting else ""

"""Deliveries to channels, systems, carriers and subscribers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.masking import mask_nested, mask_text
from orderloom.application.queries.sql import UUID, Connection, from_cursor, to_cursor, where
from orderloom.statements import beside

SQL = beside(__file__)
TRIES_SHOWN = 50


class DeliveryView(msgspec.Struct, frozen=True):
    """One row of the outbox. `position` orders the deliveries of one target and order key; `status` is the HTTP status
    of the last answer, where the target's answers are told by it."""

    id: str
    position: int
    account: str
    kind: str
    order_id: str | None
    order: str | None
    order_key: str
    state: str
    attempts: int
    due_at: datetime
    last_error: str
    created_at: datetime
    done_at: datetime | None
    status: int | None = None


class DeliveryPage(msgspec.Struct, frozen=True):
    """A page of deliveries, newest first."""

    deliveries: list[DeliveryView]
    next: str | None


class DeliveryEvent(msgspec.Struct, frozen=True):
    """What a person did to a delivery: gave it up, and why, or had it sent again."""

    at: datetime
    by: str
    kind: str
    reason: str


class DeliveryTry(msgspec.Struct, frozen=True):
    """A try that failed, and what the target said."""

    at: datetime
    error: str


class Pruned(msgspec.Struct, frozen=True):
    """What was sent is not kept any more: since when, and the SHA-256 of its text."""

    at: datetime
    digest: str


class DeliveryDetail(msgspec.Struct, frozen=True):
    """A delivery with what is sent (the receiver is put in at the moment of sending), what was answered, and what
    people did to it, oldest first.

    `answer` is null for who may not see it. Of a `pruned` one the body is only what names it. `tries` are the last
    that failed, the newest first.
    """

    delivery: DeliveryView
    body: dict[str, Any]
    answer: str | None
    history: list[DeliveryEvent] = []
    pruned: Pruned | None = None
    tries: list[DeliveryTry] = []


async def list_deliveries(
    connection: Connection, *, state: str = "", kind: str = "", account_id: int | None = None, order_id: str = "",
    cursor: str = "", limit: int = 50,
) -> DeliveryPage:
    """A page of deliveries. Raises WrongCursor."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for name, value in (("state", state), ("kind", kind)):
        if value:
            parts.append(f"{name} = %({name})s")
            values[name] = value
    if account_id is not None:
        parts.append("account_id = %(account)s")
        values["account"] = account_id
    if order_id:
        parts.append("order_id = %(order)s::uuid")
        values["order"] = order_id
    if cursor:
        parts.append("id < %(after)s::uuid")
        values["after"] = from_cursor(cursor, UUID)[0]
    found = await _page(connection, parts, values, limit + 1)
    deliveries = [_view(row) for row in found[:limit]]
    return DeliveryPage(deliveries, to_cursor(deliveries[-1].id) if len(found) > limit else None)


async def read_delivery(
    connection: Connection, delivery_id: str, *, with_answer: bool = False
) -> DeliveryDetail | None:
    """A delivery in full, free text masked. `with_answer`: with what the target said, which not all may see."""
    found = await _page(connection, ["id = %(id)s::uuid"], {"id": delivery_id}, 1)
    row = await (await connection.execute(SQL["body"], {"id": delivery_id})).fetchone()
    if not found or row is None:
        return None
    answer = mask_text(row[1]) if with_answer else None
    told = await (await connection.execute(SQL["history"], {"id": delivery_id})).fetchall()
    history = [DeliveryEvent(at, by, kind, mask_text(reason)) for at, by, kind, reason in told]
    pruned = Pruned(row[2], row[3]) if row[2] is not None else None
    failed = await (await connection.execute(SQL["tries"], {"id": delivery_id, "limit": TRIES_SHOWN})).fetchall()
    tries = [DeliveryTry(at, mask_text(error)) for at, error in failed]
    return DeliveryDetail(_view(found[0]), mask_nested(msgspec.json.decode(row[0])), answer, history, pruned, tries)


def _view(row: Sequence[Any]) -> DeliveryView:
    """A row with what the target said masked: its words may quote the receiver."""
    view = DeliveryView(*row)
    return msgspec.structs.replace(view, last_error=mask_text(view.last_error))


async def _page(
    connection: Connection, parts: list[str], values: dict[str, Any], limit: int
) -> Sequence[Sequence[Any]]:
    query = SQL["page"].replace("{where}", where(parts))
    return await (await connection.execute(query, {**values, "limit": limit})).fetchall()

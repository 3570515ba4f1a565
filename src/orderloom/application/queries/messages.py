"""Source vouchers: which messages wait, for what, and the bytes themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.masking import mask_text
from orderloom.application.queries.sql import UUID, Connection, from_cursor, to_cursor, where
from orderloom.application.replay_many import MessageStands
from orderloom.domain.first_id import first_id
from orderloom.statements import beside, like_of

SQL = beside(__file__)
OUTCOMES = ("pending", "normalised", "parked", "quarantined", "discarded", "split")


class MessageView(msgspec.Struct, frozen=True):
    """A stored message without its bytes. `reason` is why it waits, `park_key` what its mending releases."""

    id: str
    account: str
    channel: str
    topic: str
    event_id: str
    received_at: datetime
    body_size: int
    outcome: str
    reason: str
    detail: str
    park_key: str
    order_id: str | None
    order: str | None
    attempts: int
    processed_at: datetime | None

    def looked_at(self, reason: str) -> tuple[str, str]:
        """Under what subject and reason it is noted that somebody sees its bytes: an order's trace lists who."""
        return self.order_id or self.id, f"message {self.id}: {reason}"


class MessageEvent(msgspec.Struct, frozen=True):
    """What a person did to a message: discarded it, and why, brought it back, or let it in out of quarantine."""

    at: datetime
    by: str
    kind: str
    reason: str


class MessageFile(MessageView, frozen=True):
    """One message with what people did to it, oldest first."""

    history: list[MessageEvent] = []


class MessagePage(msgspec.Struct, frozen=True):
    """A page of messages, newest first."""

    messages: list[MessageView]
    next: str | None


class StoredBody(msgspec.Struct, frozen=True):
    """A message's headers and its sealed bytes."""

    headers: str
    cipher: bytes
    digest: str
    parent_id: str | None


async def list_messages(
    connection: Connection, *, outcome: str = "", account_id: int | None = None, park_key: str = "", reason: str = "",
    order_id: str = "", topic: str = "", since: datetime | None = None, until: datetime | None = None,
    cursor: str = "", limit: int = 50,
) -> MessagePage:
    """A page of messages; `topic` may hold * and ?, `until` is past the last. Raises WrongCursor."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    if topic:
        parts.append("exists (select from message m where m.id = message_id and m.topic like %(topic)s)")
        values["topic"] = like_of(topic)
    for bound, sign in ((since, ">="), (until, "<")):
        if bound is not None:
            parts.append(f"message_id {sign} %({'from' if sign == '>=' else 'to'})s::uuid")
            values["from" if sign == ">=" else "to"] = first_id(bound)
    for name, value in (("outcome", outcome), ("park_key", park_key), ("reason", reason)):
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
        parts.append("message_id < %(after)s::uuid")
        values["after"] = from_cursor(cursor, UUID)[0]
    found = await _page(connection, parts, values, limit + 1)
    messages = [_message(row) for row in found[:limit]]
    return MessagePage(messages, to_cursor(messages[-1].id) if len(found) > limit else None)


async def is_reason(connection: Connection, reason: str) -> bool:
    """Whether a message that waits or is kept apart has this reason; connectors have reasons of their own."""
    row = await (await connection.execute(SQL["is_reason"], {"reason": reason})).fetchone()
    return bool(row and row[0])


async def read_message(connection: Connection, message_id: str) -> tuple[MessageFile, StoredBody] | None:
    """A message and its sealed bytes."""
    found = await _page(connection, ["message_id = %(id)s::uuid"], {"id": message_id}, 1)
    body = await (await connection.execute(SQL["body"], {"id": message_id})).fetchone()
    if not found or body is None:
        return None
    told = await (await connection.execute(SQL["history"], {"id": message_id})).fetchall()
    view = MessageFile(**msgspec.structs.asdict(_message(found[0])), history=[MessageEvent(*row) for row in told])
    return view, StoredBody(body[0], bytes(body[1]), body[2], body[3])


async def standing(connection: Connection, ids: Sequence[str]) -> dict[str, MessageStands]:
    """How these stand, those that there are."""
    rows = await (await connection.execute(SQL["standing"], {"ids": list(ids)})).fetchall()
    return {row[0]: MessageStands(*row[1:]) for row in rows}


async def messages_of(connection: Connection, orders: Sequence[str]) -> dict[str, list[str]]:
    """By order the messages that it was made of, the oldest first; what is quarantined or discarded is none of them."""
    rows = await (await connection.execute(SQL["of_orders"], {"ids": list(orders)})).fetchall()
    found: dict[str, list[str]] = {}
    for order, message in rows:
        found.setdefault(order, []).append(message)
    return found


async def _page(
    connection: Connection, parts: list[str], values: dict[str, Any], limit: int
) -> Sequence[Sequence[Any]]:
    query = SQL["page"].replace("{where}", where(parts))
    return await (await connection.execute(query, {**values, "limit": limit})).fetchall()


def _message(row: Sequence[Any]) -> MessageView:
    view = MessageView(*row)
    return msgspec.structs.replace(view, detail=mask_text(view.detail))

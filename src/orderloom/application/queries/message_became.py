"""What became of a message: the facts of its order, the cases that wait for it, its parts, what was put right in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.doubt import CASE as FORGED
from orderloom.application.queries.messages import MessageFile
from orderloom.application.queries.sql import Connection
from orderloom.application.sort import TEST
from orderloom.statements import beside

SQL = beside(__file__)
TOLD_MAX = 50


class MessageFact(msgspec.Struct, frozen=True):
    """A fact of the order that came of this message."""

    seq: int
    kind: str
    at: datetime


class MessageCase(msgspec.Struct, frozen=True):
    """An open case that this message is about."""

    id: str
    kind: str
    opened_at: datetime


class MessagePart(msgspec.Struct, frozen=True):
    """A message that was made of a part of this one."""

    id: str
    topic: str
    outcome: str
    reason: str


class MessageCorrected(msgspec.Struct, frozen=True):
    """A place where a person said what is to be read instead."""

    path: str
    by: str
    reason: str
    at: datetime


class MessageBecame(msgspec.Struct, frozen=True):
    """`mapping`: the edited mapping that read it; null: the connector's own, or it was not read."""

    happened: list[MessageFact]
    cases: list[MessageCase]
    parts: list[MessagePart]
    corrections: list[MessageCorrected]
    mapping: str | None


async def what_became_of(connection: Connection, view: MessageFile) -> MessageBecame:
    """The first fifty of each."""
    kind, subjects = _case_of(view)
    given: dict[str, Any] = {"id": view.id, "order": view.order_id, "kind": kind, "subjects": subjects,
                             "limit": TOLD_MAX}

    async def rows(name: str) -> list[Any]:
        return list(await (await connection.execute(SQL[name], given)).fetchall())

    [mapping] = await rows("mapping") or [(None,)]
    return MessageBecame(
        [MessageFact(*row) for row in await rows("facts")] if view.order_id else [],
        [MessageCase(*row) for row in await rows("cases")] if kind else [],
        [MessagePart(*row) for row in await rows("parts")],
        [MessageCorrected(*row) for row in await rows("corrections")], mapping[0])


def _case_of(view: MessageFile) -> tuple[str, list[str]]:
    """The kind and the subjects that a case about this message has."""
    if view.outcome == "quarantined" and view.reason != TEST:
        return FORGED, [view.account]
    if view.outcome in ("parked", "quarantined"):
        return view.reason, [view.park_key or view.id]
    return "", []

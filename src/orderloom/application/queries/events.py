"""Domain events in the order of their commits, resumable from any place, with no row ever missed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.masking import mask_nested
from orderloom.application.queries.sql import UUID, Connection
from orderloom.domain.log import told
from orderloom.statements import beside

SQL = beside(__file__)
BATCH_MAX = 500
_PLACE = re.compile(rf"[0-9]{{1,19}}\.{UUID.pattern}\.[0-9]{{1,9}}")
START = "00000000-0000-0000-0000-000000000000"


class StreamEvent(msgspec.Struct, frozen=True):
    """One fact of one order; `place` is where to resume after it. Free text in the facts is masked."""

    place: str
    order: str
    order_id: str
    seq: int
    account: str
    kind: str
    at: datetime
    actor: str
    facts: dict[str, Any]


async def newest_place(connection: Connection) -> str:
    """The place after which only events from now on come."""
    row = await (await connection.execute(SQL["horizon"])).fetchone()
    assert row is not None
    return f"{row[0]}.{START}.0"


def is_place(text: str) -> bool:
    """Whether the text can be a place in the stream."""
    return _PLACE.fullmatch(text) is not None


async def read_after(connection: Connection, place: str, limit: int = BATCH_MAX) -> list[StreamEvent]:
    """The next events after a place; an empty list means that there are none yet."""
    xid, order_id, seq = place.split(".")
    given = {"xid": xid, "order": order_id, "seq": int(seq), "limit": limit}
    return [_event(row) for row in await (await connection.execute(SQL["read"], given)).fetchall()]


def _event(row: Sequence[Any]) -> StreamEvent:
    xid, order_id, seq, kind, at, actor, text, number, account = row
    facts = told(text)
    facts.pop("event", None)
    return StreamEvent(f"{xid}.{order_id}.{seq}", number, order_id, seq, account, kind, at, actor, mask_nested(facts))

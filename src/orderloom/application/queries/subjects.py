"""The history of a subject as its log holds it: codes with facts; words are put where they are read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
HISTORY_MAX = 5_000


class SubjectFact(msgspec.Struct, frozen=True):
    """One event of a subject, as it was told. `facts`: what the event's kind holds, defaults left out."""

    seq: int
    kind: str
    at: datetime
    actor: str
    facts: dict[str, Any]


async def history_of(connection: Connection, number: str) -> list[SubjectFact]:
    """The events of the subject with this number, the oldest first; none when there is no such subject."""
    rows = await connection.execute(SQL["history"], {"number": number, "limit": HISTORY_MAX})
    return [SubjectFact(seq, kind, at, actor, _facts(facts)) for seq, kind, at, actor, facts in await rows.fetchall()]


def _facts(text: str) -> dict[str, Any]:
    """Without the tag: it is the kind."""
    facts: dict[str, Any] = msgspec.json.decode(text)
    facts.pop("event", None)
    return facts

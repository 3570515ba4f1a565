"""What changed since the last look, by topic: enough for a screen to know what to ask for again, and nothing more."""

from __future__ import annotations

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
TOPICS = ("orders", "cases", "stock", "deliveries", "jobs")
ROWS_MAX, IDS_MAX = 500, 100
"""Rows that are looked at of each kind; over so many ids of a topic none is told: it is asked for as a whole."""


class Pulse:
    """Remembers what was seen. The first look tells of nothing."""

    def __init__(self) -> None:
        self._xid = ""
        self._seen: frozenset[tuple[str, str, str]] = frozenset()

    async def look(self, connection: Connection) -> dict[str, tuple[str, ...]]:
        """Topics that moved, each with the ids (orders, cases, jobs) or codes (SKUs) that did; none: any may have."""
        is_first = not self._xid
        given = {"xid": self._xid or "9223372036854775807", "limit": ROWS_MAX}
        rows = await (await connection.execute(SQL["moved"], given)).fetchall()
        found = frozenset((topic, key, mark) for topic, key, mark in rows if topic)
        fresh, self._seen = found - self._seen, found
        self._xid = next(mark for topic, _, mark in rows if not topic)
        if is_first:
            return {}
        moved: dict[str, set[str]] = {}
        for topic, key, _ in fresh:
            moved.setdefault(topic, set()).add(key)
        return {topic: _told(moved[topic]) for topic in TOPICS if topic in moved}


def _told(ids: set[str]) -> tuple[str, ...]:
    return () if len(ids) > IDS_MAX or "" in ids else tuple(sorted(ids))

"""Who gets domain events, where, and how that goes."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
WAITING_MAX = 1_001
"""Counted no further: more than a thousand wait."""


class SubscriberView(msgspec.Struct, frozen=True):
    """A subscriber. Off: what happens meanwhile is never told to it. `waiting` and `parked` end at 1,001; `heard_at` is
    when it last took an event, `last_error` what it last answered instead, while something waits for it. It is told as
    somebody of `role` (empty: no role) and `limits` would be."""

    code: str
    title: str
    url: str
    is_active: bool
    is_private: bool
    created_at: datetime
    secret_at: datetime
    waiting: int
    parked: int
    heard_at: datetime | None
    last_error: str
    role: str
    limits: dict[str, list[str]]


class SubscriberList(msgspec.Struct, frozen=True):
    """Every subscriber that was not ended, by code."""

    subscribers: list[SubscriberView]


async def list_subscribers(connection: Connection) -> SubscriberList:
    """All of them."""
    rows = await (await connection.execute(SQL["subscribers"], {"most": WAITING_MAX})).fetchall()
    return SubscriberList([SubscriberView(*row) for row in rows])

"""What is known of an order and from where: systems' claims, the hub's events, stored messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class ClaimView(msgspec.Struct, frozen=True):
    """A cell of the matrix: a system says, in its own word, that a milestone was reached."""

    system: str
    milestone: str
    native: str
    said_at: datetime
    seen_at: datetime
    waybill: str
    message_id: str | None


class Matrix(msgspec.Struct, frozen=True):
    """Milestones (rows, in usual order) by systems (columns, in order of first word)."""

    milestones: list[str]
    systems: list[str]
    claims: list[ClaimView]


class EventView(msgspec.Struct, frozen=True):
    """A fact of the order's log with its place in the hash chain."""

    seq: int
    kind: str
    at: datetime
    actor: str
    message_id: str | None
    blueprint: int
    facts: dict[str, Any]
    hash: str


class Voucher(msgspec.Struct, frozen=True):
    """A stored message that spoke of the order; `digest` proves its bytes."""

    id: str
    account: str
    topic: str
    event_id: str
    received_at: datetime
    body_size: int
    digest: str
    outcome: str

"""What the hub tells of itself at any moment: counts, no personal data, order numbers at most."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.application.queries.accounting import Accounting


class StageCount(msgspec.Struct, frozen=True):
    """A leg of the route: how much passed it ever and in the last minute, what waits before it, what stuck in it."""

    verb: str
    total: int
    per_minute: int
    backlog: int
    stuck: int


class LastOrder(msgspec.Struct, frozen=True):
    """A recent order."""

    number: str
    account: str
    channel: str
    stage: str
    phase: str
    currency: str
    total: int
    received_at: datetime
    holds_active: int


class OpenCases(msgspec.Struct, frozen=True):
    """Open cases of one kind."""

    kind: str
    owner: str
    count: int
    oldest_at: datetime
    due_at: datetime | None


class AccountHealth(msgspec.Struct, frozen=True):
    """Whether an account answers; `is_well` null: not tested yet."""

    code: str
    family: str
    connector: str
    is_active: bool
    is_well: bool | None
    health: str
    checked_at: datetime | None


class ShopFollows(msgspec.Struct, frozen=True):
    """How a shop followed sales at others in this hour and the one before: so many within so many milliseconds (0:
    longer than a day), the sums of each step, and pushes that wait."""

    account: str
    within: dict[int, int]
    steps_ms: dict[str, int]
    waiting: int


class Snapshot(msgspec.Struct, frozen=True):
    """Everything at an instant. While the database is away the last known numbers stay, with `is_database_up` false."""

    at: datetime
    is_database_up: bool
    stages: list[StageCount]
    accounting: Accounting
    phases: dict[str, int]
    last_orders: list[LastOrder]
    cases: list[OpenCases]
    accounts: list[AccountHealth]
    follows: list[ShopFollows] = []

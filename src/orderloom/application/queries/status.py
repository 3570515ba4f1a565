"""How the hub stands: is every message accounted for, where are the orders, which cases are open, what waits."""

from __future__ import annotations

from typing import Any

import msgspec

from orderloom.application.ports import OnDisk
from orderloom.application.queries.accounting import NOTHING, Accounting, read_accounting
from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

COMPLETED = "completed"


class Orders(msgspec.Struct, frozen=True):
    """Orders by phase, and the completed ones by their channel's connector."""

    total: int
    by_phase: dict[str, int]
    completed_by_channel: dict[str, int]


class Cases(msgspec.Struct, frozen=True):
    """Open cases by kind."""

    open: int
    by_kind: dict[str, int]


class Status(msgspec.Struct, frozen=True):
    """All of it; `backlog` counts what waits at each leg of the route.

    `backfills`: per account that still reads orders from before its connection, how many percent of the time are read.
    `notifications`: messages to people that wait, are not taken by their messenger or are stuck, and those of a day
    that reached nobody; `unheard`: notification rules that reach nobody as things stand.
    `authorisations`: per account that a person has to authorise again, why, or the day (UTC) on which it ends.
    """

    accounting: Accounting
    orders: Orders
    cases: Cases
    backlog: dict[str, int]
    backfills: dict[str, int] = {}
    authorisations: dict[str, str] = {}
    notifications: dict[str, int] = {}
    unheard: list[str] = []


SQL = beside(__file__)
BACKLOG = ("translate", "parked", "reread", "deliver", "deliver_parked", "wake", "confirm",
           "track", "stock_late", "audit")
"""What waits, in the order of the route; the audit figure is what no checkpoint covers yet."""


STOCK_WITHIN_SECONDS = 15


async def read_status(
    connection: Connection, on_disk: OnDisk = NOTHING, stock_within_seconds: int = STOCK_WITHIN_SECONDS,
) -> Status:
    """The figures as of one statement each. `on_disk`: messages that were acknowledged and are not in the database.

    `stock_within_seconds`: what the blueprint promises of shown stock (`publish.within`); later pushes are counted.
    """
    given = {"within": stock_within_seconds}
    return Status(
        await read_accounting(connection, on_disk),
        await _orders(connection),
        await _cases(connection),
        {stage: await _number(connection, stage, given) for stage in BACKLOG},
        await _counts(connection, "backfills"),
        {str(row[0]): str(row[1]) for row in await (await connection.execute(SQL["authorisations"])).fetchall()},
        await _counts(connection, "notifications"),
    )


async def _orders(connection: Connection) -> Orders:
    phases = await _counts(connection, "phases")
    completed = await _counts(connection, "completed", {"stage": COMPLETED})
    return Orders(sum(phases.values()), phases, completed)


async def _cases(connection: Connection) -> Cases:
    kinds = await _counts(connection, "cases")
    return Cases(sum(kinds.values()), kinds)


async def _counts(connection: Connection, name: str, values: dict[str, Any] | None = None) -> dict[str, int]:
    return {key: int(number) for key, number in await (await connection.execute(SQL[name], values)).fetchall()}


async def _number(connection: Connection, name: str, values: dict[str, Any]) -> int:
    row = await (await connection.execute(SQL[name], values)).fetchone()
    return int(row[0]) if row else 0

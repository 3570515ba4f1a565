"""How the hub stands: is every message accounted for, where are the orders, which cases are open, what waits."""

from __future__ import annotations

from typing import Any

import msgspec

from orderloom.application.ports import OnDisk
from orderloom.application.queries.accounting import NOTHING, Accounting, read_accounting
from orderloom.application.queries.sql import Connection

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
    """

    accounting: Accounting
    orders: Orders
    cases: Cases
    backlog: dict[str, int]
    backfills: dict[str, int] = {}


BACKLOG: dict[str, bytes] = {
    "translate": b"select count(*) from intake where outcome = 'pending'",
    "parked": b"select count(*) from intake where outcome = 'parked'",
    "deliver": b"select count(*) from delivery where state = 'due'",
    "deliver_parked": b"select count(*) from delivery where state = 'parked'",
    "wake": b"select count(*) from deadline where state = 'pending' and due_at <= now()",
    "confirm": b"select count(*) from work where state not in ('handed_over', 'cancelled')",
    "track": b"select count(*) from parcel where state not in ('delivered', 'returned', 'lost')",
    "stock_late": b"""select count(*) from delivery
        where state = 'due' and kind = 'stock' and created_at < now() - make_interval(secs => %(within)s)""",
    "audit": b"""select count(*) from order_event where xid >=
        coalesce((select to_xid from audit_checkpoint order by number desc limit 1), '0'::xid8)""",
}
"""What waits, in the order of the route; the audit figure is what no checkpoint covers yet."""


BACKFILLS = b"""
    select a.code, least(99, floor(100 * extract(epoch from w.at - w.since)
        / greatest(extract(epoch from w.until - w.since), 1)))::integer
    from pull_walk w join account a on a.id = w.account_id and a.is_active
    where w.kind = 'backfill' and w.finished_at is null order by a.code"""


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
        {stage: await _number(connection, query, given) for stage, query in BACKLOG.items()},
        await _counts(connection, BACKFILLS),
    )


async def _orders(connection: Connection) -> Orders:
    phases = await _counts(connection, b"select phase, count(*) from orders group by phase order by phase")
    completed = await _counts(connection, b"""
        select a.connector, coalesce(sum(n), 0)::bigint from account a
        left join (select account_id, count(*) as n from orders where stage = %(stage)s group by account_id) o
            on o.account_id = a.id
        where a.family = 'channels' group by a.connector order by a.connector""", {"stage": COMPLETED})
    return Orders(sum(phases.values()), phases, completed)


async def _cases(connection: Connection) -> Cases:
    kinds = await _counts(
        connection, b"select kind, count(*) from case_file where resolved_at is null group by kind order by kind")
    return Cases(sum(kinds.values()), kinds)


async def _counts(connection: Connection, query: bytes, values: dict[str, Any] | None = None) -> dict[str, int]:
    return {name: int(number) for name, number in await (await connection.execute(query, values)).fetchall()}


async def _number(connection: Connection, query: bytes, values: dict[str, Any]) -> int:
    row = await (await connection.execute(query, values)).fetchone()
    return int(row[0]) if row else 0

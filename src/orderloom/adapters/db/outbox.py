"""The outbox on PostgreSQL: lease what may leave, at each target's rate shared by all workers, and finish it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.adapters.ids import new_id
from orderloom.adapters.manifests import Rate
from orderloom.adapters.vault import Damaged, Vault
from orderloom.application.change import Delivery
from orderloom.application.deliver import AT_ONCE_MAX, LEASE_SECONDS, Leased, Tried
from orderloom.domain.draft import Receiver

Connection = AsyncConnection[Any]
WITH_RECEIVER = ("work", "watch")


async def targets(connection: Connection, at: datetime) -> list[int]:
    """Accounts that something waits for."""
    rows = await connection.execute(statement("deliveries", "targets"), {"at": at})
    return [r[0] for r in await rows.fetchall()]


async def take(
    connection: Connection, account_id: int, rate: Rate, at: datetime, vault: Vault, per_call: int = 1,
) -> list[Leased]:
    """Lease what the target's rate allows now, in the caller's transaction; a call carries up to `per_call`."""
    row = await (await connection.execute(statement("deliveries", "bucket"), {
        "account": account_id, "per_second": rate.per_second, "burst": rate.burst, "at": at,
    })).fetchone()
    assert row is not None
    tokens, blocked_until = row
    if tokens < 1 or (blocked_until is not None and blocked_until > at):
        return []
    rows = await (await connection.execute(statement("deliveries", "take"), {
        "account": account_id, "at": at, "lease_until": at + timedelta(seconds=LEASE_SECONDS),
        "limit": min(int(tokens) * per_call, AT_ONCE_MAX),
    })).fetchall()
    if rows:
        await connection.execute(statement("deliveries", "spend"), {
            "account": account_id, "count": -(-len(rows) // per_call),
        })
    return [
        _leased(r, account_id, vault.open_receiver) for r in rows
    ]


def _leased(r: Sequence[Any], account_id: int, open_receiver: Callable[[bytes], Receiver]) -> Leased:
    """A claimed delivery. One whose receiver is damaged is not sent without one, and stops no other."""
    receiver, is_damaged = None, False
    if r[6] is not None and r[1] in WITH_RECEIVER:
        try:
            receiver = open_receiver(r[6])
        except Damaged:
            is_damaged = True
    return Leased(r[0], account_id, r[1], r[2], r[3], orjson.loads(r[4]), r[5], receiver, is_damaged)


async def finish(connection: Connection, sent: Sequence[Tried], at: datetime) -> None:
    """Write down how the tries ended; a target that asked for a pause gets it from every worker."""
    await connection.execute(statement("deliveries", "finish"), {
        "id": [UUID(s.leased.id) for s in sent], "state": [s.state for s in sent], "due_at": [s.due_at for s in sent],
        "error": [f"{s.error}: {s.message}"[:500] if s.error else "" for s in sent],
        "answer": [s.answer for s in sent], "at": at,
    })
    pause = max((s.retry_after for s in sent), default=0.0)
    if pause > 0:
        await connection.execute(statement("deliveries", "block"), {
            "account": sent[0].leased.account_id, "until": at + timedelta(seconds=pause),
        })


async def add(connection: Connection, deliveries: Sequence[Delivery], at: datetime) -> None:
    """Queue deliveries that come from no order's decision (shown stock, domain events)."""
    if deliveries:
        await connection.execute(statement("deliveries", "add"), {
            "id": [UUID(new_id()) for _ in deliveries], "account": [d.account_id for d in deliveries],
            "kind": [d.kind for d in deliveries],
            "order_id": [UUID(d.order_id) if d.order_id else None for d in deliveries],
            "order_key": [d.order_key for d in deliveries],
            "body": [orjson.dumps(d.body).decode() for d in deliveries], "at": at,
        })


async def resend(connection: Connection, ids: Sequence[str], at: datetime, by: str) -> list[str]:
    """Send ended deliveries again by id; returns those that will be. Work that was called back is not sent again."""
    rows = await connection.execute(statement("deliveries", "resend"), {"ids": list(ids), "at": at, "by": by})
    return [r[0] for r in await rows.fetchall()]


async def pruned(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Those of the deliveries whose text is not kept any more: they cannot be sent again."""
    rows = await connection.execute(statement("deliveries", "pruned"), {"ids": list(ids)})
    return [r[0] for r in await rows.fetchall()]


async def resend_range(
    connection: Connection, account_id: int, since: datetime, until: datetime, states: Sequence[str], at: datetime,
    by: str,
) -> list[str]:
    """Send everything again that an account was to get in a span of time and that ended in one of the states."""
    rows = await connection.execute(statement("deliveries", "resend_range"), {
        "account": account_id, "since": since, "until": until, "states": list(states), "at": at,
        "by": by,
    })
    return [r[0] for r in await rows.fetchall()]


async def pruned_range(
    connection: Connection, account_id: int, since: datetime, until: datetime, states: Sequence[str],
) -> int:
    """How many of the same are not sent again because their text is not kept any more."""
    row = await (await connection.execute(statement("deliveries", "pruned_range"), {
        "account": account_id, "since": since, "until": until, "states": list(states),
    })).fetchone()
    assert row is not None
    return int(row[0])

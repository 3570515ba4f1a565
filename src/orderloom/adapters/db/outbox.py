"""The outbox on PostgreSQL: lease what may leave, at each target's rate shared by all workers, and finish it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db import giving_up, labels
from orderloom.adapters.db.statements import statement
from orderloom.adapters.ids import new_id
from orderloom.adapters.vault import Damaged, Vault
from orderloom.application.change import Delivery
from orderloom.application.deliver import AT_ONCE_MAX, LEASE_SECONDS, Leased, Tried
from orderloom.application.give_up import Stuck
from orderloom.application.ports import Rate
from orderloom.application.publish import FIGURES_MAX, JOINED_MAX, joined
from orderloom.domain.draft import Receiver

Connection = AsyncConnection[Any]
Seal = Callable[[bytes], bytes]
OF_BOXES = ("label", "label_cancel", "pickup", "pickup_cancel")
WITH_RECEIVER = ("work", "watch", "label", "pickup")


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
    return [_leased(r, account_id, vault.open_receiver, vault.decrypt) for r in rows]


def _leased(
    r: Sequence[Any], account_id: int, open_receiver: Callable[[bytes], Receiver], decrypt: Callable[[bytes], bytes],
) -> Leased:
    """A claimed delivery. One whose receiver is damaged is not sent without one, and stops no other."""
    receiver, is_damaged, address = None, False, ""
    if r[6] is not None and r[1] in WITH_RECEIVER:
        try:
            receiver = open_receiver(r[6])
        except Damaged:
            is_damaged = True
    if r[7] is not None:
        try:
            address = decrypt(r[7]).decode()
        except Damaged:
            is_damaged = True
    return Leased(r[0], account_id, r[1], r[2], r[3], orjson.loads(r[4]), r[5], receiver, is_damaged, address)


async def finish(connection: Connection, sent: Sequence[Tried], at: datetime, seal: Seal) -> None:
    """Write down how the tries ended; a target that asked for a pause gets it from every worker."""
    if any(s.leased.kind in OF_BOXES for s in sent):
        await labels.finish(connection, sent, at, seal)
    await connection.execute(statement("deliveries", "finish"), {
        "id": [UUID(s.leased.id) for s in sent], "state": [s.state for s in sent], "due_at": [s.due_at for s in sent],
        "error": [_told(s) for s in sent],
        "answer": [s.answer for s in sent], "back": [0 if s.is_counted else 1 for s in sent], "at": at,
    })
    if refused := [(s.leased.account_id, figure) for s in sent if s.refused for figure in s.leased.body["figures"]
                   if figure["sku_external"] in s.refused]:
        await connection.execute(statement("publish", "forget_refused"), {
            "account": [account for account, _ in refused], "sku": [one["sku_external"] for _, one in refused],
            "quantity": [one["quantity"] for _, one in refused]})
    if failed := [s for s in sent if s.error and s.is_counted]:
        await connection.execute(statement("messages", "tally"), {
            "account": [sent[0].leased.account_id], "hour": [at.replace(minute=0, second=0, microsecond=0)],
            "measure": ["send_failed"], "quantity": [len(failed)]})
        await connection.execute(statement("deliveries", "tried"), {
            "id": [UUID(s.leased.id) for s in failed], "error": [_told(s) for s in failed], "at": at})
    pause = max((s.retry_after for s in sent), default=0.0)
    if pause > 0:
        await connection.execute(statement("deliveries", "block"), {
            "account": sent[0].leased.account_id, "until": at + timedelta(seconds=pause),
        })


def _told(s: Tried) -> str:
    """What went wrong in a try, empty where nothing did."""
    return f"{s.error}: {s.message}"[:500] if s.error else ""


async def add(connection: Connection, deliveries: Sequence[Delivery], at: datetime) -> list[UUID]:
    """Queue deliveries that come from no order's decision (shown stock, domain events); returns their ids."""
    ids = [UUID(new_id()) for _ in deliveries]
    if deliveries:
        await connection.execute(statement("deliveries", "add"), {
            "id": ids, "account": [d.account_id for d in deliveries],
            "kind": [d.kind for d in deliveries],
            "order_id": [UUID(d.order_id) if d.order_id else None for d in deliveries],
            "order_key": [d.order_key for d in deliveries],
            "body": [orjson.dumps(d.body).decode() for d in deliveries], "at": at,
        })
    return ids


async def add_figures(
    connection: Connection, deliveries: Sequence[Delivery], at: datetime, by_group: Collection[int],
) -> list[UUID]:
    """The same of figures of shown stock; what nobody has begun to send takes newer ones in, so that a shop that allows
    few calls is told the newest figures and not each of those before. `by_group`: accounts that are told many in a
    call. Returns the id by which each is told."""
    given = {"account": [d.account_id for d in deliveries], "stream": [d.order_key for d in deliveries]}
    rows = await (await connection.execute(statement("deliveries", "figures_waiting"), given)).fetchall()
    return await (_join(connection, rows, deliveries, at, by_group) if rows else add(connection, deliveries, at))


async def _join(
    connection: Connection, rows: Sequence[Sequence[Any]], deliveries: Sequence[Delivery], at: datetime,
    by_group: Collection[int],
) -> list[UUID]:
    """Put figures into the pushes that wait, as far as these have room, and queue the others."""
    waiting = {(r[1], r[2]): (r[0], orjson.loads(r[3])["figures"]) for r in rows}
    ids: dict[int, UUID] = {}
    bodies: dict[UUID, str] = {}
    for n, d in enumerate(deliveries):
        found = waiting.pop((d.account_id, d.order_key), None)
        most = JOINED_MAX if d.account_id in by_group else FIGURES_MAX
        if found and (whole := joined(found[1], d.body["figures"], most)):
            ids[n], bodies[found[0]] = found[0], orjson.dumps({"figures": whole}).decode()
    if bodies:
        await connection.execute(statement("deliveries", "figures_join"), {
            "id": list(bodies), "body": list(bodies.values())})
    new = [n for n in range(len(deliveries)) if n not in ids]
    ids |= dict(zip(new, await add(connection, [deliveries[n] for n in new], at), strict=True))
    return [ids[n] for n in range(len(deliveries))]


class Outbox:
    """See the verbs `sending`, `resend` and `give_up`; in the caller's transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def targets(self, at: datetime) -> list[int]:
        """Accounts that something waits for."""
        rows = await self._connection.execute(statement("deliveries", "targets"), {"at": at})
        return [r[0] for r in await rows.fetchall()]

    async def take(self, account_id: int, rate: Rate, at: datetime, per_call: int) -> list[Leased]:
        """Lease what the target's rate allows now; a call carries up to `per_call`."""
        return await take(self._connection, account_id, rate, at, self._vault, per_call)

    async def parked(self, account_id: int | None) -> list[str]:
        """Ids of what is parked, of one account or of all, the newest first."""
        return await self._ids("parked", account=account_id)

    async def resend(self, ids: Sequence[str], at: datetime, by: str) -> list[str]:
        """Send ended deliveries again; returns those that will be. Work that was called back is not sent again."""
        return await self._ids("resend", ids=list(ids), at=at, by=by)

    async def ended_range(
        self, account_id: int, since: datetime, until: datetime, states: Sequence[str],
    ) -> list[str]:
        """Ids of all that an account was to get in a span of time and that ended in one of the states."""
        return await self._ids("ended_range", account=account_id, since=since, until=until, states=list(states))

    async def pruned(self, ids: Sequence[str]) -> list[str]:
        """Those of the deliveries whose text is not kept any more: they cannot be sent again."""
        return await self._ids("pruned", ids=list(ids))

    async def pruned_range(self, account_id: int, since: datetime, until: datetime, states: Sequence[str]) -> int:
        """How many of a span of time are not sent again because their text is not kept any more."""
        row = await (await self._connection.execute(statement("deliveries", "pruned_range"), {
            "account": account_id, "since": since, "until": until, "states": list(states),
        })).fetchone()
        assert row is not None
        return int(row[0])

    async def parked_of_case(self, case_id: str, limit: int) -> list[str]:
        """Parked deliveries that a case is about, oldest first."""
        return await giving_up.of_case(self._connection, case_id, limit)

    async def lock_deliveries(self, ids: Sequence[str]) -> list[Stuck]:
        """Those of them that there are, locked."""
        return await giving_up.lock(self._connection, ids)

    async def _ids(self, query: str, /, **given: Any) -> list[str]:
        rows = await self._connection.execute(statement("deliveries", query), given)
        return [row[0] for row in await rows.fetchall()]

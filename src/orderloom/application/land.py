"""The door: store what came byte for byte, acknowledge once it is durable. Requests that arrive together are written
together, so one fsync serves many; when the database is away they go to a spool that is as durable, and drain later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Protocol

import msgspec
import structlog

from orderloom.application.ports import Account, Item, StoreAway

GROUP_MAX = 500
WAIT_SECONDS = 0.002
"""How long the first request of a group waits for company."""
LANES = {"live": 0, "emergency": 0, "backfill": 1}
CONTAINERS = ("file",)
"""Topics of vouchers that only hold others: kept whole, split beside, not counted as messages of their own."""
log = structlog.get_logger()


class Voucher(msgspec.Struct, frozen=True):
    """One thing to store. `event_id` is its identity in the account: the source's own id, else its digest."""

    id: str
    account_id: int
    event_id: str
    topic: str
    received_at: datetime
    body: bytes
    digest: bytes
    headers: dict[str, str]
    outcome: str = "pending"
    reason: str = ""
    lane: int = 0
    parent_id: str | None = None


class Store(Protocol):
    """Durable storage of vouchers. Returns the ids that were new; raises StoreAway when it cannot be reached."""

    async def store(self, vouchers: Sequence[Voucher]) -> set[str]: ...


class Lander:
    """Groups what arrives and stores it: first choice the database, second the spool."""

    def __init__(self, store: Store, spool: Store, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store, self._spool, self._now, self._new_id = store, spool, now, new_id
        self._waiting: list[tuple[list[Voucher], asyncio.Future[set[str]]]] = []
        self._task: asyncio.Task[None] | None = None

    async def land(
        self, account: Account, items: Sequence[Item], headers: Mapping[str, str], received_at: datetime,
        quarantine: str = "", lane: str = "live", parent_id: str | None = None,
    ) -> list[str | None]:
        """Store the items and return once they are durable: an id each, None for one that was landed before."""
        vouchers = [
            voucher(self._new_id(), account, item, headers, received_at, quarantine, lane, parent_id) for item in items
        ]
        if not vouchers:
            return []
        new = await self._grouped(vouchers)
        return [v.id if v.id in new else None for v in vouchers]

    async def _grouped(self, vouchers: list[Voucher]) -> set[str]:
        future: asyncio.Future[set[str]] = asyncio.get_running_loop().create_future()
        self._waiting.append((vouchers, future))
        if self._task is None:
            self._task = asyncio.create_task(self._write())
        return await future

    async def _write(self) -> None:
        """Write groups until nothing waits. While one group is being written the next one gathers."""
        await asyncio.sleep(WAIT_SECONDS)
        while self._waiting:
            group: list[tuple[list[Voucher], asyncio.Future[set[str]]]] = []
            size = 0
            while self._waiting and (not group or size + len(self._waiting[0][0]) <= GROUP_MAX):
                group.append(self._waiting.pop(0))
                size += len(group[-1][0])
            await self._write_group(group)
        self._task = None

    async def _write_group(self, group: list[tuple[list[Voucher], asyncio.Future[set[str]]]]) -> None:
        vouchers = [v for members, _ in group for v in members]
        try:
            new = await self._keep(vouchers)
        except Exception as error:
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        for _, future in group:
            if not future.done():
                future.set_result(new)

    async def _keep(self, vouchers: list[Voucher]) -> set[str]:
        try:
            return await self._store.store(vouchers)
        except StoreAway as away:
            log.warning("spooled", vouchers=len(vouchers), why=str(away))
            return await self._spool.store(vouchers)


def voucher(
    new_id: str, account: Account, item: Item, headers: Mapping[str, str], received_at: datetime, quarantine: str,
    lane: str, parent_id: str | None,
) -> Voucher:
    """The voucher of an item: digest before anything parses it."""
    digest = sha256(item.body).digest()
    kept = {**headers, **dict(item.context)} if item.context else dict(headers)
    outcome = "quarantined" if quarantine else "split" if item.topic in CONTAINERS else "pending"
    # A forged delivery must not take the identity of the genuine one that may follow: that one would be passed over.
    identity = f"quarantined:{digest.hex()}" if quarantine else item.event_id or f"{item.topic}:{digest.hex()}"
    return Voucher(
        new_id, account.id, identity, item.topic, received_at, item.body,
        digest, kept, outcome, quarantine, LANES[lane], parent_id,
    )

"""The door: store what came byte for byte, acknowledge once it is durable. Requests that arrive together are written
together, so one fsync serves many; when the database is away they go to a spool that is as durable, and drain later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import Protocol

import msgspec
import structlog

from orderloom.application.ports import HINT, UNREADABLE, Account, Item, NoRoom, Reread, StoreAway, StoreRefused
from orderloom.domain.shown import key_of, storable

GROUP_MAX = 500
GROUP_BYTES_MAX = 8 << 20
"""A group is bounded both ways; one voucher that is bigger alone is a group of its own."""
WAIT_SECONDS = 0.002
"""How long the first request of a group waits for company."""
AWAY_SECONDS = 5.0
"""How long the spool is the first choice once the database did not answer: or each group would wait for it again."""
LANES = {"live": 0, "emergency": 0, "backfill": 1}
CONTAINERS = ("file",)
"""Topics of vouchers that only hold others: kept whole, split beside, not counted as messages of their own."""
ENDED = {**dict.fromkeys(CONTAINERS, "split"), HINT: "normalised"}
"""Topics of which nothing has to be made any more once they are stored."""
BARE = {
    "reason": "unstorable",
    "reason_text": "消息的标头无法存储，正文已原样保存，请核对来源"
                   " / its headers cannot be stored, the body is kept as it came: look at its source",
}
"""Headers of a voucher that could be stored only without its own."""
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
    rereads: tuple[Reread, ...] = ()
    """What it says has to be read again: kept together with it, also when it was landed before."""

    @property
    def weight(self) -> int:
        """Its bytes, roughly."""
        return len(self.body) + sum(map(len, self.headers.values())) if self.headers else len(self.body)

    @property
    def is_message(self) -> bool:
        """Whether it counts as a message of its own."""
        return self.outcome != "split"


class MessageStore(Protocol):
    """Durable storage of vouchers. Returns the ids that were new.

    Raises StoreAway when it cannot be reached, StoreRefused when it does not take them; then it took none of them.
    """

    async def store(self, vouchers: Sequence[Voucher]) -> set[str]: ...


class Kept(msgspec.Struct):
    """What became of vouchers: the ids that were new, and those that can be stored in no form, with the reason."""

    new: set[str]
    unstorable: dict[str, StoreRefused] = {}


class Lander:
    """Groups what arrives and stores it: first choice the database, second the spool."""

    def __init__(
        self, store: MessageStore, spool: MessageStore, now: Callable[[], datetime], new_id: Callable[[], str],
    ) -> None:
        self._store, self._spool, self._now, self._new_id = store, spool, now, new_id
        self._waiting: list[tuple[list[Voucher], asyncio.Future[Kept]]] = []
        self._task: asyncio.Task[None] | None = None
        self._away_until = 0.0

    async def land(
        self, account: Account, items: Sequence[Item], headers: Mapping[str, str], received_at: datetime,
        quarantine: str = "", lane: str = "live", parent_id: str | None = None, rereads: Sequence[Reread] = (),
    ) -> list[str | None]:
        """Store the items, and what is to be read again for them, and return once they are durable: an id each, None
        for one that was landed before.

        Raises StoreRefused when one of them can be stored in no form, NoRoom when nothing can be stored now.
        """
        vouchers = [
            voucher(self._new_id(), account, item, headers, received_at, quarantine, lane, parent_id) for item in items
        ]
        if not vouchers:
            return []
        if rereads:
            plain = tuple([Reread(key_of(one.what), key_of(one.id)) for one in rereads])
            vouchers[0] = msgspec.structs.replace(vouchers[0], rereads=plain)
        kept = await self._grouped(vouchers)
        for v in vouchers:
            if v.id in kept.unstorable:
                raise kept.unstorable[v.id]
        return [v.id if v.id in kept.new else None for v in vouchers]

    async def _grouped(self, vouchers: list[Voucher]) -> Kept:
        future: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting.append((vouchers, future))
        if self._task is None:
            self._task = asyncio.create_task(self._write())
        return await future

    async def _write(self) -> None:
        """Write groups until nothing waits. While one group is being written the next one gathers."""
        await asyncio.sleep(WAIT_SECONDS)
        while self._waiting:
            group: list[tuple[list[Voucher], asyncio.Future[Kept]]] = []
            size = weight = 0
            while self._waiting:
                members = self._waiting[0][0]
                size += len(members)
                weight += sum([v.weight for v in members])
                if group and (size > GROUP_MAX or weight > GROUP_BYTES_MAX):
                    break
                group.append(self._waiting.pop(0))
            await self._write_group(group)
        self._task = None

    async def _write_group(self, group: list[tuple[list[Voucher], asyncio.Future[Kept]]]) -> None:
        kept = Kept(set(), {})
        try:
            for piece in pieces([v for members, _ in group for v in members]):
                found = await self._keep(piece)
                kept.new |= found.new
                kept.unstorable |= found.unstorable
        except Exception as error:
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        for _, future in group:
            if not future.done():
                future.set_result(kept)

    async def _keep(self, vouchers: list[Voucher]) -> Kept:
        if monotonic() < self._away_until:
            try:
                return Kept(await self._spool.store(vouchers))
            except OSError as full:
                log.debug("spool_refuses", why=full.strerror)  # the database may be back: it is worth a try
        try:
            return await store_each(self._store, vouchers)
        except StoreAway as away:
            self._away_until = monotonic() + AWAY_SECONDS
            why = str(away)
        try:
            kept = Kept(await self._spool.store(vouchers))
        except OSError as full:
            raise NoRoom(f"database: {why}, spool: {full.strerror}") from full
        log.warning("spooled", vouchers=len(vouchers), why=why)
        return kept


def pieces(vouchers: Sequence[Voucher]) -> Iterator[list[Voucher]]:
    """The vouchers in their order, in groups of bounded number and bytes."""
    group: list[Voucher] = []
    weight = 0
    for v in vouchers:
        own = v.weight
        if group and (len(group) == GROUP_MAX or weight + own > GROUP_BYTES_MAX):
            yield group
            group, weight = [], 0
        group.append(v)
        weight += own
    if group:
        yield group


async def store_each(store: MessageStore, vouchers: Sequence[Voucher]) -> Kept:
    """Store all that can be stored: a group that is refused is halved until the bad one stands alone, and that one is
    kept bare, its body as it came. Raises StoreAway, and StoreRefused when the hub is at fault and not the vouchers."""
    try:
        return Kept(await store.store(vouchers))
    except StoreRefused as refused:
        if not refused.is_input:
            raise
        if len(vouchers) == 1:
            return await _store_bare(store, vouchers[0], refused)
    middle = len(vouchers) // 2
    first, second = await store_each(store, vouchers[:middle]), await store_each(store, vouchers[middle:])
    return Kept(first.new | second.new, first.unstorable | second.unstorable)


async def _store_bare(store: MessageStore, v: Voucher, refused: StoreRefused) -> Kept:
    log.warning("stored_bare", message=v.id, account=v.account_id, why=str(refused))
    bare = msgspec.structs.replace(v, topic=UNREADABLE, event_id=f"{UNREADABLE}:{v.digest.hex()}", headers=BARE)
    try:
        return Kept(await store.store([bare]))
    except StoreRefused as again:
        return Kept(set(), {v.id: again})


def voucher(
    new_id: str, account: Account, item: Item, headers: Mapping[str, str], received_at: datetime, quarantine: str,
    lane: str, parent_id: str | None,
) -> Voucher:
    """The voucher of an item: digest before anything parses it, and every text in a form that can be stored."""
    digest = sha256(item.body).digest()
    kept = {**headers, **dict(item.context)} if item.context else headers
    outcome = "quarantined" if quarantine else ENDED.get(item.topic, "pending")
    # A forged delivery must not take the identity of the genuine one that may follow: that one would be passed over.
    identity = f"quarantined:{digest.hex()}" if quarantine else item.event_id or f"{item.topic}:{digest.hex()}"
    reason = quarantine or (HINT if item.topic == HINT else "")
    return Voucher(
        new_id, account.id, key_of(identity), key_of(item.topic), received_at, item.body, digest,
        {key_of(name): storable(value) for name, value in kept.items()}, outcome, key_of(reason), LANES[lane],
        parent_id,
    )

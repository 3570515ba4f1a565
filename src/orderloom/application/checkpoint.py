"""Seals the event log: every few seconds a signed checkpoint over the events since the last one.

A checkpoint covers the transactions from the last fence up to the oldest one still running, so no event can land behind
it later. It is written to the database and, durably, to a file outside it: whoever rewrites one has to forge both.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import msgspec

NOTHING_BEFORE = bytes(32)
"""What stands for the digest before the first checkpoint."""
NOTHING_WRITTEN = "{}"
"""The ledgers of transactions that wrote none of their rows."""
EVENTS_MAX = 1_000_000
"""A checkpoint covers no more than about so many events; a longer backlog takes several."""
ROUNDS_MAX = 1_000


class Checkpoint(msgspec.Struct, frozen=True):
    """`digest`: SHA-256 over the covered events' hashes by (transaction, order, seq); `previous`: the last digest.

    `ledgers`: by name of table how many of its rows the same transactions wrote, and SHA-256 over their hashes, as
    canonical JSON; empty in checkpoints from before they were covered.
    """

    number: int
    from_xid: int
    to_xid: int
    event_count: int
    digest: bytes
    previous: bytes
    at: datetime
    signature: bytes = b""
    ledgers: str = ""


class Log(Protocol):
    """The event log inside one transaction that nobody else seals in."""

    async def last(self) -> Checkpoint | None: ...
    async def after(self, number: int) -> list[Checkpoint]: ...
    async def fence(self, from_xid: int, events_max: int) -> int: ...
    async def digest(self, from_xid: int, to_xid: int) -> tuple[int, bytes]: ...
    async def ledgers(self, from_xid: int, to_xid: int) -> str: ...
    async def append(self, checkpoint: Checkpoint) -> None: ...


class Notary(Protocol):
    """Who signs, and keeps the file outside the database."""

    def sign(self, statement: bytes) -> bytes: ...
    def is_genuine(self, statement: bytes, signature: bytes) -> bool: ...
    async def last_number(self) -> int: ...
    async def keep(self, checkpoints: list[Checkpoint]) -> None: ...


class Audit(Protocol):
    """The two together."""

    notary: Notary

    def sealing(self) -> AbstractAsyncContextManager[Log]: ...


class Sealing(Protocol):
    """What sealing needs of the hub."""

    @property
    def audit(self) -> Audit: ...
    def now(self) -> datetime: ...


class NotOurs(Exception):
    """The log was sealed with another key, or the database's transaction counter went back: a person must look."""


async def checkpoint(hub: Sealing) -> int:
    """Seal what is not sealed yet; returns how many events that were. Raises NotOurs."""
    sealed = 0
    for _ in range(ROUNDS_MAX):
        count = await _one(hub.audit, hub.now())
        sealed += count
        if count < EVENTS_MAX // 2:
            break
    return sealed


async def _one(audit: Audit, at: datetime) -> int:
    """One checkpoint; none when nothing happened. The file follows the commit: it never tells of what is not there."""
    count = 0
    async with audit.sealing() as log:
        last = await log.last()
        _refuse_strangers(audit.notary, last)
        start = last.to_xid if last else 0
        fence = await log.fence(start, EVENTS_MAX)
        if fence < start:
            raise NotOurs(_COUNTER)
        count, digest = await log.digest(start, fence)
        ledgers = await log.ledgers(start, fence)
        if count or ledgers != NOTHING_WRITTEN:
            previous = last.digest if last else NOTHING_BEFORE
            new = Checkpoint((last.number if last else 0) + 1, start, fence, count, digest, previous, at, b"", ledgers)
            await log.append(msgspec.structs.replace(new, signature=audit.notary.sign(statement(new))))
    async with audit.sealing() as log:
        await audit.notary.keep(await log.after(await audit.notary.last_number()))
    return count


def statement(checkpoint: Checkpoint) -> bytes:
    """The bytes that are signed; see docs/audit.md."""
    version, ledgers = ("2", (checkpoint.ledgers,)) if checkpoint.ledgers else ("1", ())
    return "\n".join((
        f"orderloom checkpoint {version}", str(checkpoint.number), str(checkpoint.from_xid), str(checkpoint.to_xid),
        str(checkpoint.event_count), checkpoint.digest.hex(), checkpoint.previous.hex(), checkpoint.at.isoformat(),
        *ledgers, "",
    )).encode()


def _refuse_strangers(notary: Notary, last: Checkpoint | None) -> None:
    if last and not notary.is_genuine(statement(last), last.signature):
        raise NotOurs(
            f"检查点 {last.number} 不是用本机 keys/audit.key 签名的：多台机器须共用同一把密钥；若从未换过密钥，请运行 "
            f"orderloom audit verify。 / Checkpoint {last.number} was not signed with this keys/audit.key: all "
            "machines must share one key; if it never changed, run orderloom audit verify."
        )


_COUNTER = (
    "数据库的事务计数落后于日志：数据库是由逻辑备份恢复的。请按 docs/audit.md 推进计数。 / The database's transaction "
    "counter is behind the log: it was restored from a logical dump. Advance it as docs/audit.md says."
)

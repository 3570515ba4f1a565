"""Bring everything that is encrypted under the newest key; stopped anywhere, it goes on from there.

A row that no key opens any more is left as it is and told: it holds up neither the others nor the next rotation, and
the key that once sealed it may be retired, for it opens nothing there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import msgspec

from orderloom.application.ports import Progress
from orderloom.application.within import Within

TABLES = (
    "account", "account_token", "orders", "message", "label", "recipient_address", "second_factor", "preparation",
    "correction",
)
TOLD_MAX = 100


class Renewed(msgspec.Struct, frozen=True):
    """Of some rows: how many are under the newest key now, and the ids of those that no key opens."""

    count: int
    damaged: tuple[str, ...]


class SealedRows(Protocol):
    """What is encrypted, by table, on one connection; `renew` is a transaction of its own."""

    async def outstanding(self) -> dict[str, int]:
        """Rows that are not under the newest key."""
    async def under(self, key_id: int) -> dict[str, int]: ...
    def batches(self, table: str, key_id: int | None = None) -> AsyncIterator[list[str]]:
        """Ids of rows that are under this key, or (None) not under the newest."""
    async def renew(self, table: str, ids: Sequence[str]) -> Renewed: ...
    async def opens_any(self, table: str, ids: Sequence[str]) -> bool:
        """Whether some of these rows can still be opened."""


class DamagedRow(msgspec.Struct, frozen=True):
    """A row that no key opens."""

    table: str
    id: str


class Rotated(msgspec.Struct, frozen=True):
    """How many rows were brought under the newest key, and the first hundred that no key opens."""

    re_encrypted: int
    damaged: list[DamagedRow]


async def rotate_keys(on: Within[SealedRows], progress: Progress) -> Rotated:
    """Re-encrypt what is not under the newest key, batch by batch."""
    done, damaged = 0, list[DamagedRow]()
    async with on() as sealed:
        total = sum((await sealed.outstanding()).values())
        for table in TABLES:
            async for ids in sealed.batches(table):
                renewed = await sealed.renew(table, ids)
                done += renewed.count
                damaged += [DamagedRow(table, one) for one in renewed.damaged][:TOLD_MAX - len(damaged)]
                progress(done, max(total, done))
    return Rotated(done, damaged)


async def is_unfinished(on: Within[SealedRows]) -> bool:
    """Whether something is left that can be brought under the newest key."""
    async with on() as sealed:
        return any((await sealed.outstanding()).values()) and await _opens_any(sealed, None)


async def uses_of_key(on: Within[SealedRows], key_id: int) -> dict[str, int]:
    """Rows by table that only this key opens; none when all that is under it is damaged."""
    async with on() as sealed:
        used = {table: count for table, count in (await sealed.under(key_id)).items() if count}
        return used if used and await _opens_any(sealed, key_id) else {}


async def _opens_any(sealed: SealedRows, key_id: int | None) -> bool:
    for table in TABLES:
        async for ids in sealed.batches(table, key_id):
            if await sealed.opens_any(table, ids):
                return True
    return False

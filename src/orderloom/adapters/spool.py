"""The second door: vouchers in local files, encrypted and fsynced, while the database is away; drained when it is back.

One file per group, written under another name, fsynced, then renamed, folder fsynced: a file that is there is whole.
It is deleted only after the database has committed its vouchers, and a voucher that got in twice is passed over by its
identity, so a crash at any point loses nothing and doubles nothing.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from time import time_ns

import msgspec
import structlog

from orderloom.adapters.ids import new_id
from orderloom.adapters.vault import Vault
from orderloom.application.land import Store, Voucher
from orderloom.application.ports import StoreAway

FILES_PER_DRAIN_MAX = 200
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Voucher]).decode
log = structlog.get_logger()


class Spool:
    """See `application.land.Store`. `folder` is on local disk."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault

    async def store(self, vouchers: Sequence[Voucher]) -> set[str]:
        """Write the group durably. Raises OSError when the disk is full: then the door must not acknowledge."""
        await asyncio.to_thread(self._write, list(vouchers))
        return {v.id for v in vouchers}

    def waiting(self) -> list[Path]:
        """Files that wait, oldest first."""
        return sorted(self._folder.glob("*.spool")) if self._folder.is_dir() else []

    def count(self) -> int:
        """Groups that wait."""
        return len(self.waiting())

    async def drain(self, store: Store) -> int:
        """Move waiting vouchers to the database; returns how many. Stops quietly when it is away again."""
        moved = 0
        for file in self.waiting()[:FILES_PER_DRAIN_MAX]:
            vouchers = _decode(self._vault.decrypt(await asyncio.to_thread(file.read_bytes)))
            try:
                await store.store(vouchers)
            except StoreAway:
                return moved
            await asyncio.to_thread(file.unlink)
            moved += len(vouchers)
        if moved:
            log.info("spool_drained", vouchers=moved)
        return moved

    def _write(self, vouchers: list[Voucher]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        final = self._folder / f"{time_ns():020d}-{new_id()}.spool"
        draft = final.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(self._vault.encrypt(_encode(vouchers)))
            out.flush()
            os.fsync(out.fileno())
        draft.rename(final)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

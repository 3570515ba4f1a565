"""Granted tokens that the database could not take at once, encrypted on the disk: a platform that takes a refresh
token once does not give its successor twice.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from orderloom.adapters.durable import sync_folder
from orderloom.adapters.vault import KeyMissing, Vault

log = structlog.get_logger()


class Waiting(msgspec.Struct, frozen=True):
    """What waits to be stored: the tokens that `generation` of an account was asked with gave these."""

    account_id: int
    of_index: bytes
    generation: int
    values: dict[str, str]
    expires: dict[str, datetime]
    lasts: datetime | None
    is_same: bool


class TokenAside:
    """A folder on local disk with at most one file an account."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault

    def put(self, waiting: Waiting) -> None:
        """Write it durably. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        final = self._file(waiting.account_id)
        draft = final.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(self._vault.encrypt(msgspec.msgpack.encode(waiting)))
            out.flush()
            os.fsync(out.fileno())
        draft.rename(final)
        sync_folder(self._folder)

    def get(self, account_id: int) -> Waiting | None:
        """What waits for an account; None for nothing, or for what cannot be read (yet)."""
        try:
            return msgspec.msgpack.decode(self._vault.decrypt(self._file(account_id).read_bytes()), type=Waiting)
        except FileNotFoundError:
            return None
        except (OSError, KeyMissing, msgspec.DecodeError) as error:
            log.error("token_aside_unreadable", account=account_id, why=type(error).__name__)
            return None

    def count(self) -> int:
        """How many accounts' tokens wait."""
        return len(list(self._folder.glob("*.grant")))

    def drop(self, account_id: int) -> None:
        """It is stored, or of no use any more."""
        self._file(account_id).unlink(missing_ok=True)

    def _file(self, account_id: int) -> Path:
        return self._folder / f"{account_id}.grant"

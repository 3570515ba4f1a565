"""Users and tokens as they are stored, and what the store must do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.application.identity.shapes import SessionView


class Token(msgspec.Struct, frozen=True):
    """A token as stored. `role` and `limits` are its user's; a program's may carry some of its own (`own_role`,
    `own_limits`). `is_outside`: its user has no password here."""

    id: str
    secret_hash: str
    scopes: tuple[str, ...]
    name: str
    created_by: str
    created_at: datetime
    used_at: datetime | None
    is_current: bool
    role: str
    has_second_factor: bool
    is_outside: bool
    limits: dict[str, list[str]]
    own_role: str = ""
    own_limits: dict[str, list[str]] = {}


class Whence(msgspec.Struct, frozen=True):
    """From where somebody logs in: the address, and what the program there calls itself."""

    address: str = ""
    device: str = ""


class User(msgspec.Struct, frozen=True):
    """A user as stored."""

    name: str
    role: str
    password_hash: str
    is_one_time: bool
    is_active: bool
    limits: dict[str, list[str]] = {}


class IdentityStore(Protocol):
    """Where users and tokens are kept; every call is a transaction of its own."""

    async def token(self, token_id: str, at: datetime) -> Token | None:
        """A token that is not revoked and whose user is not disabled; it may have expired."""

    async def token_used(self, token_id: str, secret_hash: str, at: datetime) -> None: ...
    async def add_token(
        self, token_id: str, name: str, secret_hash: str, scopes: tuple[str, ...], by: str, at: datetime,
        until: datetime | None, whence: Whence, role: str, limits: Mapping[str, Sequence[str]],
    ) -> None: ...
    async def revoke(self, token_id: str, at: datetime) -> bool: ...
    async def user(self, name: str) -> User | None: ...
    async def add_user(self, name: str, role: str, password_hash: str) -> bool: ...
    async def set_password(self, name: str, password_hash: str, is_one_time: bool, at: datetime) -> bool:
        """Replace the password and end every login of the user; False when there is no such user."""

    async def disable(self, name: str, at: datetime) -> str:
        """Disable a user and end all their tokens: `done`, `last_administrator` or `unknown`."""

    async def enable(self, name: str) -> bool: ...
    async def preferences(self, name: str) -> str:
        """What the user prefers, a JSON object."""

    async def prefer(self, name: str, changes: str, bytes_max: int) -> str | None:
        """Change preferences by the keys of a JSON object, null takes one away; None when they would be too many."""

    async def sessions(self, name: str, at: datetime) -> list[SessionView]:
        """Logins of a user that stand, the one used last first."""

    async def end_session(self, name: str, token_id: str, at: datetime) -> bool: ...
    async def end_sessions(self, name: str, at: datetime, but: str | None) -> int:
        """End every login of a user but one; how many ended."""

    async def unmasked(self, row_id: str, subject: str, who: str, reason: str, at: datetime) -> None: ...


class Passwords(Protocol):
    """Slow hashes of passwords; they block, so they are called in threads."""

    turns: asyncio.Semaphore
    nobody: str
    """A hash that is verified in place of one that does not exist, so that a miss takes as long as a wrong password."""

    def hash(self, password: str) -> str: ...
    def verify(self, hashed: str, password: str) -> bool: ...

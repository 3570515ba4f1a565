"""Slow hashes of people's passwords: argon2id."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

AT_ONCE = 2
"""Each takes 19 MiB and a core for 30 ms."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class Passwords:
    """See `application.identity.store.Passwords`."""

    def __init__(self) -> None:
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.nobody = _NOBODY

    def hash(self, password: str) -> str:
        """The hash to keep."""
        return _hasher.hash(password)

    def verify(self, hashed: str | None, password: str | None) -> bool:
        """Whether the password is the hashed one. No password, no hash and what is no text are never right."""
        if not isinstance(hashed, str) or not isinstance(password, str):
            return False
        try:
            return _hasher.verify(hashed, password)
        except (Argon2Error, InvalidHashError, UnicodeError):
            return False

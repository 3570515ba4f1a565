"""A second factor: codes of an app that shares a secret with the hub, and recovery codes for when the app is lost.

The secret is kept encrypted, recovery codes as SHA-256 of 79 random bits. Every code counts once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Protocol

import msgspec

from orderloom.application.identity.one_time import one_time_password

RECOVERY_CODES = 10
CODE_DIGITS = 6


class Factor(msgspec.Struct, frozen=True):
    """A user's second factor as stored. `step`: that of the newest code that counted."""

    secret_cipher: bytes
    step: int
    is_confirmed: bool


class Enrolment(msgspec.Struct, frozen=True):
    """What an authenticator app needs, shown this once: the secret, its address, and the QR code's rows of 0 and 1."""

    secret: str
    address: str
    picture: list[str]


class RecoveryCodes(msgspec.Struct, frozen=True):
    """Each lets its owner in once in place of a code of the app; shown this once."""

    recovery_codes: list[str]


class FactorStore(Protocol):
    """Where second factors are kept; every call is a transaction of its own."""

    async def factor(self, name: str) -> Factor | None:
        """A user's second factor, one that is not confirmed included."""

    async def begin(self, name: str, cipher: bytes, at: datetime) -> bool:
        """Keep a secret that is to be confirmed; False when one is confirmed already."""

    async def confirm(self, name: str, step: int, hashes: list[str], at: datetime) -> bool: ...
    async def take_step(self, name: str, step: int) -> bool:
        """Count the code of a step; False when it or a later one counted before."""

    async def take_recovery(self, name: str, code_hash: str, at: datetime) -> bool: ...
    async def recovery_left(self, name: str) -> int: ...
    async def renew_recovery(self, name: str, hashes: list[str]) -> None: ...
    async def drop(self, name: str) -> bool: ...


class OneTimeCodes(Protocol):
    """The arithmetic of an app's codes."""

    def new_secret(self) -> str: ...
    def step(self, secret: str, code: str, at: datetime) -> int | None:
        """The step whose code this is; None when it is none's."""

    def address(self, secret: str, name: str) -> str: ...
    def picture(self, address: str) -> list[str]: ...


class Seals(Protocol):
    """What encrypts a secret."""

    def encrypt(self, clear: bytes) -> bytes: ...
    def decrypt(self, cipher: bytes) -> bytes: ...


class SecondFactors:
    """The second factors of all users."""

    def __init__(self, store: FactorStore, codes: OneTimeCodes, seals: Seals, now: Callable[[], datetime]) -> None:
        self._store, self._codes, self._seals, self._now = store, codes, seals, now

    async def is_on(self, name: str) -> bool:
        """Whether the user has a second factor."""
        found = await self._store.factor(name)
        return found is not None and found.is_confirmed

    async def counts(self, name: str, code: str) -> bool:
        """Whether this is a code of the user's that has not been used; from now on it has."""
        plain = _plain(code)
        if not (plain.isascii() and plain.isdigit() and len(plain) == CODE_DIGITS):
            return await self._store.take_recovery(name, _hashed(plain), self._now())
        found = await self._store.factor(name)
        step = self._step(found, plain) if found is not None and found.is_confirmed else None
        return step is not None and await self._store.take_step(name, step)

    async def enrol(self, name: str) -> Enrolment | None:
        """A new secret, which counts once a code of it was told; None when the user has a second factor already."""
        secret = self._codes.new_secret()
        if not await self._store.begin(name, self._seals.encrypt(secret.encode()), self._now()):
            return None
        address = self._codes.address(secret, name)
        return Enrolment(secret, address, self._codes.picture(address))

    async def confirm(self, name: str, code: str) -> RecoveryCodes | None:
        """Switch the second factor on by a code of its secret; None when it is none, or nothing was begun."""
        found = await self._store.factor(name)
        step = self._step(found, _plain(code)) if found is not None and not found.is_confirmed else None
        codes = [one_time_password() for _ in range(RECOVERY_CODES)]
        if step is None or not await self._store.confirm(name, step, [_hashed(_plain(c)) for c in codes], self._now()):
            return None
        return RecoveryCodes(codes)

    async def renew(self, name: str) -> RecoveryCodes:
        """New recovery codes; those of before count no more."""
        codes = [one_time_password() for _ in range(RECOVERY_CODES)]
        await self._store.renew_recovery(name, [_hashed(_plain(code)) for code in codes])
        return RecoveryCodes(codes)

    async def left(self, name: str) -> int:
        """How many recovery codes have not been used."""
        return await self._store.recovery_left(name)

    async def drop(self, name: str) -> bool:
        """Take the second factor off; False when there was none."""
        return await self._store.drop(name)

    def _step(self, factor: Factor, code: str) -> int | None:
        return self._codes.step(self._seals.decrypt(factor.secret_cipher).decode(), code, self._now())


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()


def _hashed(code: str) -> str:
    return sha256(code.encode("utf-8", "surrogatepass")).hexdigest()

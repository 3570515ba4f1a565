"""Who calls and what they may: users with passwords, API tokens with scopes, and no answer that tells who exists.

A token is `olt_<id>_<secret>`; the database holds the argon2id hash of the secret. A verified token is remembered for
a minute by its SHA-256, so a revocation counts at once in the process that made it and within a minute elsewhere.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from orderloom.adapters.ids import new_id
from orderloom.application.queries.sql import Connection, statements
from orderloom.entrypoints.http.failures import Failures
from orderloom.entrypoints.http.problem import Problem

SQL = statements(__file__, "access")
SCOPES = (
    "orders:read", "orders:write", "stock:read", "stock:write", "cases:read", "cases:write", "messages:read",
    "messages:write", "deliveries:write", "accounts:read", "accounts:write", "events:read", "pii:read", "admin",
)
"""`admin` includes every other one."""
_READING = ("orders:read", "stock:read", "cases:read")
ROLE_SCOPES: dict[str, tuple[str, ...]] = {
    "administrator": ("admin",),
    "service": (*_READING, "orders:write", "cases:write", "messages:read", "events:read", "pii:read"),
    "warehouse": (*_READING, "stock:write"),
    "finance": (*_READING, "cases:write"),
    "operations": tuple(s for s in SCOPES if s not in ("pii:read", "admin")),
    "management": (*_READING, "accounts:read", "events:read"),
}
LOGIN_LASTS = timedelta(hours=12)
KEPT_SECONDS = 60.0
KEPT_MAX = 10_000
HASHES_AT_ONCE = 2
PASSWORD_CHARACTERS_MIN = 12
Connect = Callable[[], AbstractAsyncContextManager[Connection]]
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))
"""Verified in place of what does not exist, so that a miss takes as long as a wrong password."""


class Caller(msgspec.Struct, frozen=True):
    """Who makes a request. `actor` is what the log says; `user` is empty for a token that is nobody's login."""

    actor: str
    scopes: frozenset[str]
    token_id: str
    user: str = ""
    is_one_time: bool = False

    def may(self, scope: str) -> bool:
        """Whether the scope is granted."""
        return scope in self.scopes or "admin" in self.scopes


class Login(msgspec.Struct, frozen=True):
    """A fresh login's token. `must_change_password`: it may do nothing but POST /api/v1/password."""

    token: str
    expires_at: datetime
    scopes: list[str]
    must_change_password: bool


class NewToken(msgspec.Struct, frozen=True):
    """A token just made; its secret is shown this once."""

    id: str
    token: str
    scopes: list[str]
    expires_at: datetime | None


class Access:
    """Logins and tokens of this process."""

    def __init__(self, connect: Connect, now: Callable[[], datetime]) -> None:
        self._connect, self._now = connect, now
        self._kept: dict[bytes, tuple[float, Caller]] = {}
        self._turns = asyncio.Semaphore(HASHES_AT_ONCE)
        self.failures = Failures()
        self.token_failures = Failures(pair_max=20, name_max=0, address_max=0)

    async def caller(self, token: str, address: str) -> Caller:
        """Who presents this token. Raises Problem `wrong_token` or `too_many_tries`."""
        digest = sha256(token.encode()).digest()
        kept = self._kept.get(digest)
        if kept is not None and kept[0] > monotonic():
            return kept[1]
        self._kept.pop(digest, None)
        token_id, secret = _split(token)
        wrong = Problem("wrong_token", "令牌不对、过期或已吊销，请重新登录 | wrong, expired or revoked: log in again")
        row = None if token_id is None else await self._row("token", id=token_id, at=self._now())
        if token_id is None or row is None:
            raise wrong  # an id is no secret, and a stranger's guess is not worth 30 ms of hashing
        self.token_failures.check(token_id, address)
        if not await self.verify(str(row[0]), secret):
            self.token_failures.count(token_id, address)
            raise wrong
        caller = _caller(token_id, row)
        if len(self._kept) >= KEPT_MAX:
            self._kept.clear()
        self._kept[digest] = (monotonic() + KEPT_SECONDS, caller)
        await self._run("token_used", id=token_id, at=self._now())
        return caller

    async def login(self, name: str, password: str, address: str) -> Login:
        """A token for a user. Takes as long, and says the same, for an unknown name as for a wrong password."""
        self.failures.check(name, address)
        row = await self._row("user", name=name)
        if not await self.verify(_NOBODY if row is None else str(row[0]), password) or row is None:
            self.failures.count(name, address)
            raise Problem("wrong_login", "请核对用户名和密码 | check name and password")
        self.failures.forget(name, address)
        is_one_time = bool(row[2])
        scopes = () if is_one_time else ROLE_SCOPES.get(str(row[1]), ())
        made = await self.make_token("login", scopes, name, LOGIN_LASTS)
        assert made.expires_at is not None
        return Login(made.token, made.expires_at, made.scopes, is_one_time)

    async def change_password(self, caller: Caller, old: str, new: str, address: str) -> Login:
        """Replace the caller's password; every other login of theirs ends."""
        row = await self._row("user", name=caller.user)
        self.failures.check(caller.user, address)
        if not await self.verify(_NOBODY if row is None else str(row[0]), old) or row is None:
            self.failures.count(caller.user, address)
            raise Problem("wrong_login", "原密码不对 | the present password is wrong")
        if len(new) < PASSWORD_CHARACTERS_MIN or new == old:
            raise Problem("wrong_value", f"new: 至少 {PASSWORD_CHARACTERS_MIN} 个字符且与原密码不同 | "
                                         f"at least {PASSWORD_CHARACTERS_MIN} characters, other than before")
        await self._run("password", name=caller.user, hash=await self.hash(new))
        async with self._connect() as connection:
            given = {"name": caller.user, "at": self._now()}
            ended = await (await connection.execute(SQL["revoke_logins"], given)).fetchall()
        self._drop({str(r[0]) for r in ended})
        made = await self.make_token("login", ROLE_SCOPES.get(str(row[1]), ()), caller.user, LOGIN_LASTS)
        assert made.expires_at is not None
        return Login(made.token, made.expires_at, made.scopes, False)

    async def make_token(
        self, name: str, scopes: tuple[str, ...], by: str, lasts: timedelta | None = None
    ) -> NewToken:
        """A new token; `lasts` None: until it is revoked."""
        token_id, secret = new_id(), secrets.token_urlsafe(32)
        at = self._now()
        until = None if lasts is None else at + lasts
        await self._run("add_token", id=token_id, name=name, hash=await self.hash(secret), scopes=list(scopes), by=by,
                        at=at, until=until)
        return NewToken(token_id, f"olt_{UUID(token_id).hex}_{secret}", list(scopes), until)

    async def revoke(self, token_id: str) -> bool:
        """End a token; False when there is none that stands."""
        async with self._connect() as connection:
            done = await connection.execute(SQL["revoke"], {"id": token_id, "at": self._now()})
        self._drop({token_id})
        return done.rowcount == 1

    async def add_user(self, name: str, role: str) -> str | None:
        """Create a user; returns the one-time password, None when the name is taken."""
        password = one_time_password()
        given = {"name": name, "role": role, "hash": await self.hash(password)}
        async with self._connect() as connection:
            done = await connection.execute(SQL["add_user"], given)
        return password if done.rowcount == 1 else None

    async def unmasked(self, caller: Caller, subject: str, reason: str) -> None:
        """Write down that somebody saw personal data. `subject` is the order's id, or the message's."""
        await self._run("unmasked", id=new_id(), subject=subject, who=caller.actor, reason=reason, at=self._now())

    async def hash(self, secret: str) -> str:
        """argon2id in a thread, few at a time: each takes 19 MiB."""
        async with self._turns:
            return await asyncio.to_thread(_hasher.hash, secret)

    async def verify(self, hashed: str, secret: str) -> bool:
        """Whether the secret is the hashed one."""
        async with self._turns:
            return await asyncio.to_thread(_verify, hashed, secret)

    def _drop(self, token_ids: set[str]) -> None:
        self._kept = {k: v for k, v in self._kept.items() if v[1].token_id not in token_ids}

    async def _row(self, statement: str, /, **given: Any) -> Any:
        async with self._connect() as connection:
            return await (await connection.execute(SQL[statement], given)).fetchone()

    async def _run(self, statement: str, /, **given: Any) -> None:
        async with self._connect() as connection:
            await connection.execute(SQL[statement], given)


def ensure_administrator(connection: psycopg.Connection[Any]) -> str | None:
    """Create user `admin` when there is no user at all; returns the one-time password to print, else None."""
    password = one_time_password()
    done = connection.execute(SQL["first_user"], {"hash": _hasher.hash(password)})
    connection.commit()
    return password if done.rowcount == 1 else None


def one_time_password() -> str:
    """Four groups of four characters that cannot be mistaken for each other: 79 bits."""
    return "-".join("".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4)) for _ in range(4))


def _verify(hashed: str, secret: str) -> bool:
    try:
        return _hasher.verify(hashed, secret)
    except (Argon2Error, InvalidHashError):
        return False


def _split(token: str) -> tuple[str | None, str]:
    parts = token.split("_", 2)
    if len(parts) != 3 or parts[0] != "olt":
        return None, token
    try:
        return str(UUID(hex=parts[1])), parts[2]
    except ValueError:
        return None, parts[2]


def _caller(token_id: str, row: Any) -> Caller:
    _, scopes, name, by, _ = row
    is_login = name == "login"
    actor = f"user:{by}" if is_login else f"token:{name}"
    return Caller(actor, frozenset(scopes), token_id, by if is_login else "", is_login and not scopes)

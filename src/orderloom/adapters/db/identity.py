"""Users, tokens and the log of unmaskings in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

import orjson
import psycopg
from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.adapters.passwords import Passwords
from orderloom.application.identity.one_time import one_time_password
from orderloom.application.identity.shapes import SessionView, TokenView, UserView
from orderloom.application.identity.store import Token, User, Whence

Connection = AsyncConnection[Any]
Connect = Callable[[], AbstractAsyncContextManager[Connection]]
ADMINISTRATOR = "administrator"


class IdentityStore:
    """See `application.identity.store.IdentityStore`."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect

    async def token(self, token_id: str, at: datetime) -> Token | None:
        """A token that is not revoked and whose user is not disabled; it may have expired."""
        row = await self._row("token", id=token_id, at=at)
        if row is None:
            return None
        return Token(row[0], row[1], tuple(row[2]), *row[3:])

    async def token_used(self, token_id: str, secret_hash: str, at: datetime) -> None:
        """Note the use, and keep the secret's hash in today's form."""
        await self._run("token_used", id=token_id, hash=secret_hash, at=at)

    async def add_token(
        self, token_id: str, name: str, secret_hash: str, scopes: tuple[str, ...], by: str, at: datetime,
        until: datetime | None, whence: Whence, role: str, limits: Mapping[str, Sequence[str]],
    ) -> None:
        """Keep a new token."""
        await self._run("add_token", id=token_id, name=name, hash=secret_hash, scopes=list(scopes), by=by, at=at,
                        until=until, address=whence.address, device=whence.device, role=role,
                        limits=orjson.dumps(limits).decode())

    async def tokens(self, at: datetime, *, with_logins: bool = True) -> list[TokenView]:
        """500 tokens: those that stand first, then the newest; of logins those that stand."""
        async with self._connect() as connection:
            found = await connection.execute(statement("identity", "tokens"), {"logins": with_logins, "at": at})
            return [TokenView(*row) for row in await found.fetchall()]

    async def revoke(self, token_id: str, at: datetime) -> bool:
        """End a token; False when there is none that stands."""
        return await self._run("revoke", id=token_id, at=at) == 1

    async def sessions(self, name: str, at: datetime) -> list[SessionView]:
        """Logins of a user that stand, the one used last first."""
        async with self._connect() as connection:
            found = await connection.execute(statement("identity", "sessions"), {"name": name, "at": at})
            return [SessionView(*row) for row in await found.fetchall()]

    async def end_session(self, name: str, token_id: str, at: datetime) -> bool:
        """End a login of a user; False when no such login stands."""
        return await self._run("end_session", id=token_id, at=at, name=name) == 1

    async def end_sessions(self, name: str, at: datetime, but: str | None) -> int:
        """End every login of a user but one; how many ended."""
        return await self._run("end_sessions", at=at, but=but, name=name)

    async def user(self, name: str) -> User | None:
        """A user, disabled ones included."""
        row = await self._row("user", name=name)
        return None if row is None else User(*row)

    async def users(self) -> list[UserView]:
        """All users by name."""
        async with self._connect() as connection:
            found = await connection.execute(statement("identity", "users"))
            return [UserView(*row) for row in await found.fetchall()]

    async def add_user(self, name: str, role: str, password_hash: str) -> bool:
        """Keep a new user with a one-time password; False when the name is taken."""
        return await self._run("add_user", name=name, role=role, hash=password_hash) == 1

    async def person(self, issuer: str, subject: str) -> User | None:
        """A user by who they are elsewhere, disabled ones included."""
        row = await self._row("person", issuer=issuer, subject=subject)
        return None if row is None else User(*row)

    async def bind(self, name: str, issuer: str, subject: str) -> User | None:
        """The user of this name, who signs in elsewhere and never has yet; from now on they are this subject."""
        row = await self._row("bind", name=name, issuer=issuer, subject=subject)
        return None if row is None else User(*row)

    async def add_person(self, name: str, role: str, issuer: str, subject: str) -> bool:
        """Keep a user who signs in elsewhere; False when the name is taken."""
        return await self._run("add_person", name=name, role=role, issuer=issuer, subject=subject) == 1

    async def set_role(self, name: str, role: str) -> str:
        """Give a user another role: `done`, `last_administrator` or `unknown`."""
        async with self._connect() as connection, connection.transaction():
            found = await connection.execute(statement("identity", "administrators"))
            if role != ADMINISTRATOR and [row[0] for row in await found.fetchall()] == [name]:
                return "last_administrator"
            done = await connection.execute(statement("identity", "set_role"), {"name": name, "role": role})
            return "done" if done.rowcount == 1 else "unknown"

    async def set_password(self, name: str, password_hash: str, is_one_time: bool, at: datetime) -> bool:
        """Replace the password and end every login of the user; False when there is no such user."""
        async with self._connect() as connection, connection.transaction():
            given = {"name": name, "hash": password_hash, "is_one_time": is_one_time, "at": at}
            done = await connection.execute(statement("identity", "password"), given)
            await connection.execute(statement("identity", "revoke_logins"), given)
            return done.rowcount == 1

    async def disable(self, name: str, at: datetime) -> str:
        """Disable a user and end all their tokens: `done`, `last_administrator` or `unknown`."""
        async with self._connect() as connection, connection.transaction():
            found = await connection.execute(statement("identity", "administrators"))
            if [row[0] for row in await found.fetchall()] == [name]:
                return "last_administrator"
            done = await connection.execute(statement("identity", "disable"), {"name": name})
            await connection.execute(statement("identity", "revoke_all"), {"name": name, "at": at})
            return "done" if done.rowcount == 1 else "unknown"

    async def limit(self, name: str, limits: Mapping[str, Sequence[str]]) -> bool:
        """Limit what rows a user sees; False when there is no such user."""
        return await self._run("limit", name=name, limits=orjson.dumps(limits).decode()) == 1

    async def enable(self, name: str) -> bool:
        """Let a user in again; False when there is no such user."""
        return await self._run("enable", name=name) == 1

    async def preferences(self, name: str) -> str:
        """What the user prefers, a JSON object."""
        row = await self._row("preferences", name=name)
        return "{}" if row is None else str(row[0])

    async def prefer(self, name: str, changes: str, bytes_max: int) -> str | None:
        """Change preferences by the keys of a JSON object, null takes one away; None when they would be too many."""
        row = await self._row("prefer", name=name, changes=changes, most=bytes_max)
        return None if row is None else str(row[0])

    async def unmasked(self, row_id: str, subject: str, who: str, reason: str, at: datetime) -> None:
        """Write down that somebody saw personal data."""
        await self._run("unmasked", id=row_id, subject=subject, who=who, reason=reason, at=at)

    async def _row(self, name: str, /, **given: Any) -> tuple[Any, ...] | None:
        async with self._connect() as connection:
            return await (await connection.execute(statement("identity", name), given)).fetchone()

    async def _run(self, name: str, /, **given: Any) -> int:
        async with self._connect() as connection:
            return (await connection.execute(statement("identity", name), given)).rowcount


def ensure_administrator(connection: psycopg.Connection[Any]) -> str | None:
    """Create user `admin` when there is no user at all; returns the one-time password to print, else None."""
    password = one_time_password()
    done = connection.execute(statement("identity", "first_user"), {"hash": Passwords().hash(password)})
    connection.commit()
    return password if done.rowcount == 1 else None

"""Second factors and recovery codes in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.identity.second_factor import Factor

Connection = AsyncConnection[Any]


class SecondFactorStore:
    """See `application.identity.second_factor.FactorStore`."""

    def __init__(self, connect: Callable[[], AbstractAsyncContextManager[Connection]]) -> None:
        self._connect = connect

    async def factor(self, name: str) -> Factor | None:
        """A user's second factor, one that is not confirmed included."""
        async with self._connect() as connection:
            found = await connection.execute(statement("second_factor", "factor"), {"name": name}, binary=True)
            row = await found.fetchone()
        return None if row is None else Factor(bytes(row[0]), row[1], row[2])

    async def begin(self, name: str, cipher: bytes, at: datetime) -> bool:
        """Keep a secret that is to be confirmed; False when one is confirmed already."""
        return await self._run("begin", name=name, cipher=cipher, at=at)

    async def confirm(self, name: str, step: int, hashes: list[str], at: datetime) -> bool:
        """The secret counts from now on, with these recovery codes; False when there is none to be confirmed."""
        async with self._connect() as connection, connection.transaction():
            given = {"name": name, "step": step, "at": at}
            done = await connection.execute(statement("second_factor", "confirm"), given)
            if done.rowcount == 1:
                await _renew(connection, name, hashes)
            return done.rowcount == 1

    async def take_step(self, name: str, step: int) -> bool:
        """Count the code of a step; False when it or a later one counted before."""
        return await self._run("take_step", name=name, step=step)

    async def take_recovery(self, name: str, code_hash: str, at: datetime) -> bool:
        """Count a recovery code; False when there is none such, or it counted before."""
        return await self._run("take_recovery", name=name, hash=code_hash, at=at)

    async def recovery_left(self, name: str) -> int:
        """How many recovery codes have not been used."""
        async with self._connect() as connection:
            found = await connection.execute(statement("second_factor", "recovery_left"), {"name": name})
            row = await found.fetchone()
        return 0 if row is None else int(row[0])

    async def renew_recovery(self, name: str, hashes: list[str]) -> None:
        """Replace the recovery codes."""
        async with self._connect() as connection, connection.transaction():
            await _renew(connection, name, hashes)

    async def drop(self, name: str) -> bool:
        """Take the second factor off; False when there was none."""
        return await self._run("drop", name=name)

    async def _run(self, name_: str, /, **given: Any) -> bool:
        async with self._connect() as connection:
            return (await connection.execute(statement("second_factor", name_), given)).rowcount == 1


async def _renew(connection: Connection, name: str, hashes: list[str]) -> None:
    await connection.execute(statement("second_factor", "forget_recovery"), {"name": name})
    await connection.execute(statement("second_factor", "add_recovery"), {"name": name, "hashes": hashes})

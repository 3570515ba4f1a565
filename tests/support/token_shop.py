"""An account at a platform whose refresh tokens are good once, and workers of the hub that share it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from orderloom.adapters.alone import OwnTokens
from orderloom.adapters.db.limit import Openings, make_pool
from orderloom.adapters.db.tokens import SharedTokens
from orderloom.adapters.token_aside import TokenAside
from orderloom.adapters.vault import Vault, load_vault
from orderloom.application.ports import Account, StoreAway
from tests.support.connector_folders import caller, serve
from tests.support.token_platform import CLIENT, TokenPlatform, read_orders

TYPED = {**CLIENT, "refresh_token": "refresh-0"}


class Line:
    """Connections of a pool, which may be away."""

    def __init__(self, connect: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
        self._connect, self.is_away = connect, False

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Any]:
        if self.is_away:
            raise StoreAway("away")
        async with self._connect() as connection:
            yield connection


class Shop:
    """One account at the platform, and workers that share it."""

    def __init__(self, database: str, home: Path, platform: TokenPlatform, base: str, stack: AsyncExitStack) -> None:
        self.database, self.home, self.platform, self.base, self._stack = database, home, platform, base, stack
        self.vault: Vault = load_vault(home, "")
        self.account = Account(0, "TB01", "channels", "acme", "UTC", base, TYPED, {})
        self.http = caller()

    async def connect(self) -> None:
        await self._stack.enter_async_context(self.http)
        async with await psycopg.AsyncConnection.connect(self.database) as connection:
            row = await (await connection.execute(
                "insert into account (code, family, connector, zone, credentials_cipher) "
                "values ('TB01', 'channels', 'acme', 'UTC', %s) returning id", (self._sealed(TYPED),))).fetchone()
        assert row
        self.account = msgspec.structs.replace(self.account, id=row[0])

    async def worker(self) -> tuple[SharedTokens, Line]:
        """A process of the hub: with a pool of its own, and the disk of the machine."""
        pool = make_pool(self.database, 2)
        await self._stack.enter_async_context(pool)
        line = Line(Openings(pool).connect)
        return SharedTokens(line, self.vault, OwnTokens(), TokenAside(self.home / "tokens", self.vault)), line

    async def ask(self, query: str, *given: Any) -> tuple[Any, ...]:
        async with await psycopg.AsyncConnection.connect(self.database, autocommit=True) as connection:
            done = await connection.execute(query.encode(), given)
            return (await done.fetchone() or ()) if done.description else ()

    async def gives_others(self, **changes: str) -> Account:
        """A person types other credentials in."""
        account = msgspec.structs.replace(self.account, credentials={**TYPED, **changes})
        await self.ask("update account set credentials_cipher = %s", self._sealed(account.credentials))
        return account

    async def read(self, tokens: SharedTokens) -> None:
        await read_orders(tokens, self.account, self.base, self.http)

    def _sealed(self, credentials: Mapping[str, str]) -> bytes:
        return self.vault.encrypt(msgspec.json.encode(dict(credentials)))


@asynccontextmanager
async def a_shop(database: str, home: Path) -> AsyncIterator[Shop]:
    platform = TokenPlatform()
    async with serve(platform.app) as base, AsyncExitStack() as stack:
        shop = Shop(database, home, platform, base, stack)
        await shop.connect()
        yield shop

"""A worker that is told to stop lets what is under way end: it would be done again only when its lease is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from orderloom.application.ports import Account, Cursor, Page
from orderloom.bootstrap import Hub, open_hub
from orderloom.entrypoints.worker import loops
from orderloom.settings import Settings
from orderloom.testing.drive import publish_default_blueprint

WAIT_SECONDS_MAX = 30
ACCOUNT = """insert into account (code, family, connector, zone, credentials_cipher)
values ('TB01', 'channels', 'taobao', 'UTC', %s) returning id"""


class Slow:
    """A platform without orders that answers when it is let."""

    name = "taobao"

    def __init__(self) -> None:
        self.is_asked, self.may_answer, self.how_it_ended = asyncio.Event(), asyncio.Event(), ""

    async def pull(self, account: Account, cursor: Cursor, at: Any, http: Any) -> AsyncIterator[Page]:
        self.is_asked.set()
        try:
            await self.may_answer.wait()
            self.how_it_ended = "answered"
        except asyncio.CancelledError:
            self.how_it_ended = "cut"
            raise
        yield Page((), (), Cursor(at))


@asynccontextmanager
async def reading(home: Path, dsn: str, source: Slow) -> AsyncIterator[tuple[Hub, Callable[[], asyncio.Task[None]]]]:
    """A worker that is reading; the second given tells it to stop."""
    async with open_hub(Settings(home=home), dsn) as hub:
        await publish_default_blueprint(hub)
        hub.connectors = {**hub.connectors, "taobao": source}  # type: ignore[dict-item]
        async with hub.pool.connection() as connection:
            row = await (await connection.execute(ACCOUNT, (hub.vault.encrypt(b"{}"),))).fetchone()
            await connection.execute("insert into pull_cursor (account_id, at, due_at) values (%s, now(), now())", row)
            await connection.execute("insert into cache_version values ('directory', 1) on conflict (name) do update "
                                     "set version = cache_version.version + 1")
        stop = asyncio.Event()
        working = asyncio.create_task(loops.run(hub, stop, ["pull"]))

        def told() -> asyncio.Task[None]:
            stop.set()
            return working

        async with asyncio.timeout(WAIT_SECONDS_MAX):
            await source.is_asked.wait()
            yield hub, told


async def leased(hub: Hub) -> list[tuple[Any, ...]]:
    """Accounts that no other worker may read now."""
    async with hub.pool.connection() as connection:
        rows = await connection.execute("select account_id from pull_cursor where lease_until > now()")
        return await rows.fetchall()


async def test_a_reading_that_ends_in_a_moment_is_written_down(database: str, home: Path) -> None:
    source = Slow()
    async with reading(home, database, source) as (hub, stop):
        assert len(await leased(hub)) == 1
        ends = stop()
        source.may_answer.set()
        await ends
        assert (source.how_it_ended, await leased(hub)) == ("answered", [])


async def test_one_that_takes_longer_is_cut(database: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "END_SECONDS_MAX", 0.2)
    source = Slow()
    async with reading(home, database, source) as (_, stop):
        await stop()
        assert source.how_it_ended == "cut"

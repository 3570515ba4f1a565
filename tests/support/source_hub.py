"""A hub on a real database beside one channel's simulator on loopback: what tests of reading a source share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orderloom.adapters.db.accounts import AccountStore
from orderloom.adapters.db.directory import bump
from orderloom.application.ports import Account
from orderloom.bootstrap import Hub, open_hub
from orderloom.settings import Settings
from orderloom.testing.drive import publish_default_blueprint
from tests.support.connector_folders import Folder, folders, purchase, serve

ACCOUNT = """insert into account (code, family, connector, zone, credentials_cipher, settings)
values ('TB01', 'channels', 'taobao', 'UTC', %s, '{"interval_seconds": 0}') returning id"""
QUICK = {"private_hosts": ["127.0.0.1"], "backfill_pause_seconds": 0.001,
         "rate": {"per_second": 2_000, "burst": 2_000}}
RATES = {name: [10_000, 10_000] for name in ("getOrders", "getOrderItems", "createRestrictedDataToken",
                                             "searchListingsItems", "patchListingsItem")}


class Clock:
    """The time of hub and platform alike: the wall clock moved by so much."""

    def __init__(self) -> None:
        self.moved = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.moved


@dataclass
class Source:
    """The hub, the simulator, the account between them, and their clock."""

    hub: Hub
    simulator: Any
    account: Account
    folder: Folder
    clock: Clock

    def place(self, n: int, ago: timedelta, *, is_paid: bool = True) -> str:
        """The n-th purchase, placed (and paid) so long ago; returns its id."""
        at = (self.clock() - ago).replace(microsecond=0)
        bought = purchase(self.folder, n * 10, is_paid=is_paid) | {"placed_at": at, "paid_at": at if is_paid else None}
        self.simulator.place(bought)
        return str(bought["external_id"])

    async def ask(self, query: str, **given: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        async with self.hub.pool.connection() as connection:
            return await (await connection.execute(query.encode(), given or None)).fetchall()

    async def landed(self) -> dict[str, int]:
        """External id to lane of the orders that were landed."""
        rows = await self.ask("select m.body_cipher, i.lane from message m join intake i on i.message_id = m.id "
                              "where m.topic <> 'unreadable'")
        found = {}
        for cipher, lane in rows:
            body = self.hub.vault.decrypt_voucher(cipher).decode("utf-8", "replace")
            found.update({key: lane for key in self.known() if key in body})
        return found

    def known(self) -> list[str]:
        """Ids of every order at the platform."""
        book = getattr(self.simulator, "book", None) or getattr(self.simulator, "_book", self.simulator)
        return list(book.orders)


async def until(condition: Callable[[], Awaitable[bool]], seconds_max: float) -> None:
    """Wait until the condition is true; TimeoutError after `seconds_max`."""
    async with asyncio.timeout(seconds_max):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(name: str, database: str, home: Path, **settings: Any) -> AsyncIterator[Source]:
    """A hub with one account of the channel `name`, connected now; `settings` are the account's and simulator's."""
    folder, clock = next(f for f in folders("channels") if f.name == name), Clock()
    account = folder.account(**settings)
    simulator = folder.module("simulator").Simulator(
        dict(account.credentials), clock, {"rates": RATES, "bucket_size": 100_000, **account.settings})
    if hasattr(simulator, "wall"):
        simulator.wall = lambda: datetime.now(UTC)
    async with serve(simulator.app) as base, open_hub(Settings(home=home), database, clock=clock) as hub:
        await publish_default_blueprint(hub)
        account = folder.account(base, **QUICK, **settings)
        async with hub.pool.connection() as connection, connection.transaction():
            account_id = await AccountStore(connection, hub.vault, clock()).save(account, name)
        kept = (await hub.directory()).accounts[account_id]
        yield Source(hub, simulator, kept, folder, clock)


@asynccontextmanager
async def reading_from(source: Any, home: Path, database: str) -> AsyncIterator[Hub]:
    """A hub with one account, due to be read through the connector `source`."""
    async with open_hub(Settings(home=home), database) as hub:
        await publish_default_blueprint(hub)
        hub.connectors = {**hub.connectors, "taobao": source}
        async with hub.pool.connection() as connection:
            row = await (await connection.execute(ACCOUNT, (hub.vault.encrypt(b"{}"),))).fetchone()
            await connection.execute("insert into pull_cursor (account_id, at, due_at) values (%s, now(), now())", row)
            await bump(connection)
        yield hub

"""A push that only says "order X changed" costs no change: the order is read again, once, whatever fails meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2

from orderloom.adapters.db.accounts import AccountStore
from orderloom.application.ports import (
    HINT,
    Account,
    Cursor,
    Inbound,
    Item,
    Page,
    Reread,
    Terminal,
    Transient,
    Verdict,
)
from orderloom.application.queries.accounting import read_accounting
from orderloom.application.sources.hub import Owed
from orderloom.application.sources.reading import read
from orderloom.application.sources.rereading import groups, reread_step
from orderloom.application.switch_account import switch_account
from orderloom.bootstrap import Hub, open_hub
from orderloom.entrypoints.http.app import create_app
from orderloom.settings import Settings
from orderloom.testing.drive import publish_default_blueprint
from tests.support.source_hub import Clock, until


class Acme:
    """Pushes hints `{"order": "X"}` and reads orders by their ids."""

    name = "shopify"

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.bad: set[str] = set()
        self.absent: set[str] = set()
        self.is_down = False
        self.version = 0
        self.open = asyncio.Event()
        self.open.set()

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """A hint; a forged one is known by its header."""
        forged = "forged" if request.headers.get("x-forged") else ""
        name = request.body.decode().split('"')[3]
        return Verdict((Item(HINT, request.body),), forged, reread=(Reread("orders", name),))

    async def reread(
        self, account: Account, what: str, ids: Sequence[str], http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """Each order as it is now."""
        self.asked.append(list(ids))
        await self.open.wait()
        if self.is_down:
            raise Transient("again", "the platform is down")
        if bad := self.bad.intersection(ids):
            raise Terminal("refused", f"what is {min(bad)}?")
        there = [one for one in ids if one not in self.absent]
        items = tuple([Item("orders/updated", f"{one} {self.version}".encode()) for one in there])
        yield Page(items, missing=tuple([Reread(what, one) for one in ids if one in self.absent]))


class Shop:
    """A hub with an account of that connector, and its door."""

    def __init__(self, hub: Hub, clock: Clock, acme: Acme, account: Account) -> None:
        self.hub, self.clock, self.acme, self.account = hub, clock, acme, account
        transport = httpx2.ASGITransport(app=create_app(hub))
        self.door = httpx2.AsyncClient(transport=transport, base_url="http://localhost")

    async def hint(self, order: str, **headers: str) -> None:
        body = f'{{"order": "{order}"}}'
        answer = await self.door.post(f"/webhooks/{self.account.code}", content=body, headers=headers)
        assert answer.status_code == 200 or headers

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with self.hub.pool.connection() as connection:
            return await (await connection.execute(query.encode())).fetchall()

    async def owed(self) -> list[str]:
        return [row[0] for row in await self.rows("select external_id from reread order by external_id")]

    async def landed(self) -> list[tuple[str, str]]:
        rows = await self.rows("select topic, body_cipher from message order by received_at, id")
        return [(topic, self.hub.vault.decrypt_voucher(cipher).decode()) for topic, cipher in rows]

    async def cases(self) -> list[str]:
        rows = await self.rows("select kind || ' ' || subject from case_file where resolved_at is null")
        return [row[0] for row in rows]

    async def later(self, seconds: float = 7_200.0) -> int:
        """What is due after so long is read."""
        self.clock.moved += timedelta(seconds=seconds)
        return await reread_step(self.hub)


@asynccontextmanager
async def a_shop(database: str, home: Path) -> AsyncIterator[Shop]:
    clock, acme = Clock(), Acme()
    async with open_hub(Settings(home=home), database, clock=clock, connections_max=5) as hub:
        hub.connectors["shopify"] = acme  # type: ignore[index]
        await publish_default_blueprint(hub)
        account = Account(0, "SH01", "channels", "shopify", "UTC", "", {"client_secret": "x"}, {})
        async with hub.pool.connection() as connection, connection.transaction():
            account_id = await AccountStore(connection, hub.vault, clock()).save(account, "SH01")
        shop = Shop(hub, clock, acme, (await hub.directory()).accounts[account_id])
        async with shop.door:
            yield shop


async def test_the_hint_is_kept_and_counted_and_the_order_is_read(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        await shop.hint("A-1")
        assert await shop.landed() == [(HINT, '{"order": "A-1"}')]
        async with shop.hub.pool.connection() as connection:
            counted = await read_accounting(connection)
        assert (counted.received, counted.stored, counted.normalised, counted.is_balanced) == (1, 1, 1, True)
        assert await shop.hub.handler.handle_messages() == 0, "there is nothing in it to translate"
        assert await reread_step(shop.hub) == 1
        assert (await shop.landed())[1:] == [("orders/updated", "A-1 0")]
        assert (shop.acme.asked, await shop.owed()) == ([["A-1"]], [])


async def test_many_hints_of_one_order_are_one_reading_and_a_later_one_with_the_same_bytes_another(
    database: str, home: Path,
) -> None:
    async with a_shop(database, home) as shop:
        await asyncio.gather(*[shop.hint(order) for order in ("A-1", "A-2") for _ in range(10)])
        await reread_step(shop.hub)
        assert [sorted(ids) for ids in shop.acme.asked] == [["A-1", "A-2"]]
        shop.acme.version = 1
        await shop.hint("A-1")  # the platform puts no time into its hints
        await reread_step(shop.hub)
        assert ("orders/updated", "A-1 1") in await shop.landed()


async def test_a_hint_that_comes_while_the_order_is_being_read_is_not_forgotten(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        await shop.hint("A-1")
        shop.acme.open.clear()
        reading = asyncio.create_task(reread_step(shop.hub))
        await until(_asked(shop, 1), 5)
        await shop.hint("A-1")
        shop.acme.open.set()
        await reading
        assert await reread_step(shop.hub) == 1
        assert (len(shop.acme.asked), await shop.owed()) == (2, [])


async def test_a_hint_survives_a_database_that_is_away(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        shop.hub.lander._away_until = monotonic() + 60
        await shop.hint("A-1")
        assert (shop.hub.spool.count(), await shop.owed()) == (1, [])
        shop.hub.lander._away_until = 0.0
        await shop.hub.spool.drain(shop.hub.store)
        assert await shop.owed() == ["A-1"]
        await reread_step(shop.hub)
        assert ("orders/updated", "A-1 0") in await shop.landed()


async def test_what_a_forger_hints_at_is_not_read(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        await shop.hint("A-1", **{"x-forged": "yes"})
        assert await shop.owed() == []


async def test_several_workers_read_nothing_twice(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop, AsyncExitStack() as stack:
        others = [await stack.enter_async_context(open_hub(Settings(home=home), database, clock=shop.clock,
                                                           connections_max=3)) for _ in range(2)]
        for other in others:
            other.connectors["shopify"] = shop.acme  # type: ignore[index]
        async with shop.hub.ports.rereads() as book:
            await book.owe(shop.account.id, [Reread("orders", f"B-{n}") for n in range(700)], shop.clock())
        await asyncio.gather(*[reread_step(hub) for hub in (shop.hub, *others)])
        await reread_step(shop.hub)
        asked = [one for ids in shop.acme.asked for one in ids]
        assert (len(asked), len(set(asked)), await shop.owed()) == (700, 700, [])
        assert max(map(len, shop.acme.asked)) == 50


async def test_one_bad_id_holds_up_no_other_and_is_a_case_in_the_end(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        shop.acme.bad = {"B-7"}
        async with shop.hub.ports.rereads() as book:
            await book.owe(shop.account.id, [Reread("orders", f"B-{n}") for n in range(50)], shop.clock())
        await reread_step(shop.hub)
        assert len(await shop.owed()) == 50
        for _ in range(3):
            await shop.later()
        assert (await shop.owed(), await shop.cases()) == (["B-7"], [])
        await shop.later()
        assert await shop.cases() == ["reread_failed SH01/orders/B-7"]
        shop.acme.bad = set()
        await shop.later()
        assert (await shop.owed(), await shop.cases()) == ([], [])


async def test_what_the_source_does_not_give_is_asked_for_again_and_is_a_case(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        shop.acme.absent = {"A-2"}
        for order in ("A-1", "A-2"):
            await shop.hint(order)
        await reread_step(shop.hub)
        assert await shop.owed() == ["A-2"]
        assert await reread_step(shop.hub) == 0, "not at once"
        for _ in range(4):
            await shop.later()
        assert await shop.cases() == ["reread_failed SH01/orders/A-2"]


async def test_a_platform_that_is_down_loses_no_hint(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        shop.acme.is_down = True
        await shop.hint("A-1")
        await reread_step(shop.hub)
        shop.acme.is_down = False
        await shop.later(6.0)
        assert (await shop.owed(), await shop.cases()) == ([], [])


async def test_what_a_list_names_and_does_not_give_is_owed_before_the_place_moves(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        moved: list[list[str]] = []

        async def keep(place: Cursor | None, _: Any) -> None:
            moved.append(await shop.owed())

        async def pages() -> AsyncIterator[Page]:
            yield Page((), cursor=Cursor(shop.clock()), missing=(Reread("orders", "C-1"),))

        await read(shop.hub, shop.account, pages(), keep)
        assert moved == [["C-1"]]


async def test_an_account_that_is_off_is_left_alone_and_goes_on_later(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        await shop.hint("A-1")
        await switch_account(shop.hub.ports.accounts, "SH01", False)
        assert await reread_step(shop.hub) == 0
        await switch_account(shop.hub.ports.accounts, "SH01", True)
        assert await reread_step(shop.hub) == 1


async def test_a_worker_that_dies_while_it_reads_is_followed_by_another(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        await shop.hint("A-1")
        shop.acme.open.clear()
        dying = asyncio.create_task(reread_step(shop.hub))
        await until(_asked(shop, 1), 5)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        shop.acme.open.set()
        assert await reread_step(shop.hub) == 0
        assert await shop.later(121.0) == 1
        assert await shop.owed() == []


def test_those_that_failed_are_asked_for_apart_from_the_others() -> None:
    at = datetime(2026, 1, 1)  # noqa: DTZ001
    owed = [Owed(1, "orders", str(n), 1, n % 5, at) for n in range(20)] + [Owed(1, "refunds", "r", 1, 0, at)]
    found = [(group[0].what, {one.failures for one in group}, len(group)) for group in groups(owed)]
    assert found == [("orders", {0}, 4), ("orders", {1}, 4), ("orders", {2}, 3), ("orders", {2}, 1),
                     *[("orders", {3}, 1)] * 4, *[("orders", {4}, 1)] * 4, ("refunds", {0}, 1)]


def _asked(shop: Shop, times: int) -> Any:
    async def reached() -> bool:
        return len(shop.acme.asked) == times

    return reached

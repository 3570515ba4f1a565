"""Connecting a real shop: what a seller would lose of the orders that were there before."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_cli_answers import Cli, _json, cli

from orderloom.adapters.db.accounts import AccountStore
from orderloom.application.queries.accounts import AccountView, list_accounts
from orderloom.application.queries.status import read_status
from orderloom.application.sources.pulling import pull_step
from orderloom.application.sources.walking import Walker, walk_step
from tests.support.source_hub import Source, opened, until

__all__ = ["cli"]
CHANNELS = ("taobao", "shopify", "amazon")
SECONDS_MAX = 30
ENOUGH = 50
"""More rounds than any of these walks takes."""


async def _backfill(source: Source, days: int = 30, *, is_all: bool = False) -> None:
    async with source.hub.pool.connection() as connection, connection.transaction():
        store = AccountStore(connection, source.hub.vault, source.clock())
        await store.backfill(source.account.id, source.clock() - timedelta(days=days), is_all=is_all)


async def _finish(source: Source) -> None:
    for _ in range(ENOUGH):
        if await source.ask("select 1 from pull_walk where kind = 'backfill' and finished_at is not null"):
            return
        source.clock.moved += timedelta(minutes=3)
        await walk_step(source.hub)
    raise AssertionError(await source.ask("select * from pull_walk"))


async def _view(source: Source) -> AccountView:
    async with source.hub.pool.connection() as connection:
        return (await list_accounts(connection, {})).accounts[0]


@pytest.mark.parametrize("name", CHANNELS)
async def test_the_unfinished_orders_of_the_last_month_come_and_finished_ones_do_not(
    name: str, database: str, home: Path
) -> None:
    async with opened(name, database, home) as source:
        wanted = [source.place(n, timedelta(days=days)) for n, days in ((1, 29), (2, 12), (3, 1))]
        wanted.append(source.place(4, timedelta(days=8), is_paid=False))
        too_old = source.place(5, timedelta(days=45))
        gone = source.place(6, timedelta(days=3))
        source.simulator.cancel(gone, source.clock() - timedelta(days=2))
        await _backfill(source)
        await _finish(source)
        landed = await source.landed()
        assert landed == dict.fromkeys(wanted, 1) and too_old not in landed, "all of it in the backfill lane"
        view = await _view(source)
        assert view.backfill and (view.backfill.percent, view.backfill.orders) == (100, 4)
        await _backfill(source, days=4, is_all=True)
        await _finish(source)
        assert gone in await source.landed()


@pytest.mark.parametrize("name", CHANNELS)
async def test_a_new_order_does_not_wait_for_the_past_to_be_read(name: str, database: str, home: Path) -> None:
    async with opened(name, database, home, horizon_seconds=0) as source:
        for n in range(1, 4):
            source.place(n, timedelta(days=n))
        async with source.hub.pool.connection() as connection:
            await connection.execute("update account set settings = settings || '{\"backfill_pause_seconds\": 3600}'")
            await connection.execute("update cache_version set version = version + 1")
        await _backfill(source)
        walker = Walker(source.hub)
        await walker.step()
        fresh = source.place(9, timedelta(seconds=1))
        assert await pull_step(source.hub) == 1
        assert (await source.landed())[fresh] == 0, "in the live lane, while the past waits between two calls"
        for task in walker._busy.values():
            task.cancel()
        await asyncio.gather(*walker._busy.values(), return_exceptions=True)


async def test_a_backfill_that_is_killed_goes_on_where_it_stood(database: str, home: Path) -> None:
    async with opened("shopify", database, home) as source:
        ids = {source.place(n, timedelta(days=n)) for n in range(1, 20)}
        await _backfill(source)
        walker = Walker(source.hub)
        await walker.step()
        await until(lambda: _orders(source), SECONDS_MAX)
        for task in walker._busy.values():
            task.cancel()
        await asyncio.gather(*walker._busy.values(), return_exceptions=True)
        stood, asked = (await _view(source)).backfill, source.simulator.requests["orders"]
        async with source.hub.pool.connection() as connection:
            status = await read_status(connection)
        assert stood and 0 < stood.percent < 100 and status.backfills == {source.account.code: stood.percent}
        await _finish(source)
        assert set(await source.landed()) == ids
        lists = 2  # orders and returns of each day
        assert source.simulator.requests["orders"] - asked <= lists * (31 - stood.orders), "nothing is read again"
        tally = await source.ask("select quantity from tally where measure = 'duplicates' and quantity > 1")
        assert tally in ([], [(2,)]), "an order on the edge of two days comes with both, and with the day that was cut"


async def test_trouble_at_the_platform_puts_a_backfill_off_and_is_shown(database: str, home: Path) -> None:
    async with opened("taobao", database, home) as source:
        wanted = source.place(1, timedelta(hours=5))
        await _backfill(source, days=1)
        source.simulator.fault("status_500")
        await walk_step(source.hub)
        view = (await _view(source)).backfill
        assert view and view.failures == 1 and "http_500" in view.last_error and view.finished_at is None
        await _finish(source)
        assert set(await source.landed()) == {wanted}


async def _orders(source: Source) -> bool:
    view = (await _view(source)).backfill
    return view is not None and view.orders >= 3


def _connect(cli: Cli, *words: str) -> Any:
    given = ("--set", "access_token=x", "--set", "client_secret=y", "--base-url", "http://127.0.0.1:9", "--force",
             "--allow-private", "127.0.0.1")
    return cli("connect", "shopify", "--code", "SH01", *given, *words)


def test_connecting_reads_a_month_back_unless_told_otherwise(cli: Cli) -> None:
    assert "补拉" in _connect(cli)[1]
    found = _json(cli("accounts", "list", "--json"))["accounts"][0]["backfill"]
    assert found["scope"] == "open" and found["percent"] == 0
    assert (date.fromisoformat(found["until"][:10]) - date.fromisoformat(found["since"][:10])).days == 30
    assert "%" in cli("accounts", "list")[1] and "SH01" in cli("status")[1]
    _connect(cli)
    assert _json(cli("accounts", "list", "--json"))["accounts"][0]["backfill"] == found, "new keys start nothing"
    assert "2026-10-01" in cli("accounts", "backfill", "SH01", "--since", "2026-10-01", "--orders", "all")[1]
    again = _json(cli("accounts", "list", "--json"))["accounts"][0]["backfill"]
    assert again["scope"] == "all" and again["since"].startswith("2026-10-01T04:00:00"), "midnight in the shop's zone"


def test_connecting_from_now_on_reads_no_past(cli: Cli) -> None:
    _connect(cli, "--since", "now")
    assert _json(cli("accounts", "list", "--json"))["accounts"][0]["backfill"] is None


@pytest.mark.parametrize(("connector", "since", "said"), [
    ("shopify", "soon", "2026-10-01"), ("shopify", "2099-01-01", "未来"), ("taobao", "120", "89"),
    ("files", "7", "files"), ("shopify", "99999999999", "2026-10-01"),
])
def test_a_time_that_means_nothing_is_refused_before_anything_is_kept(
    cli: Cli, connector: str, since: str, said: str
) -> None:
    names = {"taobao": ("app_key", "app_secret", "session"), "shopify": ("access_token", "client_secret"), "files": ()}
    given = [word for name in names[connector] for word in ("--set", f"{name}=x")]
    code, _, err = cli("connect", connector, "--code", "XX01", *given, "--since", since, "--force",
                       "--base-url", "http://127.0.0.1:9", "--allow-private", "127.0.0.1")
    assert code == 2 and said in err
    assert _json(cli("accounts", "list", "--json"))["accounts"] == []

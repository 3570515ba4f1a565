"""What a channel shows is set beside what the hub told it, for ten thousand SKUs; looking changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Page
from orderloom.application.read_back import ReadBack, ReadWish, read_back
from tests.support.connector_folders import Folder, folders, purchase
from tests.support.stage import Stage

SKUS = 10_000
TOLD = """
insert into stock_shown (account_id, sku_external, quantity, as_of)
select %s, 'S-' || lpad(n::text, 5, '0'), n %% 7, now() from generate_series(0, %s) n"""
WAITING = """
insert into delivery (id, account_id, kind, order_key, body, state, due_at, created_at) values (gen_random_uuid(), %s,
'stock', 'stock:1', '{"figures": [{"sku_external": "S-00042", "quantity": 0}]}', 'due', now(), now())"""


async def opened(stage: Stage, name: str, path: str) -> tuple[Any, int]:
    """A channel's simulator beside the stage's own, and the account that leads there."""
    folder: Folder = next(one for one in folders("channels") if one.name == name)
    account = folder.account()
    simulator = folder.module("simulator").Simulator(dict(account.credentials), stage.clock, dict(account.settings))
    stage.apps[name] = simulator.app
    known = await stage.account("CH01", "channels", name, folder.manifest.zone, f"/{name}{path}",
                                dict(account.settings), credentials=dict(account.credentials), is_pulled=False)
    return simulator, known


async def endless(*_: Any) -> AsyncIterator[Page]:
    """A platform that gives page after page with nothing on it: none of them is given out."""
    await asyncio.Event().wait()
    yield Page(())


async def test_a_platform_that_pages_for_ever_holds_nobody_longer_than_was_said(
    stage: Stage, monkeypatch: pytest.MonkeyPatch,
) -> None:
    await opened(stage, "pinduoduo", "/api/router")
    monkeypatch.setattr(type(stage.hub.connectors["pinduoduo"]), "read", endless)
    async with asyncio.timeout(30):
        seen = await read_back(stage.hub, stage.hub.ports.known, "CH01", ReadWish("listings"), 0.05)
    assert not seen.is_whole and not seen.rows and seen.messages == 0


async def back(stage: Stage, what: str, **asked: Any) -> ReadBack:
    return await read_back(stage.hub, stage.hub.ports.known, "CH01", ReadWish(what, **asked))


async def test_ten_thousand_listings_are_compared_and_what_differs_is_told(stage: Stage) -> None:
    simulator, account = await opened(stage, "pinduoduo", "/api/router")
    for n in range(SKUS):
        simulator.list_sku(f"S-{n:05d}")
        simulator.stock[f"S-{n:05d}"] = n % 7
    await stage.run(TOLD, account, SKUS - 1)
    simulator.stock["S-00042"] = 99
    await stage.run("delete from stock_shown where sku_external = 'S-00100'")
    await stage.run("insert into stock_shown values (%s, 'S-gone', 5, now())", account)
    await stage.run(WAITING, account)
    before = await stage.value("select count(*) from message"), await stage.value("select count(*) from delivery")
    seen = await back(stage, "listings")
    assert seen.is_whole and seen.counts == {"same": SKUS - 2, "differs": 1, "only_there": 1, "only_here": 1}
    assert [(row.about, row.verdict, row.theirs, row.ours, row.note) for row in seen.rows] == [
        ("S-00042", "differs", 99, 0, "waiting"), ("S-00100", "only_there", 2, None, ""),
        ("S-gone", "only_here", None, 5, "")] and not seen.next  # fmt: skip
    assert before == (await stage.value("select count(*) from message"),
                      await stage.value("select count(*) from delivery"))


async def test_stars_are_told_with_the_order_that_they_are_about_and_nothing_of_a_channel_is_landed(
    stage: Stage,
) -> None:
    simulator, _ = await opened(stage, "shopee", "")
    folder = next(one for one in folders("channels") if one.name == "shopee")
    bought = purchase(folder, 1)
    simulator.place(bought)
    simulator.rate(bought["external_id"], 4, "很好", stage.clock() - timedelta(hours=1))
    seen = await back(stage, "ratings")
    assert [(one.stars, one.order_external_id, one.order) for one in seen.ratings] == [(4, bought["external_id"], "")]
    assert not seen.rows and seen.ratings_in_all == 1
    with pytest.raises(NotKept) as refused:
        await back(stage, "listings", is_kept=True)
    assert refused.value.code == "not_possible"

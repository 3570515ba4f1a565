"""Channels whose back office splits orders: whole and parts are never both on their way, in any order of the news."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import httpx2
import msgspec
import pytest

from orderloom.application.commands import RecordOrder
from orderloom.application.sort import Landed, sort
from tests.support.bench import Shop, directory
from tests.support.connector_folders import Folder, caller, cursor, items, now, pull, pulled_channels, purchase, serve
from tests.support.moves import CHANNEL, sealed

SPLITTING = [pytest.param(folder, id=folder.name) for folder in pulled_channels()
             if "order.parent" in "".join(f.read_text("utf-8") for f in folder.path.glob("simulat*.py"))]


async def commands(folder: Folder, base: str, http: httpx2.AsyncClient) -> dict[str, RecordOrder]:
    """What the channel lists, as commands by the channel's ids."""
    account = folder.account(base)
    landed = [Landed("m", CHANNEL, item.topic, now(), item.body, dict(item.context))
              for item in items(await pull(folder, account, http, cursor()))]
    known = directory()
    mine = msgspec.structs.replace(account, id=CHANNEL, code="TB01")
    here = msgspec.structs.replace(known, accounts={**known.accounts, CHANNEL: mine})
    found = sort(landed, here, folder.mappings(), lambda *_: sealed(1)).commands
    return {c.draft.external_id: c for c in found if isinstance(c, RecordOrder)}


def going(shop: Shop) -> set[str]:
    """Orders that a warehouse is to send."""
    return {o.external_id for o in shop.orders.values()
            if not o.is_blocked("dispatch") and any(w.state.is_forward for w in o.works)}


@pytest.mark.parametrize("folder", SPLITTING)
async def test_the_parts_go_once_the_whole_is_closed_and_never_before(folder: Folder) -> None:
    simulator = folder.simulator()
    bought = purchase(folder)
    lines = [{**line, "sku": sku, "quantity": 1} for line, sku in zip(bought["lines"], "AB", strict=True)]
    simulator.place(bought | {"lines": lines})
    whole, parts = bought["external_id"], [folder.module("simulator").external_id(n) for n in (8, 9)]
    async with serve(simulator.app) as base, caller() as http:
        before = await commands(folder, base, http)
        simulator.book.split(whole, [(parts[0], [0]), (parts[1], [1])], now() - timedelta(minutes=1))
        after = await commands(folder, base, http)
    assert set(parts) <= set(after), "the parts are listed"
    for order in permutations(parts):
        shop = Shop()
        shop.at = now()
        shop.ask(before[whole])
        assert going(shop) == {whole}
        for part in order:
            shop.ask(after[part])
            assert going(shop) == set(), "both would be sent"
        if whole in after:
            shop.ask(after[whole])
            assert going(shop) == set(parts)

"""Every list of applications after the sale: goods wait while a refund is asked for, and money back counts once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import pytest

from orderloom.application.commands import AnyCommand, HearAfterSale
from orderloom.application.ports import Account
from orderloom.application.sort import Landed, sort
from orderloom.domain.draft import AfterSaleReport
from orderloom.domain.states import AfterSaleState
from tests.support.bench import Shop, directory
from tests.support.connector_folders import Folder, cursor, items, now, pull, pulled_channels, purchase, serve
from tests.support.moves import CHANNEL, sealed

LISTING = [
    pytest.param(folder, id=folder.name) for folder in pulled_channels()
    if "after_sale_report" in (folder.path / "mapping.yaml").read_text("utf-8")
    and hasattr(folder.module("simulator").Simulator, "ask_refund")
]
TELLS_MONEY = [param for param in LISTING if param.id != "shopee"]
"""Shopee's list says that a return was accepted, and not when its money went."""
ONE_LINE = ("pinduoduo",)
"""An order is one SKU there: what is refunded before shipping is the order."""
CURRENCIES = {"Asia/Shanghai": "CNY", "Asia/Singapore": "SGD", "Asia/Kuala_Lumpur": "MYR", "Asia/Bangkok": "THB",
              "Asia/Manila": "PHP", "Asia/Jakarta": "IDR", "Asia/Ho_Chi_Minh": "VND"}  # fmt: skip
SECONDS_BETWEEN = 5


class Buyer:
    """One order at a channel's simulator, and the hub's mind about what is read of it."""

    def __init__(self, folder: Folder, base: str, simulator: Any, http: httpx2.AsyncClient) -> None:
        self.folder, self.simulator, self.http = folder, simulator, http
        self.account: Account = folder.account(base)
        self.shop, self.at = Shop(), now() - timedelta(minutes=5)
        bought = purchase(folder)
        lines = [{**line, "sku": sku, "quantity": 1} for line, sku in zip(bought["lines"], "AB", strict=True)]
        bought |= {"lines": lines, "currency": CURRENCIES.get(folder.manifest.zone, "USD")}
        if folder.name in ONE_LINE:
            bought |= {"lines": lines[:1], "freight": 0, "discount": 0}
        self.external_id = bought["external_id"]
        simulator.place(bought)

    async def read(self) -> list[AfterSaleReport]:
        """Everything that the channel lists, taken in twice and in both orders; returns the applications, each once."""
        landed = [Landed("m", CHANNEL, item.topic, now(), item.body, dict(item.context))
                  for item in items(await pull(self.folder, self.account, self.http, cursor()))]
        self.shop.at = now()
        for messages in (landed, landed[::-1]):
            for command in self._commands(messages):
                self.shop.ask(command)
        reports = [c.report for c in self._commands(landed) if isinstance(c, HearAfterSale)]
        return list({one.external_id: one for one in reports}.values())

    def _commands(self, messages: list[Landed]) -> list[AnyCommand]:
        known = directory()
        account = msgspec.structs.replace(self.account, id=CHANNEL, code="TB01")
        here = msgspec.structs.replace(known, accounts={**known.accounts, CHANNEL: account})
        found = sort(messages, here, self.folder.mappings(), lambda *_: sealed(1))
        assert not [one for one in found.early.values() if isinstance(one, tuple)], found.early
        return found.commands

    def later(self) -> Any:
        """The next instant at which something happens."""
        self.at += timedelta(seconds=SECONDS_BETWEEN)
        return self.at


@pytest.fixture
async def buyer(request: pytest.FixtureRequest) -> AsyncIterator[Buyer]:
    folder: Folder = request.param
    simulator = folder.simulator()
    async with serve(simulator.app) as base, httpx2.AsyncClient(timeout=10) as http:
        yield Buyer(folder, base, simulator, http)


def going(shop: Shop) -> bool:
    """Whether a warehouse is to send the order."""
    (order,) = shop.orders.values()
    return any(w.state.is_forward for w in order.works) and not order.is_blocked("dispatch")


@pytest.mark.parametrize("buyer", LISTING, indirect=True)
async def test_goods_wait_while_a_refund_is_asked_for_and_go_when_it_is_withdrawn(buyer: Buyer) -> None:
    assert await buyer.read() == [] and going(buyer.shop)
    claim = buyer.simulator.ask_refund(buyer.external_id, 0, buyer.later())
    (asked,) = await buyer.read()
    assert (asked.order_external_id, asked.state) == (buyer.external_id, "asked"), asked
    assert not going(buyer.shop), "goods whose money is asked back do not leave"
    buyer.simulator.move_claim(claim, "withdrawn", buyer.later())
    (withdrawn,) = await buyer.read()
    assert AfterSaleState(withdrawn.state).is_void, withdrawn
    (order,) = buyer.shop.orders.values()
    assert not order.is_blocked("dispatch") and order.refunded == 0 and not buyer.shop.open_cases("after_sale")


@pytest.mark.parametrize("buyer", TELLS_MONEY, indirect=True)
async def test_money_that_went_back_is_counted_once(buyer: Buyer) -> None:
    await buyer.read()
    claim = buyer.simulator.ask_refund(buyer.external_id, 0, buyer.later())
    await buyer.read()
    buyer.simulator.move_claim(claim, "agreed", buyer.later())
    await buyer.read()
    buyer.simulator.move_claim(claim, "refunded", buyer.later())
    (refunded,) = await buyer.read()
    assert refunded.state in ("refunded", "done"), refunded
    (order,) = buyer.shop.orders.values()
    assert order.refunded == buyer.simulator.book.claims[claim].amount, [(m.key, m.amount) for m in order.money]
    assert not buyer.shop.open_cases("refund_uncounted")

"""Every list of applications after the sale: goods wait while a refund is asked for, and money back counts once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from orderloom.domain.states import AfterSaleState
from tests.support.applications import Buyer
from tests.support.bench import Shop
from tests.support.connector_folders import Folder, caller, pulled_channels, serve

LISTING = [
    pytest.param(folder, id=folder.name) for folder in pulled_channels()
    if "after_sale_report" in (folder.path / "mapping.yaml").read_text("utf-8")
    and hasattr(folder.module("simulator").Simulator, "ask_refund")
]
TELLS_MONEY = [param for param in LISTING if param.id != "shopee"]
"""Shopee's list says that a return was accepted, and not when its money went."""


@pytest.fixture
async def buyer(request: pytest.FixtureRequest) -> AsyncIterator[Buyer]:
    folder: Folder = request.param
    simulator = folder.simulator()
    async with serve(simulator.app) as base, caller() as http:
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

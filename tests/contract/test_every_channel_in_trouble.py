"""Every channel that is pulled, against its own simulator in trouble: what a seller would lose, or have twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from orderloom.adapters.kit.declared import Declared
from orderloom.adapters.rehearsed import parts
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.application.ports import Account, Item, Outgoing, Page, Terminal, Transient
from orderloom.application.translate import translate
from orderloom.domain.draft import AfterSaleReport, OrderDraft
from tests.support.connector_folders import (
    RECEIVED_AT,
    Folder,
    caller,
    cursor,
    items,
    pulled_channels,
    purchase,
    serve,
)


class Shop:
    """A declared channel, its simulator on loopback, and an account that leads there."""

    def __init__(self, folder: Folder, simulator: Any, account: Account, http: httpx2.AsyncClient) -> None:
        self.folder, self.simulator, self.account, self.http = folder, simulator, account, http
        self.connector: Any = folder.connector
        self.ids: list[str] = []

    def place(self, count: int, **more: Any) -> list[str]:
        """So many paid orders, one every ten seconds of the last minutes."""
        placed = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
        for n in range(len(self.ids) + 1, len(self.ids) + count + 1):
            at = placed + timedelta(seconds=10 * n)
            bought = purchase(self.folder, n) | {"placed_at": at, "paid_at": at + timedelta(seconds=1)} | more
            self.simulator.place(bought)
            self.ids.append(bought["external_id"])
        return self.ids

    async def pages(self) -> list[Page]:
        return [page async for page in self.connector.pull(self.account, cursor(), datetime.now(UTC), self.http)]

    def read(self, found: list[Item]) -> list[Any]:
        drafts = []
        for item in found:
            headers = dict(item.context) | {"content-type": "application/json"}
            drafts += translate(self.account, item.topic, item.body, headers, RECEIVED_AT, self.folder.mappings())
        return drafts

    async def orders(self) -> list[str]:
        """External ids of the orders that one pull brings."""
        return [one.external_id for one in self.read(items(await self.pages())) if isinstance(one, OrderDraft)]

    async def claims(self) -> list[AfterSaleReport]:
        """What one pull brings, once each: windows overlap, and a platform may list it in two places."""
        heard = [one for one in self.read(items(await self.pages())) if isinstance(one, AfterSaleReport)]
        return list({(one.external_id, one.state, one.revision): one for one in heard}.values())

    async def tell(self, kind: str, body: dict[str, Any], attempt: int = 1) -> Any:
        sent = Outgoing("01930000-0000-7000-8000-000000000001", kind, "k", body, attempt)
        return await self.connector.send(sent, self.account, self.http)

    async def parcel(self) -> dict[str, Any]:
        """What is told of one placed order, all of it in one parcel."""
        self.place(1)
        [order] = [one for one in self.read(items(await self.pages())) if isinstance(one, OrderDraft)]
        lines = [{"external_line_id": line.external_id, "quantity": line.quantity} for line in order.lines]
        return {"external_id": order.external_id, "carrier": "shunfeng", "waybill": "SF1234567890123",
                "shipped_at": order.placed_at.isoformat().replace("+00:00", "Z"), "is_partial": False, "lines": lines}

    async def figures(self, *skus: str) -> dict[str, Any]:
        """Stock of listed SKUs, under the platform's own ids."""
        for sku in skus:
            self.simulator.list_sku(sku)
        if "listings" in self.folder.capabilities:
            listed = await self.connector.find_listings(list(skus), self.account, self.http)
        else:
            part = parts("channels").get(self.folder.name)
            listed = part.list_all(self.simulator, skus) if part else {}
        return {"figures": [{"sku_external": sku, "quantity": n + 5, "listing": listed.get(sku, {})}
                            for n, sku in enumerate(skus)]}


def _declared() -> list[Folder]:
    return [folder for folder in pulled_channels() if isinstance(folder.connector, Declared)
            and issubclass(folder.module("simulator").Simulator, ShopSimulator)]


def _those(*needs: str) -> list[Any]:
    """Folders whose declaration says all of these: token, page_size, shipment, stock, after_sale."""
    chosen = []
    for folder in _declared():
        said = folder.plan.said
        has = {"token": said.token is not None, "page_size": "page_size" in said.settings, "shipment": "shipment" in
               said.tell, "stock": "stock" in said.tell, "after_sale": "after_sale_report" in
               (folder.path / "mapping.yaml").read_text("utf-8") and len(said.pull.lists if said.pull else {}) > 1}
        if all(has[need] for need in needs):
            chosen.append(pytest.param(folder, id=folder.name))
    return chosen


@pytest.fixture
async def shop(request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    folder: Folder = request.param
    simulator = folder.simulator(**({"page_size": 5} if "page_size" in folder.plan.said.settings else {}))
    async with serve(simulator.app) as base, caller() as http:
        settings = {"page_size": 5} if "page_size" in folder.plan.said.settings else {}
        yield Shop(folder, simulator, folder.account(base, **settings), http)


@pytest.mark.parametrize("shop", _those(), indirect=True)
async def test_no_order_is_lost_or_doubled_over_pages_and_windows(shop: Shop) -> None:
    placed = shop.place(23)
    assert sorted(await shop.orders()) == sorted(placed)


@pytest.mark.parametrize("shop", _those(), indirect=True)
async def test_an_order_that_changes_while_pages_are_walked_skips_nobody(shop: Shop) -> None:
    placed = shop.place(12)
    shop.simulator.meanwhile(lambda: shop.simulator.cancel(placed[0], datetime.now(UTC)))
    assert set(await shop.orders()) >= set(placed[1:])


@pytest.mark.parametrize("shop", _those(), indirect=True)
@pytest.mark.parametrize("kind", ["dropped", "half_body", "busy", "rate_limited", "status_500"])
async def test_trouble_that_passes_costs_no_order(shop: Shop, kind: str) -> None:
    placed = shop.place(2)
    shop.simulator.fault(kind, 1)
    with pytest.raises(Transient):
        await shop.pages()
    shop.connector = shop.folder.connector
    assert sorted(await shop.orders()) == sorted(placed)


@pytest.mark.parametrize("shop", _those(), indirect=True)
@pytest.mark.parametrize("kind", ["repeated_page", "empty_page", "bad_record", "null_object"])
async def test_a_spoilt_page_costs_at_most_what_is_spoilt(shop: Shop, kind: str) -> None:
    placed = shop.place(12)
    shop.simulator.fault(kind, 1)
    try:
        first = set(await shop.orders())
    except Transient:
        first = set()
    assert first <= set(placed)
    if kind in ("bad_record", "null_object") and first:
        assert len(first) >= len(placed) - 5, "the others of its page are read"
    assert sorted(set(await shop.orders())) == sorted(placed)


@pytest.mark.parametrize("shop", _those(), indirect=True)
async def test_a_clock_that_is_off_is_told_as_such_and_not_as_a_wrong_key(shop: Shop) -> None:
    shop.place(1)
    shop.simulator.skew(5 * 86_400)
    try:
        await shop.pages()
    except (Transient, Terminal) as refused:
        assert refused.code == "clock_skew", refused
    else:
        assert not [one for one in (shop.folder.plan.said.calls or {}).values() if one.sign is not None
                    and "$now" in str(one)], "a platform that signs the time looks at it"


@pytest.mark.parametrize("shop", _those("token"), indirect=True)
async def test_a_token_that_ended_is_renewed_once_though_ten_ask(shop: Shop) -> None:
    placed = shop.place(1)
    assert await shop.orders() == placed
    before = shop.simulator.tokens.renewals
    shop.simulator.expire_tokens()
    found = await asyncio.gather(*[shop.orders() for _ in range(10)])
    assert found == [placed] * 10
    assert shop.simulator.tokens.renewals - before <= 1, "one asks, nine take what it got"


@pytest.mark.parametrize("shop", _those("shipment"), indirect=True)
@pytest.mark.parametrize("kind", ["lost_answer", "done_then_500"])
async def test_a_parcel_whose_answer_was_lost_is_told_once(shop: Shop, kind: str) -> None:
    parcel = await shop.parcel()
    shop.simulator.fault(kind, 1)
    with pytest.raises(Transient):
        await shop.tell("shipment", parcel)
    await shop.tell("shipment", parcel, attempt=2)
    assert len(shop.simulator.shipments[parcel["external_id"]]) == 1


@pytest.mark.parametrize("shop", _those("shipment"), indirect=True)
async def test_a_parcel_that_the_platform_refuses_is_a_persons_question(shop: Shop) -> None:
    parcel = await shop.parcel()
    shop.simulator.refuse(parcel["external_id"], "订单已退款 / refunded")
    with pytest.raises(Terminal):
        await shop.tell("shipment", parcel)
    assert not shop.simulator.shipments.get(parcel["external_id"])
    shop.simulator.refuse(parcel["external_id"], "")
    await shop.tell("shipment", parcel)
    assert len(shop.simulator.shipments[parcel["external_id"]]) == 1


@pytest.mark.parametrize("shop", _those("stock"), indirect=True)
async def test_one_sku_that_is_refused_keeps_no_other_from_being_set(shop: Shop) -> None:
    told = await shop.figures("S-1", "S-2", "S-3")
    shop.simulator.refuse("S-2", "锁定 / locked")
    with pytest.raises(Terminal) as refused:
        await shop.tell("stock", told)
    assert "S-2" in str(refused.value)
    assert {sku: shop.simulator.stock.get(sku) for sku in ("S-1", "S-3")} == {"S-1": 5, "S-3": 7}
    shop.simulator.refuse("S-2", "")
    shop.simulator.fault("lost_answer", 1)
    with pytest.raises(Transient):
        await shop.tell("stock", told)
    await shop.tell("stock", told, attempt=2)
    assert shop.simulator.stock == {"S-1": 5, "S-2": 6, "S-3": 7}


@pytest.mark.parametrize("shop", _those("after_sale"), indirect=True)
async def test_what_buyers_ask_after_the_sale_is_heard_with_its_order_and_amount(shop: Shop) -> None:
    [key] = shop.place(1)
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    claim = shop.simulator.ask_refund(key, 0, at)
    heard = await shop.claims()
    assert {(one.order_external_id, one.state) for one in heard} == {(key, "asked")}
    assert all(one.external_id and one.amount for one in heard)
    shop.simulator.move_claim(claim, "refunded", at + timedelta(minutes=1))
    newest = max(await shop.claims(), key=lambda one: one.revision)  # a report of before is still there
    assert newest.state in {"refunded", "done", "agreed"}


async def test_every_declared_channel_is_in_trouble_here() -> None:
    assert {folder.name for folder in _declared()} >= {"amazon", "shopify", "taobao"}



"""What is particular to a channel abroad: how a parcel is told there, what is refused, what its lists leave out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from orderloom.adapters.manifests import folders as connector_paths
from orderloom.application.ports import Account, Item, Outgoing, Terminal
from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft
from tests.support.connector_folders import RECEIVED_AT, Folder, caller, items, now, pull, purchase, serve

WAYBILL = "SF1234567890123"
SECONDS_MAX = 10


class Shop:
    """A shop of a channel by its name, and an account that leads there."""

    def __init__(self, folder: Folder, simulator: Any, account: Account, http: httpx2.AsyncClient) -> None:
        self.folder, self.simulator, self.account, self.http = folder, simulator, account, http
        self.connector: Any = folder.connector

    async def order(self) -> OrderDraft:
        """The one order that a pull brings, as it stands now."""
        item = (await self._changed())[-1]
        headers, mappings = dict(item.context), self.folder.mappings()
        [draft] = translate(self.account, item.topic, item.body, headers, RECEIVED_AT, mappings)
        assert isinstance(draft, OrderDraft), draft
        return draft

    async def _changed(self) -> list[Item]:
        """What a pull brings; what changed in this very second comes with the next one."""
        async with asyncio.timeout(SECONDS_MAX):
            while not (found := items(await pull(self.folder, self.account, self.http))):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        return found

    async def place(self) -> OrderDraft:
        self.simulator.place(purchase(self.folder))
        return await self.order()

    async def ship(
        self, order: OrderDraft, lines: dict[str, int] | None = None, waybill: str = WAYBILL, attempt: int = 1
    ) -> Any:
        """Tell a parcel: these units by the ids of their lines, or all of the order."""
        sent = lines or {line.external_id: line.quantity for line in order.lines}
        return await self.tell("shipment", {
            "external_id": order.external_id, "carrier": "shunfeng", "waybill": waybill, "is_partial": bool(lines),
            "shipped_at": order.placed_at.isoformat().replace("+00:00", "Z"),
            "lines": [{"external_line_id": key, "quantity": count} for key, count in sent.items()],
        }, attempt)  # fmt: skip

    async def tell(self, kind: str, body: dict[str, Any], attempt: int = 1) -> Any:
        outgoing = Outgoing("01930000-0000-7000-8000-000000000001", kind, "k", body, attempt)
        return await self.connector.send(outgoing, self.account, self.http)

    def told(self, order: OrderDraft) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.simulator.shipments[order.external_id]
        return found


@asynccontextmanager
async def shop(name: str, **settings: Any) -> AsyncIterator[Shop]:
    folder = next(Folder(path) for path in connector_paths("channels") if path.name == name)
    simulator = folder.simulator(**settings)
    async with serve(simulator.app) as base, caller() as http:
        yield Shop(folder, simulator, folder.account(base, **settings), http)


@pytest.mark.parametrize("mode", ["non_integrated", "dropoff", "pickup"])
async def test_shopee_is_told_a_parcel_in_exactly_the_mode_that_it_offers(mode: str) -> None:
    async with shop("shopee", shipping_mode=mode) as shopee:
        order = await shopee.place()
        await shopee.ship(order)
        [told] = shopee.told(order)
        assert (told["waybill"] == WAYBILL) is (mode == "non_integrated"), "its own logistics number the parcel"
        await shopee.ship(order, attempt=2)
        assert len(shopee.told(order)) == 1


async def test_tiktok_is_told_the_units_of_a_parcel_and_the_rest_later() -> None:
    async with shop("tiktok_shop") as tiktok:
        order = await tiktok.place()
        first, *others = [line.external_id for line in order.lines]
        await tiktok.ship(order, {first: 1}, "SF1")
        seen = await tiktok.order()
        assert [line.external_id for line in seen.lines if line.fulfilled] == [first]
        await tiktok.ship(order, dict.fromkeys(others, 1), "SF2")
        assert [[one["external_line_id"] for one in told["lines"]] for told in tiktok.told(order)] == [[first], others]


async def test_tiktok_numbers_the_package_where_its_own_logistics_carry_it() -> None:
    async with shop("tiktok_shop", shipping_type="TIKTOK") as tiktok:
        order = await tiktok.place()
        await tiktok.ship(order)
        assert [told["waybill"] == WAYBILL for told in tiktok.told(order)] == [False]


async def test_lazada_packs_only_the_units_of_the_parcel() -> None:
    async with shop("lazada") as lazada:
        order = await lazada.place()
        first, *others = [line.external_id for line in order.lines]
        await lazada.ship(order, {first: 1})
        seen = await lazada.order()
        assert {line.external_id: line.native for line in seen.lines} == {
            first: "shipped", **dict.fromkeys(others, "pending")}  # fmt: skip


async def test_a_unit_that_lazada_refuses_to_pack_sends_nothing_on_its_way() -> None:
    async with shop("lazada") as lazada:
        order = await lazada.place()
        lazada.simulator.packed[order.lines[0].external_id] = "FP0000000001"
        with pytest.raises(Terminal) as refused:
            await lazada.ship(order, {line.external_id: 1 for line in order.lines[1:]} | {"1": 1})
        assert "PACKAGE_STATUS_NOT_ALLOW_TO_OP" in str(refused.value)
        assert not lazada.told(order)


async def test_woocommerce_is_completed_with_the_last_parcel_only() -> None:
    async with shop("woocommerce") as woo:
        order = await woo.place()
        first, last = (line.external_id for line in order.lines)
        await woo.ship(order, {first: 1}, "SF1")
        assert woo.simulator.status(order.external_id) == "processing"
        await woo.ship(order, waybill="SF2")
        assert woo.simulator.status(order.external_id) == "completed" and last


async def test_woocommerce_stock_of_a_variation_goes_to_the_variation() -> None:
    async with shop("woocommerce") as woo:
        woo.simulator.shelf.put_up("S-1")
        woo.simulator.shelf.put_up("S-2", has_variants=False)
        found = await woo.connector.find_listings(["S-1", "S-2"], woo.account, woo.http)
        assert set(found["S-1"]) == {"product_id", "variation_id"} and set(found["S-2"]) == {"product_id"}
        await woo.tell("stock", {"figures": [{"sku_external": sku, "quantity": 4, "listing": found[sku]}
                                             for sku in ("S-1", "S-2")]})  # fmt: skip
        assert woo.simulator.stock == {"S-1": 4, "S-2": 4}


@pytest.mark.parametrize("gateway", ["iop", "top_md5", "top_hmac"])
async def test_aliexpress_is_spoken_to_by_either_gateway(gateway: str) -> None:
    async with shop("aliexpress", gateway=gateway) as ali:
        order = await ali.place()
        await ali.ship(order)
        assert [told["waybill"] for told in ali.told(order)] == [WAYBILL]


async def test_an_order_that_aliexpress_finished_is_asked_for_by_itself() -> None:
    async with shop("aliexpress") as ali:
        order = await ali.place()
        await ali.ship(order)
        ali.simulator.finish(order.external_id, now() - timedelta(minutes=1))
        seen = await ali.order()
        assert seen.native == "FINISH" and all(line.fulfilled == line.quantity for line in seen.lines)


async def test_aliexpress_is_told_a_part_before_the_whole() -> None:
    async with shop("aliexpress") as ali:
        order = await ali.place()
        await ali.ship(order, {order.lines[0].external_id: 2}, "SF1")
        seen = await ali.order()
        assert (seen.native, [one.waybill for one in seen.shipments]) == ("SELLER_PART_SEND_GOODS", ["SF1"])
        await ali.ship(order, waybill="SF2")
        seen = await ali.order()
        assert (seen.native, [one.waybill for one in seen.shipments]) == ("WAIT_BUYER_ACCEPT_GOODS", ["SF1", "SF2"])


async def test_an_order_of_ebay_goes_in_two_parcels_by_its_lines() -> None:
    async with shop("ebay") as ebay:
        order = await ebay.place()
        first, last = (line.external_id for line in order.lines)
        await ebay.ship(order, {first: 2}, "SF1")
        await ebay.ship(order, {last: 1}, "SF2")
        assert [told["lines"] for told in ebay.told(order)] == [
            [{"external_line_id": first, "quantity": 2}], [{"external_line_id": last, "quantity": 1}]]
        with pytest.raises(Terminal):
            await ebay.ship(order, {last: 1}, "SF3")

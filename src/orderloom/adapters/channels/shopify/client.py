"""The Shopify connector: judges webhooks, pulls orders, sends shipments and stock, tests an account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import httpx2

from orderloom.adapters.channels.shopify.listings import find
from orderloom.adapters.channels.shopify.pull import SETTLE, Walk, overlap, pages
from orderloom.adapters.channels.shopify.ship import ship
from orderloom.adapters.channels.shopify.signing import is_genuine
from orderloom.adapters.channels.shopify.stock import set_stock
from orderloom.adapters.channels.shopify.wire import call, decode
from orderloom.application.ports import (
    Account,
    Answer,
    Cursor,
    Inbound,
    Item,
    Outgoing,
    Page,
    Probed,
    Terminal,
    Trouble,
    Verdict,
)

TOLD = ("x-shopify-shop-domain", "x-shopify-event-id", "x-shopify-triggered-at", "x-shopify-api-version")
"""Headers that go with the item: where it came from and which merchant action caused it."""


class Shopify:
    """Satisfies `ports.Connector`."""

    name = "shopify"
    listings_max = 20

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """Judge a webhook. A forged one keeps its digest as identity, so that it cannot occupy the id of a real one."""
        headers = request.headers
        topic = headers.get("x-shopify-topic", "") or "untold"
        context = tuple((name, headers[name]) for name in TOLD if name in headers)
        secrets = [account.credentials.get(name, "") for name in ("client_secret", "client_secret_previous")]
        if not is_genuine(request.body, headers.get("x-shopify-hmac-sha256", ""), secrets):
            return Verdict((Item(topic, request.body, "", context),), "signature", 401, b'{"error":"signature"}')
        item = Item(topic, request.body, headers.get("x-shopify-webhook-id", ""), context)
        shop = str(account.settings.get("shop_domain") or "")
        if shop and headers.get("x-shopify-shop-domain", "").lower() != shop.lower():
            # One app's secret signs for every shop that installed it: the shop must be ours too.
            return Verdict((item,), "other_shop", 200, b"{}")
        return Verdict((item,), reply=b"{}")

    def pull(self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
        """Pages of orders changed since `cursor`, see `pull.pages`."""
        return pages(Walk(account, http, at - SETTLE), cursor.at - overlap(account), at)

    def backfill(
        self, account: Account, cursor: Cursor, until: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """Orders changed in that time that are open: neither archived nor cancelled."""
        return pages(Walk(account, http, until, "open"), cursor.at, until)

    def sweep(self, account: Account, cursor: Cursor, until: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
        """The same time read again."""
        return pages(Walk(account, http, until), cursor.at, until)

    async def find_listings(
        self, codes: Sequence[str], account: Account, http: httpx2.AsyncClient
    ) -> dict[str, dict[str, Any]]:
        """Inventory item and location of the codes that the shop sells, see `listings.find`."""
        return await find(codes, account, http)

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Deliver a `shipment` or `stock`; any other kind is `Terminal`."""
        if outgoing.kind == "shipment":
            return await ship(outgoing, account, http)
        if outgoing.kind == "stock":
            return await set_stock(outgoing, account, http)
        raise Terminal("unknown_kind", f"Shopify takes shipment and stock, not {outgoing.kind}")

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """Ask for the shop: is the token good, and does the shop keep the zone that the account declares?"""
        try:
            shop = decode(await call(http, account, "GET", "shop.json"), "shop")
        except Trouble as trouble:
            return Probed(False, f"无法访问店铺，请检查令牌与权限 / check token and scopes: {trouble}")
        zone = shop.get("iana_timezone") or account.zone
        if zone != account.zone:
            return Probed(True, f"{shop['name']}；店铺时区为 {zone}，请修改账号 / the shop's zone is {zone}")
        return Probed(True, f"{shop['name']}（{zone}）")


CONNECTOR = Shopify()

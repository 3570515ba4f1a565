"""Shopify's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.shopify.simulator import Simulator
from orderloom.adapters.rehearsed import NO_LIMIT, OVERLAP_SECONDS, Listings, Scene, WorldPart
from orderloom.adapters.simulated.book import PAID, UNPAID
from orderloom.adapters.simulated.pushes import Push

SHOP_DOMAIN = "rehearsal-shop.myshopify.com"
CREDENTIALS = {"access_token": "rehearsal-token", "client_secret": "rehearsal-secret", "client_secret_previous": ""}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {
        "bucket_size": NO_LIMIT, "leak_per_second": NO_LIMIT, "shop_domain": SHOP_DOMAIN,
    } | scene.shop)


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    return {text: simulator.listing(text) for text in spellings}


def _spell(code: str, _number: int) -> str:
    return code.lower()


def _phase(simulator: Simulator, key: str) -> str:
    order = simulator.orders[key]
    is_over = order["cancelled_at"] or order["fulfillments"]
    return "" if is_over else UNPAID if order["financial_status"] == "pending" else PAID


def _add_a_cent(simulator: Simulator, key: str) -> None:
    """Total and outstanding say a cent more than the lines."""
    order = simulator.orders[key]
    for name in ("total_price", "current_total_price"):
        whole, _, cents = order[name].partition(".")
        minor = int(whole) * 100 + int(cents) + 1
        order[name] = f"{minor // 100}.{minor % 100:02d}"


def _forge(n: int) -> Push:
    body = f'{{"id":{n},"total_price":"0.01","note":"forged"}}'.encode()
    return Push(body, {"X-Shopify-Topic": "orders/create", "X-Shopify-Hmac-Sha256": "Zm9yZ2Vk",
                       "X-Shopify-Shop-Domain": SHOP_DOMAIN, "Content-Type": "application/json"})


PART = WorldPart("SH01", "独立站 Shopify", "America/New_York", CREDENTIALS, _simulator,
            lambda _: {"shop_domain": SHOP_DOMAIN, "overlap_seconds": OVERLAP_SECONDS}, pull_every=3.0,
            list_all=_list_all, weight=20,
            topics={"placed": "orders/create", "paid": "orders/paid", "cancelled": "orders/cancelled"},
            is_usual=True, spell=_spell, abroad_share=0.8, has_tests=True, asks="", phase=_phase,
            add_a_cent=_add_a_cent, forge=_forge)

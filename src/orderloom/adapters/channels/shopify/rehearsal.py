"""Shopify's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.shopify.simulator import Simulator
from orderloom.adapters.rehearsed import NO_LIMIT, OVERLAP_SECONDS, Listings, Scene, WorldPart

SHOP_DOMAIN = "rehearsal-shop.myshopify.com"
CREDENTIALS = {"access_token": "rehearsal-token", "client_secret": "rehearsal-secret", "client_secret_previous": ""}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {
        "bucket_size": NO_LIMIT, "leak_per_second": NO_LIMIT, "shop_domain": SHOP_DOMAIN,
    } | scene.shop)


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    return {text: simulator.listing(text) for text in spellings}


PART = WorldPart("SH01", "独立站 Shopify", "America/New_York", CREDENTIALS, _simulator,
            lambda _: {"shop_domain": SHOP_DOMAIN, "overlap_seconds": OVERLAP_SECONDS}, pull_every=3.0,
            list_all=_list_all, weight=20,
            topics={"placed": "orders/create", "paid": "orders/paid", "cancelled": "orders/cancelled"})

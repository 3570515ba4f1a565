"""TikTok Shop's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.tiktok_shop.simulated_order import WAREHOUSE
from orderloom.adapters.channels.tiktok_shop.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Listings, Scene, WorldPart

CREDENTIALS = {"app_key": "rehearsal-key", "app_secret": "rehearsal-secret", "shop_id": "7494049642642441621",
               "service_id": "", "shop_cipher": "rehearsal-cipher", "access_token": "rehearsal-token",
               "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    offers = {text: simulator.shelf.put_up(text) for text in spellings}
    return {text: {"product_id": offer.item, "sku_id": offer.variant, "warehouse_id": WAREHOUSE}
            for text, offer in offers.items()}  # fmt: skip


PART = WorldPart("TK01", "TikTok Shop 店铺", "America/Los_Angeles", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS}, list_all=_list_all,
            topics={"placed": "1", "paid": "1", "cancelled": "1"})

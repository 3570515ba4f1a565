"""Shopee's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.shopee.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Listings, Scene, WorldPart

CREDENTIALS = {"partner_id": "1000001", "partner_key": "rehearsal-partner-key", "push_key": "", "shop_id": "220011",
               "access_token": "rehearsal-token", "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {"slow_seconds": 3})


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    offers = {text: simulator.shelf.put_up(text) for text in spellings}
    return {text: {"item_id": offer.item, "model_id": offer.variant} for text, offer in offers.items()}


PART = WorldPart("SE01", "虾皮店铺 Shopee", "Asia/Singapore", CREDENTIALS, _simulator,
            lambda served: {"overlap_seconds": OVERLAP_SECONDS, "public_url": f"{served.hub_url}/webhooks/SE01"},
            list_all=_list_all, topics={"placed": "3", "paid": "3", "cancelled": "3"})

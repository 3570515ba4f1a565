"""Shopee's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.shopee.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Scene, WorldPart, put_up

CREDENTIALS = {"partner_id": "1000001", "partner_key": "rehearsal-partner-key", "push_key": "", "shop_id": "220011",
               "access_token": "rehearsal-token", "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


PART = WorldPart("SE01", "虾皮店铺 Shopee", "Asia/Singapore", CREDENTIALS, _simulator,
            lambda served: {"overlap_seconds": OVERLAP_SECONDS, "public_url": f"{served.hub_url}/webhooks/SE01"},
            list_all=put_up(item_id="item", model_id="variant"), topics={"placed": "3", "paid": "3", "cancelled": "3"})

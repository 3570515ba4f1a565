"""Lazada's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.lazada.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Scene, WorldPart, put_up

CREDENTIALS = {"app_key": "123456", "app_secret": "rehearsal-secret", "seller_id": "1234567",
               "access_token": "rehearsal-token", "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


PART = WorldPart("LZ01", "来赞达店铺 Lazada", "Asia/Singapore", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS}, path="/rest",
            list_all=put_up(item_id="item", sku_id="variant"), topics={"placed": "0", "paid": "0", "cancelled": "0"},
            currency="SGD")

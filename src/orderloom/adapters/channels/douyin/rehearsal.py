"""Douyin's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.douyin.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart, put_up

CREDENTIALS = {"app_key": "rehearsal-key", "app_secret": "rehearsal-secret", "access_token": "rehearsal-token",
               "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


PART = WorldPart("DY01", "抖店旗舰店 Douyin", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {}, list_all=put_up(product_id="item", sku_id="variant"),
            topics={"placed": "", "paid": "", "cancelled": ""})

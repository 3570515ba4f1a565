"""Xiaohongshu's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.xiaohongshu.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart, put_up

CREDENTIALS = {"app_id": "rehearsal-app", "app_secret": "rehearsal-secret", "access_token": "rehearsal-token",
               "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


PART = WorldPart("XH01", "小红书店铺 Xiaohongshu", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {}, path="/ark/open_api/v3/common_controller", list_all=put_up(sku_id="variant"),
            topics={"placed": "", "paid": "", "cancelled": ""})

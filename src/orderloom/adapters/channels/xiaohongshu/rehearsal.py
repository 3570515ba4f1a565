"""Xiaohongshu's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.xiaohongshu.simulator import Simulator
from orderloom.adapters.rehearsed import Listings, Scene, WorldPart

CREDENTIALS = {"app_id": "rehearsal-app", "app_secret": "rehearsal-secret", "access_token": "rehearsal-token",
               "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {"slow_seconds": 3})


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    offers = {text: simulator.shelf.put_up(text) for text in spellings}
    return {text: {"sku_id": offer.variant} for text, offer in offers.items()}


PART = WorldPart("XH01", "小红书店铺 Xiaohongshu", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {}, path="/ark/open_api/v3/common_controller", list_all=_list_all,
            topics={"placed": "", "paid": "", "cancelled": ""})

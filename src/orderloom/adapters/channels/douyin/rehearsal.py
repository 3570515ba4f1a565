"""Douyin's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.douyin.simulator import Simulator
from orderloom.adapters.rehearsed import Listings, Scene, WorldPart

CREDENTIALS = {"app_key": "rehearsal-key", "app_secret": "rehearsal-secret", "access_token": "rehearsal-token",
               "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {"slow_seconds": 3})


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    offers = {text: simulator.shelf.put_up(text) for text in spellings}
    return {text: {"product_id": offer.item, "sku_id": offer.variant} for text, offer in offers.items()}


PART = WorldPart("DY01", "抖店旗舰店 Douyin", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {}, list_all=_list_all,
            topics={"placed": "", "paid": "", "cancelled": ""})

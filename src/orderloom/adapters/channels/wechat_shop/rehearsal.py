"""WeChat shop's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.wechat_shop.simulator import Simulator
from orderloom.adapters.rehearsed import Listings, Scene, WorldPart

CREDENTIALS = {"app_id": "wxrehearsal0000001", "app_secret": "rehearsal-secret", "push_token": "rehearsalpush",
               "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "access_token": "rehearsal-token"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {"slow_seconds": 3})


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    offers = {text: simulator.shelf.put_up(text) for text in spellings}
    return {text: {"product_id": offer.item, "sku_id": offer.variant} for text, offer in offers.items()}


PART = WorldPart("WX01", "微信小店 WeChat shop", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {}, list_all=_list_all,
            topics={"placed": "", "paid": "", "cancelled": ""})

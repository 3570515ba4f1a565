"""WeChat shop's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.wechat_shop.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart, put_up

CREDENTIALS = {"app_id": "wxrehearsal0000001", "app_secret": "rehearsal-secret", "push_token": "rehearsalpush",
               "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "access_token": "rehearsal-token"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


PART = WorldPart("WX01", "微信小店 WeChat shop", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {}, list_all=put_up(product_id="item", sku_id="variant"),
            topics={"placed": "", "paid": "", "cancelled": ""})

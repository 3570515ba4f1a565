"""Wangdiantong's part in the rehearsed world: the seller's warehouses."""

from __future__ import annotations

from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Scene, WorldPart
from orderloom.adapters.systems.wangdiantong.simulator import Simulator

SHOP_NO = "zhidan-01"
CREDENTIALS = {"sid": "rehearsal", "app_key": "rehearsal-key", "app_secret": "rehearsalsecret:rehearsalsalt"}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.floor | {"shop_no": SHOP_NO, "slow_address_seconds": 0.2})


PART = WorldPart("WD01", "旺店通 Wangdiantong", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: {
    "shop_no": SHOP_NO, "stock_pull": False, "page_size": 200, "overlap_seconds": OVERLAP_SECONDS,
})

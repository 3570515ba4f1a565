"""Wangdiantong Enterprise's part in the rehearsed world: a further warehouse."""

from __future__ import annotations

from orderloom.adapters.rehearsed import Scene, WorldPart
from orderloom.adapters.systems.wangdiantong_enterprise.simulator import Simulator

CREDENTIALS = {"sid": "rehearsal", "app_key": "rehearsal-key", "app_secret": "rehearsal-secret"}
"""Made up; they open the simulator and nothing else."""
SETTINGS = {"shop_no": "zhidan-02", "stock_pull": False}


def _simulator(scene: Scene) -> Simulator:
    return Simulator(dict(CREDENTIALS), scene.now, SETTINGS | scene.floor)


PART = WorldPart(
    "WE01", "旺店通企业版 Wangdiantong Enterprise", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: SETTINGS,
    warehouses=(("NJ01", "南京仓 Nanjing", "江苏省"),), path="/openapi2",
)

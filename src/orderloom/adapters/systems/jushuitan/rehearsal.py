"""Jushuitan's part in the rehearsed world: a further warehouse, known by its number."""

from __future__ import annotations

from orderloom.adapters.rehearsed import Scene, WorldPart
from orderloom.adapters.systems.jushuitan.simulator import Simulator

CREDENTIALS = {
    "app_key": "rehearsal-key",
    "app_secret": "rehearsal-secret",
    "access_token": "rehearsal-token",
    "refresh_token": "rehearsal-refresh",
}
"""Made up; they open the simulator and nothing else."""
SETTINGS = {"shop_id": 10820686, "stock_pull": False}


def _simulator(scene: Scene) -> Simulator:
    return Simulator(dict(CREDENTIALS), scene.now, SETTINGS | scene.floor)


PART = WorldPart(
    "JT01", "聚水潭 Jushuitan", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: SETTINGS,
    warehouses=(("10001", "上海仓 Shanghai", "上海市"),),
)

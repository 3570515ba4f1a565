"""Qimen's part in the rehearsed world: a warehouse that reports by itself."""

from __future__ import annotations

from orderloom.adapters.rehearsed import Scene, WorldPart
from orderloom.adapters.systems.qimen.simulator import Simulator

CREDENTIALS = {"app_key": "rehearsal-key", "app_secret": "rehearsal-secret"}
"""Made up; they open the simulator and nothing else."""
SETTINGS = {"customer_id": "rehearsal", "owner_code": "OWNER1"}


def _simulator(scene: Scene) -> Simulator:
    return Simulator(dict(CREDENTIALS), scene.now, SETTINGS | scene.floor)


PART = WorldPart(
    "QM01", "奇门 Qimen", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: SETTINGS,
    warehouses=(("SY01", "沈阳仓 Shenyang", "辽宁省"),), path="/router/qimen/service", pull_every=None,
)

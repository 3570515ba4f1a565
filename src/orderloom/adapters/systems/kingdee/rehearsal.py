"""Kingdee's part in the rehearsed world: an ERP whose customer for all orders is one and the same."""

from __future__ import annotations

from orderloom.adapters.rehearsed import Scene, WorldPart
from orderloom.adapters.systems.kingdee.simulator import Simulator

CREDENTIALS = {
    "acct_id": "rehearsal",
    "user": "rehearsal-user",
    "app_id": "rehearsal-app",
    "app_secret": "rehearsal-secret",
    "session": "rehearsal-session",
}
"""Made up; they open the simulator and nothing else."""
SETTINGS = {"customer": "CUST0001"}


def _simulator(scene: Scene) -> Simulator:
    return Simulator(dict(CREDENTIALS), scene.now, SETTINGS | scene.floor)


PART = WorldPart(
    "KD3C01", "金蝶云星空 Kingdee", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: SETTINGS,
    warehouses=(("BJ01", "北京仓 Beijing", "北京市"),), path="/k3cloud",
)

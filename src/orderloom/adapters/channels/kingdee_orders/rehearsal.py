"""The rehearsed world's part of Kingdee's sales orders: a company whose salespeople enter orders in the ERP."""

from __future__ import annotations

from orderloom.adapters.channels.kingdee_orders.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Scene, WorldPart

CREDENTIALS = {"acct_id": "rehearsal", "user": "rehearsal-sales", "app_id": "rehearsal-app",
               "app_secret": "rehearsal-secret", "session": "rehearsal-session"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


PART = WorldPart("KO01", "金蝶销售订单 Kingdee sales orders", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS}, path="/k3cloud", weight=3)

"""SF Express in the rehearsed world: labels for what people pack by hand, and the way of its parcels."""

from __future__ import annotations

from orderloom.adapters.carriers.sf_express.simulator import Simulator
from orderloom.adapters.rehearsed import SENDER, Scene, WorldPart

CREDENTIALS = {"partner_id": "REHEARSAL", "checkword": "rehearsal", "push_token": "rehearsal"}
"""Made up; they open the simulator and nothing else."""
SETTINGS = {**SENDER, "monthly_card": "7551234567", "query_after_seconds": 20}


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.road | {"pushes_own": True})


PART = WorldPart(
    "SF01", "顺丰 SF Express", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: SETTINGS,
    path="/std/service", pull_every=None,
    warehouses=(("SZ01", "深圳手工仓 Shenzhen, by hand", "广东省"),),
    sells=("shunfeng",),
    push_query="token=rehearsal",
)

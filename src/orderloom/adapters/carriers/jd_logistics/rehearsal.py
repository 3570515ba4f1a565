"""JD Logistics in the rehearsed world: labels for what people pack by hand, and the way of its parcels."""

from __future__ import annotations

from orderloom.adapters.carriers.jd_logistics.simulator import Simulator
from orderloom.adapters.rehearsed import SENDER, Scene, WorldPart

CREDENTIALS = {"app_key": "rehearsal", "app_secret": "rehearsal", "access_token": "rehearsal"}
"""Made up; they open the simulator and nothing else."""
SETTINGS = {**SENDER, "customer_code": "010K123456", "query_after_seconds": 20}


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.road | {"customer_code": "010K123456"})


PART = WorldPart(
    "JL01", "京东物流 JD Logistics", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: SETTINGS,
    path="", pull_every=None,
    warehouses=(("LF01", "廊坊手工仓 Langfang, by hand", "河北省"),),
    sells=("jd",),
)

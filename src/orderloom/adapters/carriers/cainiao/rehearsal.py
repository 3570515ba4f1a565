"""Cainiao in the rehearsed world: labels for what people pack by hand, and the way of its parcels."""

from __future__ import annotations

from orderloom.adapters.carriers.cainiao.simulator import Simulator
from orderloom.adapters.rehearsed import SENDER, Scene, WorldPart

CREDENTIALS = {"provider_id": "rehearsal", "secret": "rehearsal"}
"""Made up; they open the simulator and nothing else."""
SETTINGS = {**SENDER, "user_id": 12345,
            "template_url": "http://cloudprint.cainiao.com/template/standard/101"}


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.road)


PART = WorldPart(
    "CN01", "菜鸟 Cainiao", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: SETTINGS,
    path="/gateway/link.do", pull_every=None,
    warehouses=(("YW01", "义乌手工仓 Yiwu, by hand", "浙江省"),),
    sells=("yuantong", "zhongtong"),
)

"""A Feishu robot in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.messengers.feishu.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart

CREDENTIALS = {"hook": "rehearsal", "secret": "rehearsal"}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {})


PART = WorldPart("FS01", "飞书群 Feishu", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: {}, pull_every=None)

"""A WeCom robot in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.messengers.wecom.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart

CREDENTIALS = {"key": "rehearsal"}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {})


PART = WorldPart("WW01", "企业微信群 WeCom", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: {}, pull_every=None)

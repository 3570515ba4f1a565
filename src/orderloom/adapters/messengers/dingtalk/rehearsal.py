"""A DingTalk robot in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.messengers.dingtalk.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart

CREDENTIALS = {"access_token": "rehearsal", "secret": "SECrehearsal"}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {})


PART = WorldPart("DR01", "钉钉群 DingTalk", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: {}, pull_every=None)

"""A webhook of one's own in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.messengers.hook.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart

CREDENTIALS = {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {})


PART = WorldPart("HK01", "自有 Webhook Hook", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: {},
                 path="/notify", pull_every=None)

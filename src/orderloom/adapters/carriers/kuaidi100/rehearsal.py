"""Kuaidi100's part in the rehearsed world: the road."""

from __future__ import annotations

from orderloom.adapters.carriers.kuaidi100.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart

CODE = "KD01"
CREDENTIALS = {"customer": "REHEARSAL", "key": "rehearsal-key", "salt": "rehearsal-salt"}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.road)


PART = WorldPart(CODE, "快递100 Kuaidi100", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda served: {"callback_url": f"{served.hub_url}/webhooks/{CODE}"}, pull_every=None,
            is_usual=True, is_leading=True)

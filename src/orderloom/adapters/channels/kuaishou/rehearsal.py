"""Kuaishou's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.kuaishou.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart

CREDENTIALS = {"app_key": "rehearsal-key", "app_secret": "rehearsal-secret", "sign_secret": "rehearsal-sign",
               "access_token": "rehearsal-token", "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""
COMPANIES = {"yuantong": "6", "zhongtong": "9", "shentong": "2", "yunda": "10", "jtexpress": "57",
             "jd": "76"}  # fmt: skip


def _simulator(scene: Scene) -> Simulator:
    # Which numbers its carriers have is not public: this shop takes the others under the hub's names.
    return Simulator(CREDENTIALS, scene.now, scene.shop | {"companies": COMPANIES})


PART = WorldPart("KS01", "快手小店 Kuaishou", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: {})

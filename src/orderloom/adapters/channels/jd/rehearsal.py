"""JD's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.jd.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Scene, WorldPart, put_up

CREDENTIALS = {"app_key": "rehearsal-key", "app_secret": "rehearsal-secret", "access_token": "rehearsal-token",
               "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    # Of one carrier of the warehouse no id at JD is known: this shop's own list has it under the hub's name.
    return Simulator(CREDENTIALS, scene.now, scene.shop | {"companies": {"jtexpress": "极兔速递"}})


PART = WorldPart("JD01", "京东旗舰店 JD", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS, "cancel_lists": True}, path="/routerjson",
            list_all=put_up(sku_id="variant"), weight=15, is_usual=True, shows_unpaid=False)

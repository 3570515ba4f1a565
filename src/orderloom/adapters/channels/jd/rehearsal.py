"""JD's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.jd.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Listings, Scene, WorldPart

CREDENTIALS = {"app_key": "rehearsal-key", "app_secret": "rehearsal-secret", "access_token": "rehearsal-token",
               "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    # Of one carrier of the warehouse no id at JD is known: this shop's own list has it under the hub's name.
    return Simulator(CREDENTIALS, scene.now, {"slow_seconds": 3, "companies": {"jtexpress": "极兔速递"}})


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    return {text: {"sku_id": simulator.shelf.put_up(text).variant} for text in spellings}


PART = WorldPart("JD01", "京东旗舰店 JD", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS, "cancel_lists": True}, path="/routerjson",
            list_all=_list_all, weight=15, shows_unpaid=False)

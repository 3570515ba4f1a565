"""AliExpress's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.aliexpress.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Scene, WorldPart, put_up

CREDENTIALS = {"app_key": "12345678", "app_secret": "rehearsal-secret", "access_token": "rehearsal-token",
               "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


PART = WorldPart("AE01", "速卖通店铺 AliExpress", "America/Los_Angeles", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS}, path="/sync", list_all=put_up(product_id="item"))

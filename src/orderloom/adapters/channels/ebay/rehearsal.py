"""eBay's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.ebay.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Scene, WorldPart, put_up

CREDENTIALS = {"client_id": "rehearsal-app", "client_secret": "rehearsal-secret", "ru_name": "",
               "verification_token": "", "access_token": "rehearsal-token",
               "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


PART = WorldPart("EB01", "eBay 店铺", "Europe/London", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS}, list_all=put_up(), shows_unpaid=False)

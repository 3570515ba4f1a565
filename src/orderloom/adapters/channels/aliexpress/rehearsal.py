"""AliExpress's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.aliexpress.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Listings, Scene, WorldPart

CREDENTIALS = {"app_key": "12345678", "app_secret": "rehearsal-secret", "access_token": "rehearsal-token",
               "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {"slow_seconds": 3})


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    offers = {text: simulator.shelf.put_up(text) for text in spellings}
    return {text: {"product_id": offer.item} for text, offer in offers.items()}


PART = WorldPart("AE01", "速卖通店铺 AliExpress", "America/Los_Angeles", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS}, path="/sync", list_all=_list_all)

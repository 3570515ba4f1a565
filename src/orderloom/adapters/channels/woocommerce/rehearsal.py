"""WooCommerce's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.woocommerce.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Listings, Scene, WorldPart

CREDENTIALS = {"consumer_key": "ck_rehearsal", "consumer_secret": "cs_rehearsal", "webhook_secret": "rehearsal-secret"}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {"slow_seconds": 3})


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    offers = {text: simulator.shelf.put_up(text, has_variants=False) for text in spellings}
    return {text: {"product_id": offer.item} for text, offer in offers.items()}


PART = WorldPart("WC01", "独立站 WooCommerce", "Europe/Berlin", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS}, list_all=_list_all,
            topics={"placed": "order.created", "paid": "order.updated", "cancelled": "order.updated"})

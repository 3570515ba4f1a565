"""WooCommerce's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.woocommerce.simulator import Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Scene, WorldPart, put_up

CREDENTIALS = {"consumer_key": "ck_rehearsal", "consumer_secret": "cs_rehearsal", "webhook_secret": "rehearsal-secret"}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


PART = WorldPart("WC01", "独立站 WooCommerce", "Europe/Berlin", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS}, list_all=put_up(product_id="item"),
            topics={"placed": "order.created", "paid": "order.updated", "cancelled": "order.updated"})

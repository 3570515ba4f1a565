"""An own site's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.own_site.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart, put_up

CREDENTIALS = {"webhook_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "webhook_secret_previous": ""}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


PART = WorldPart("OS01", "自有网站 Own site", "Europe/Paris", CREDENTIALS, _simulator,
            lambda _: {}, path="/hooks/orderloom", pull_every=None, list_all=put_up(),
            topics={"placed": "order.created", "paid": "order.updated", "cancelled": "order.updated"})

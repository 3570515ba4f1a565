"""A trading partner's part in the rehearsed world: orders as interchanges in a folder, ship notices over HTTP."""

from __future__ import annotations

from pathlib import Path

from orderloom.adapters.rehearsed import Scene, WorldPart
from orderloom.adapters.systems.edi.simulator import Simulator

CREDENTIALS = {"door_token": "rehearsal-door", "partner_token": "rehearsal-partner"}
"""Made up; they open the simulator and nothing else."""
SETTINGS = {"own_id": "ORDERHUB", "partner_id": "RETAILER"}


def _inbox(folder: Path) -> str:
    place = folder / "edi-in"
    place.mkdir(parents=True, exist_ok=True)
    return str(place.resolve())


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop | {**SETTINGS, "orders_to": _inbox(scene.folder)})


PART = WorldPart("ED01", "EDI 贸易伙伴 Trading partner", "UTC", CREDENTIALS, _simulator,
                 lambda served: {**SETTINGS, "inbox": _inbox(served.folder)}, path="/", brings_orders=True)

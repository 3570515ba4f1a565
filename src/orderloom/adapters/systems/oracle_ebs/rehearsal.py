"""Oracle EBS's part in the rehearsed world: work by its gateway, deliveries as reports in a folder."""

from __future__ import annotations

from pathlib import Path

from orderloom.adapters.rehearsed import Scene, WorldPart
from orderloom.adapters.systems.oracle_ebs.simulator import Simulator

CREDENTIALS = {"user": "rehearsal", "password": "rehearsal"}
"""Made up; they open the simulator and nothing else."""


def _reports(folder: Path) -> str:
    place = folder / "oracle-deliveries"
    place.mkdir(parents=True, exist_ok=True)
    return str(place.resolve())


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.floor | {"reports_to": _reports(scene.folder)})


PART = WorldPart(
    "OE01", "Oracle EBS", "Asia/Shanghai", CREDENTIALS, _simulator,
    lambda served: {"inbox": _reports(served.folder), "sold_to_org_id": "1006"},
    warehouses=(("XA01", "西安仓 Xi'an", "陕西省"),),
)

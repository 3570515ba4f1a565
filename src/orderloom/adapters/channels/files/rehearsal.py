"""The part of order files in the rehearsed world: they are dropped into a folder, and nobody is called."""

from __future__ import annotations

from pathlib import Path

from orderloom.adapters.channels.files.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart

CREDENTIALS = {"upload_token": "rehearsal-upload"}
"""Made up; it opens the simulator and nothing else."""


def _folders(folder: Path) -> dict[str, str]:
    found = {name: folder / name for name in ("inbox", "outbox")}
    for path in found.values():
        path.mkdir(parents=True, exist_ok=True)
    return {name: str(path) for name, path in found.items()}


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, dict(_folders(scene.folder)))


PART = WorldPart("FL01", "线下订单表格 Order files", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda served: {**_folders(served.folder), "settle_seconds": 0.2}, is_served=False,
            weight=15)

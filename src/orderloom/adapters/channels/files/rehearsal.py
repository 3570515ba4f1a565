"""The part of order files in the rehearsed world: they are dropped into a folder, and nobody is called."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from orderloom.adapters.channels.files.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart
from orderloom.adapters.simulated.book import UNPAID

CREDENTIALS = {"upload_token": "rehearsal-upload"}
"""Made up; it opens the simulator and nothing else."""


def _folders(folder: Path) -> dict[str, str]:
    found = {name: folder / name for name in ("inbox", "outbox")}
    for path in found.values():
        path.mkdir(parents=True, exist_ok=True)
    return {name: str(path) for name, path in found.items()}


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, dict(_folders(scene.folder)))


def _spell(code: str, number: int) -> str:
    """At times full-width."""
    return "".join(chr(ord(c) + 0xFEE0) for c in code) if number % 7 == 3 else code


def _drop(simulator: Simulator, at: datetime) -> None:
    suffix = "xlsx" if simulator.requests["flush"] % 6 == 2 else "csv"
    simulator.flush(name=f"orders-{at:%Y%m%d-%H%M%S-%f}.{suffix}")


def _phase(_simulator: Simulator, _key: str) -> str:
    """Whoever writes the file by hand may pay or cancel an order at any time."""
    return UNPAID


PART = WorldPart("FL01", "线下订单表格 Order files", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda served: {**_folders(served.folder), "settle_seconds": 0.2}, is_served=False,
            weight=15, is_usual=True, spell=_spell, asks="", phase=_phase, drop=_drop)

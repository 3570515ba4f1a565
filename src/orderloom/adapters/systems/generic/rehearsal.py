"""The part of a system of one's own in the rehearsed world: the warehouse that the folder's example declares."""

from __future__ import annotations

from pathlib import Path

from orderloom.adapters.rehearsed import Scene, WorldPart
from orderloom.adapters.systems.generic.simulator import Simulator

CREDENTIALS = {"key": "rehearsal-key"}
"""Made up; it opens the simulator and nothing else."""
EXAMPLE = Path(__file__).with_name("example.yaml").read_text("utf-8").partition("\nstock:")[0]
"""Without its stock, which lies there endlessly in the rehearsal."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.floor)


PART = WorldPart(
    "OWN01", "自有系统 Own system", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: {"declaration": EXAMPLE},
    warehouses=(("TJ01", "天津仓 Tianjin", "天津市"),),
)

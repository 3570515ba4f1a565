"""The rehearsed world; see docs/rehearsal.md. `run(hub, options)` rehearses until cancelled."""

from orderloom.testing.world.options import SMOOTH, Shares, WorldOptions
from orderloom.testing.world.world import NeverCame, World, open_world, run

__all__ = ["SMOOTH", "NeverCame", "Shares", "World", "WorldOptions", "open_world", "run"]

"""The rehearsed world that `make up` runs; see docs/rehearsal.md. `run(hub, options)` rehearses until cancelled."""

from orderloom.rehearsal.options import SMOOTH, Shares, WorldOptions
from orderloom.rehearsal.world import NeverCame, World, open_world, run

__all__ = ["SMOOTH", "NeverCame", "Shares", "World", "WorldOptions", "open_world", "run"]

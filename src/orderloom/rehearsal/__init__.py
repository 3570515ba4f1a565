"""The rehearsed world that `make up` runs; see docs/rehearsal.md. `run(hub, options)` rehearses until cancelled,
`rehearse_day` for so many minutes, after which it reckons up."""

from orderloom.rehearsal.day import Day, NotFresh, rehearse_day
from orderloom.rehearsal.options import EVERYTHING, OUTAGE, SMOOTH, Shares, WorldOptions
from orderloom.rehearsal.world import NeverCame, World, open_world, run

__all__ = ["EVERYTHING", "OUTAGE", "SMOOTH", "Day", "NeverCame", "NotFresh", "Shares", "World", "WorldOptions",
           "open_world", "rehearse_day", "run"]

"""The base of a simulated WMS or ERP: a platform with a floor behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from orderloom.adapters.simulated.clock import Now
from orderloom.adapters.simulated.floor import Floor, Job
from orderloom.adapters.simulated.platform import Platform


class WarehouseSimulator(Platform):
    """One seller's system. `floor` holds work and stock; `step(now)` lets its people work."""

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self.floor = Floor(settings)
        super().__init__(credentials, now, settings)

    @property
    def on_handed_over(self) -> Callable[[dict[str, Any]], None]:
        """Who hears of each parcel that leaves."""
        return self.floor.on_handed_over

    @on_handed_over.setter
    def on_handed_over(self, told: Callable[[dict[str, Any]], None]) -> None:
        self.floor.on_handed_over = told

    @property
    def jobs(self) -> dict[str, Job]:
        """The work that was taken, by its key."""
        return self.floor.jobs

    @property
    def stock(self) -> dict[str, dict[str, int]]:
        """Units by warehouse and SKU."""
        return self.floor.stock

    def step(self, now: datetime) -> None:
        """Let the warehouse work until `now`."""
        self.floor.step(now)

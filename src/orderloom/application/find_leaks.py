"""Find stock that is bound without a cause, by night and after each start: a case for each SKU and warehouse, which
closes when nothing is left of it. Nothing is set free: who mends it sees first what went wrong."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory
from orderloom.application.within import Within

KIND = "stock_leaked"
SHOWN_MAX = 20
"""Orders that a case names; the page of the SKU names all."""


class Leak(msgspec.Struct, frozen=True):
    """Units that are bound without a cause. `why`: order_gone, order_cancelled (and no warehouse has its work),
    order_out (all of the line left), or not_held: the level says that they are bound and no order holds them (then
    `quantity` is the difference, below 0 when orders hold more than the level says)."""

    sku: str
    warehouse: str
    why: str
    kind: str
    quantity: int
    order: str
    order_id: str
    held_at: datetime | None
    hold_no: int
    """The binding, counted in its order; 0 where no order holds the units."""


class LeakCases(Protocol):
    """Where cases are kept."""

    async def directory(self) -> Directory: ...
    async def save(self, change: Change, at: datetime, by: str) -> None: ...


class LeakPorts(Protocol):
    """Where leaks are looked for, and told."""

    @property
    def desk(self) -> Within[LeakCases]: ...
    async def leaks(self) -> tuple[list[Leak], list[str]]:
        """All leaks, and what cases are open about them (`SKU@warehouse`); in one snapshot each."""


async def find_leaks(ports: LeakPorts, at: datetime) -> int:
    """Look at all that is bound; returns how many leaks there are."""
    found, told = await ports.leaks()
    places: dict[str, list[Leak]] = defaultdict(list)
    for leak in found:
        places[f"{leak.sku}@{leak.warehouse}"].append(leak)
    if not places and not told:
        return 0
    async with ports.desk() as cases:
        directory = await cases.directory()
        rule = directory.blueprints[directory.blueprint_active].case(KIND)
        change = Change()
        for place, leaks in places.items():
            change.cases.append(CaseOpened(
                KIND, place, _evidence(leaks), owner=rule.owner, due_at=at + timedelta(seconds=rule.limit_seconds),
                cause=f"warehouse:{leaks[0].warehouse}", group_over=rule.group_over))
        change.resolved = [(KIND, place) for place in told if place not in places]
        await cases.save(change, at, "find_leaks")
    return len(found)


def _evidence(leaks: list[Leak]) -> dict[str, Any]:
    return {"sku": leaks[0].sku, "warehouse": leaks[0].warehouse, "units": sum(leak.quantity for leak in leaks),
            "why": sorted({leak.why for leak in leaks}),
            "orders": [leak.order for leak in leaks if leak.order][:SHOWN_MAX]}

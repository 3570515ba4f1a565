"""Find stock that is bound without a cause, by night and after each start: a case for each SKU and warehouse, which
closes when nothing is left of it. Nothing is set free: who mends it sees first what went wrong."""

from __future__ import annotations

from collections import defaultdict
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory
from orderloom.application.queries.sql import Connection
from orderloom.application.queries.stock_leaks import Leak, leaks_of, leaks_told
from orderloom.application.within import Within

KIND = "stock_leaked"
SHOWN_MAX = 20
"""Orders that a case names; the page of the SKU names all."""


class LeakCases(Protocol):
    """Where cases are kept."""

    async def directory(self) -> Directory: ...
    async def save(self, change: Change, at: datetime, by: str) -> None: ...


class LeakPorts(Protocol):
    """Where leaks are looked for, and told."""

    @property
    def desk(self) -> Within[LeakCases]: ...
    def reading(self, seconds: float = 0.0) -> AbstractAsyncContextManager[Connection]: ...


async def find_leaks(ports: LeakPorts, at: datetime) -> int:
    """Look at all that is bound; returns how many leaks there are."""
    async with ports.reading() as connection:
        found, told = await leaks_of(connection), await leaks_told(connection)
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

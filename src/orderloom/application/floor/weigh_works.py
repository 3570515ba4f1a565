"""Weigh works of a floor: which is to be picked first, with what is measured there now, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.floor.keep_places import floor_house
from orderloom.domain.carriage import DeliveryMethod
from orderloom.domain.floor.choose import WaveRule, WorkToPick
from orderloom.domain.floor.priority import WorkPriority, next_cut_off, prioritise
from orderloom.domain.refusal import Refusal

PACE_SPAN = timedelta(minutes=30)
"""Of what time the pace is the mean."""
LISTED_MAX = 5_000
TOLD_MAX = 500


class PaceRows(Protocol):
    """Works that may join a wave, and what was scanned."""

    async def to_pick(self, house: int, numbers: Sequence[str], limit: int) -> list[WorkToPick]: ...
    async def scanned(self, house: int, since: datetime) -> int:
        """Units of right scans since then."""


class WeighWork(Protocol):
    """The transaction."""

    @property
    def waves(self) -> PaceRows: ...
    async def directory(self) -> Directory: ...


class WorkPriorities(msgspec.Struct, frozen=True):
    """The works that wait, the most urgent first; `pace_tenths`: units a minute in tenths, 0 where none were scanned in
    the last half hour; `of`: how many wait in all."""

    warehouse: str
    as_of: datetime
    pace_tenths: int
    of: int
    works: list[WorkPriority]


async def weigh_works(
    begin: AbstractAsyncContextManager[WeighWork], warehouse: str, rule: WaveRule, at: datetime,
) -> WorkPriorities | Refusal:
    """What waits at a warehouse that is run here, in its turn."""
    async with begin as work:
        directory = await work.directory()
        house = floor_house(directory, warehouse)
        if isinstance(house, Refusal):
            return house
        works = await work.waves.to_pick(house.id, [], LISTED_MAX)
        pace = await pace_of(work.waves, house.id, at)
    weighed = prioritise(works, rule, at, pace, cut_offs_of(directory, at))
    return WorkPriorities(house.code, at, pace, len(weighed), weighed[:TOLD_MAX])


async def pace_of(waves: PaceRows, house: int, at: datetime) -> int:
    """Units a minute, in tenths, as they were scanned in the last half hour."""
    return await waves.scanned(house, at - PACE_SPAN) * 10 // (int(PACE_SPAN.total_seconds()) // 60)


def cut_offs_of(directory: Directory, at: datetime) -> Mapping[str, datetime]:
    """When the parcels of each service of the blueprint in force leave next; riders and counters wait for no hour."""
    blueprint = directory.blueprints.get(directory.blueprint_active)
    services = blueprint.services if blueprint else ()
    return {one.name: next_cut_off(one.cut_off, directory.business_zone, at) for one in services
            if one.method is DeliveryMethod.PARCEL}

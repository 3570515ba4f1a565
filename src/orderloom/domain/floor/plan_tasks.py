"""What is to be fetched for the works of a wave: tasks by place in the order of the walk, or who has to wait. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from orderloom.domain.floor.choose import WorkToPick, by_parcel
from orderloom.domain.floor.lots import Fetch, fefo
from orderloom.domain.floor.place import FloorPlace, Lot, PlaceLevel
from orderloom.domain.floor.wave import PickTask, WorkKey
from orderloom.domain.floor.wave_event import TaskStated


class OpenShelves:
    """What shelves have left, as tasks take it away: mutable, for one plan."""

    def __init__(
        self, levels: Sequence[PlaceLevel], places: Mapping[int, FloorPlace], lots: Mapping[int, Lot], day: date,
    ) -> None:
        self._levels = {(one.place_id, one.sku_id, one.lot_id): one for one in levels}
        self._places, self._lots, self._day = places, lots, day

    def fetch(self, lines: Sequence[tuple[int, int]]) -> dict[int, list[Fetch]] | int:
        """Where all of these are fetched, by SKU; or the SKU that shelves lack, and nothing is taken."""
        found: dict[int, list[Fetch]] = {}
        before = dict(self._levels)
        for sku_id, units in _summed(lines):
            found[sku_id], lacking = fefo(
                list(self._levels.values()), self._places, self._lots, sku_id, units, self._day)
            if lacking:
                self._levels = before
                return sku_id
            for one in found[sku_id]:
                self._take(sku_id, one)
        return found

    def fetch_whole(self, parcel: Sequence[Sequence[tuple[int, int]]]) -> list[dict[int, list[Fetch]]] | int:
        """The same for each work of a parcel; where shelves lack something for one of them, nothing is taken."""
        before, fetched = self._levels, list[dict[int, list[Fetch]]]()
        self._levels = dict(before)
        for lines in parcel:
            found = self.fetch(lines)
            if isinstance(found, int):
                self._levels = before
                return found
            fetched.append(found)
        return fetched

    def _take(self, sku_id: int, one: Fetch) -> None:
        key = one.place.id, sku_id, one.lot_id
        self._levels[key] = replace(self._levels[key], promised=self._levels[key].promised + one.units)


def plan_tasks(works: Sequence[WorkToPick], shelves: OpenShelves) -> tuple[tuple[TaskStated, ...], dict[WorkKey, int]]:
    """Tasks in the order of the walk, numbered from 1, and the works that have to wait with the SKU they lack: those of
    one parcel wait together."""
    wanted: list[tuple[int, str, int, int, Fetch]] = []
    waiting: dict[WorkKey, int] = {}
    for parcel in by_parcel(works):
        found = shelves.fetch_whole([work.lines for work in parcel])
        if isinstance(found, int):
            waiting |= {(work.order_id, work.work_seq): found for work in parcel}
            continue
        wanted += [(one.place.sequence, work.order_id, work.work_seq, sku_id, one)
                   for work, own in zip(parcel, found, strict=True)
                   for sku_id, fetched in own.items() for one in fetched]
    wanted.sort(key=lambda row: (row[0], row[4].place.id, row[3], row[4].lot_id))
    return tuple([TaskStated(no, order_id, seq, one.place.id, sku_id, one.lot_id, sequence, one.units)
                  for no, (sequence, order_id, seq, sku_id, one) in enumerate(wanted, start=1)]), waiting


def promises_of(tasks: Sequence[TaskStated | PickTask]) -> dict[tuple[int, int, int], int]:
    """Units that tasks fetch, by place, SKU and lot."""
    found: dict[tuple[int, int, int], int] = {}
    for task in tasks:
        key = task.place_id, task.sku_id, task.lot_id
        found[key] = found.get(key, 0) + (task.rest if isinstance(task, PickTask) else task.quantity)
    return found


def _summed(lines: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    units: dict[int, int] = {}
    for sku_id, count in lines:
        units[sku_id] = units.get(sku_id, 0) + count
    return list(units.items())

"""What a scan means: right, over, wrong, late - and what comes of it. Pure: the same scan on the same floor is judged
the same. It is judged by what is locked; its verdict is stored with it, and it is never judged anew.

`right` and `late` move units, everything else moves none. `late`: a terminal that was alone had said yes, and the floor
says otherwise by now: the units are in the tote, as a task to put back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from orderloom.domain.floor.lots import is_good
from orderloom.domain.floor.place import Lot, PlaceLevel, PlaceMove, take_from
from orderloom.domain.floor.wave import PickTask, Wave, WorkKey
from orderloom.domain.floor.wave_event import AnyWaveEvent, BoxClosed, UnitsPacked, UnitsPicked
from orderloom.domain.floor.wave_states import WaveState
from orderloom.domain.states import State


class ScanVerdict(State):
    """What a terminal is told; only the first two move units."""

    RIGHT = "right"
    LATE = "late"
    OVER = "over"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class ItemScan(msgspec.Struct, frozen=True):
    """A scan of units of an item. `sku_id` 0: no SKU has the code; `is_offline`: the terminal was alone, told yes."""

    id: str
    units: int
    sku_id: int
    lot: str = ""
    by: str = ""
    is_offline: bool = False


class ScanJudged(msgspec.Struct, frozen=True):
    """The verdict with its reason and particulars, by codes; the events and the lines of the places' ledger that come
    of it. `task`: which one it counted for, or whose the units are; 0 for none."""

    verdict: ScanVerdict
    reason: str = ""
    particulars: dict[str, str] = {}
    task: int = 0
    events: tuple[AnyWaveEvent, ...] = ()
    moves: tuple[PlaceMove, ...] = ()


class PickGround(msgspec.Struct, frozen=True):
    """What a scan at a shelf is judged by. `stopped`: why the work is not to be worked on, empty when it is; `levels`:
    what lies on the task's place; `tote`: where fetched units go."""

    wave: Wave
    task: PickTask | None
    stopped: str
    levels: Sequence[PlaceLevel]
    lots: Mapping[int, Lot]
    tote: int
    day: date


def judge_pick(g: PickGround, scan: ItemScan) -> ScanJudged:
    """Units fetched from the task's place into the wave's tote."""
    if scan.sku_id == 0:
        return ScanJudged(ScanVerdict.UNKNOWN, "no_such_item")
    if g.task is None:
        return ScanJudged(ScanVerdict.UNKNOWN, "no_such_task")
    if g.wave.state is WaveState.PLANNED:
        return ScanJudged(ScanVerdict.REFUSED, "wave_not_released")
    if g.task.sku_id != scan.sku_id:
        return whose(g.wave, scan.sku_id, [task for task in g.wave.tasks if task.rest])
    if reason := _ended(g):
        return _late(g, g.task, scan, reason) if scan.is_offline else ScanJudged(
            ScanVerdict.CANCELLED, reason, task=g.task.no)
    if scan.units > g.task.rest:
        if scan.is_offline:
            return _late(g, g.task, scan, "over")
        return ScanJudged(ScanVerdict.OVER, "task_full", {"rest": str(g.task.rest)}, g.task.no)
    return _fetched(g, g.task, scan)


def _fetched(g: PickGround, task: PickTask, scan: ItemScan) -> ScanJudged:
    lot = _lot(g, task, scan)
    if isinstance(lot, ScanJudged):
        return lot
    there = sum([one.quantity for one in g.levels if (one.sku_id, one.lot_id) == (scan.sku_id, lot)])
    from_id, reason = task.place_id, "" if lot == task.lot_id else "lot_swapped"
    if there < scan.units:
        if not scan.is_offline:  # nobody fetches from an empty place: it is counted, or told short
            return ScanJudged(ScanVerdict.REFUSED, "place_empty", {"there": str(there)}, task.no)
        from_id, reason = 0, "not_on_book"
    event = UnitsPicked(task=task.no, units=scan.units, scan=scan.id, by=scan.by)
    move = PlaceMove("pick", g.wave.warehouse_id, scan.sku_id, lot, scan.units, from_id, g.tote, task.no)
    return ScanJudged(ScanVerdict.RIGHT, reason, {}, task.no, (event,), (move,))


def _lot(g: PickGround, task: PickTask, scan: ItemScan) -> int | ScanJudged:
    """The lot that is fetched: the task's, or another good one that was scanned and is nobody's."""
    if not scan.lot:
        return task.lot_id
    lot = next((one for one in g.lots.values() if (one.sku_id, one.code) == (scan.sku_id, scan.lot)), None)
    if lot is None:
        return ScanJudged(ScanVerdict.REFUSED, "no_such_lot", {"lot": scan.lot}, task.no)
    if lot.id == task.lot_id:
        return lot.id
    if not is_good(lot, g.day):
        why = "lot_blocked" if lot.is_blocked else "lot_expired"
        return ScanJudged(ScanVerdict.REFUSED, why, {"lot": scan.lot}, task.no)
    left = sum([one.left for one in g.levels if (one.sku_id, one.lot_id) == (scan.sku_id, lot.id)])
    if left < scan.units and not scan.is_offline:
        return ScanJudged(ScanVerdict.REFUSED, "lot_not_free", {"lot": scan.lot, "left": str(max(left, 0))}, task.no)
    return lot.id


def _late(g: PickGround, task: PickTask, scan: ItemScan, reason: str) -> ScanJudged:
    """The units are in the tote whatever the hub says: evidence is kept, and they are to be put back."""
    left = sum([one.left for one in g.levels if (one.sku_id, one.lot_id) == (scan.sku_id, task.lot_id)])
    event = UnitsPicked(task=task.no, units=scan.units, scan=scan.id, by=scan.by, is_late=True)
    move = PlaceMove("pick", g.wave.warehouse_id, scan.sku_id, task.lot_id, scan.units,
                     task.place_id if left >= scan.units else 0, g.tote, task.no)
    return ScanJudged(ScanVerdict.LATE, reason, {"put_back": str(scan.units)}, task.no, (event,), (move,))


def _ended(g: PickGround) -> str:
    assert g.task is not None, "the task was found before"
    if g.wave.state is WaveState.CANCELLED:
        return "wave_cancelled"
    if g.task.is_dropped:
        return "work_left"
    return g.stopped


class PackGround(msgspec.Struct, frozen=True):
    """What a scan at the bench is judged by. `units`: all that the work sends; `levels`: what lies in the tote."""

    wave: Wave
    key: WorkKey
    units: int
    stopped: str
    levels: Sequence[PlaceLevel]
    lots: Mapping[int, Lot]
    tote: int
    bench: int


def judge_pack(g: PackGround, scan: ItemScan) -> ScanJudged:
    """Units from the tote into the work's box; the last right scan closes it."""
    work = g.wave.work(g.key)
    if scan.sku_id == 0:
        return ScanJudged(ScanVerdict.UNKNOWN, "no_such_item")
    if work is None:
        return ScanJudged(ScanVerdict.UNKNOWN, "no_such_work")
    if work.is_boxed:
        return ScanJudged(ScanVerdict.OVER, "box_closed")
    if g.stopped:
        return ScanJudged(ScanVerdict.CANCELLED, g.stopped)
    mine = [task for task in g.wave.tasks_of(g.key) if task.sku_id == scan.sku_id]
    if not mine:
        return whose(g.wave, scan.sku_id, [task for task in g.wave.tasks if task.to_pack])
    ready = sum([task.to_pack for task in mine])
    if scan.units > ready:
        is_over = sum([task.packed + task.to_pack + task.rest for task in mine]) < scan.units + sum(
            [task.packed for task in mine])
        return ScanJudged(ScanVerdict.OVER if is_over else ScanVerdict.REFUSED, "box_full" if is_over else "not_picked",
                      {"rest": str(ready)}, mine[0].no)
    lot = lot_of(g.lots, scan)
    taken = take_from(g.levels, scan.sku_id, scan.units, lot) if lot is not None or not scan.lot else None
    if taken is None:
        return ScanJudged(ScanVerdict.REFUSED, "not_in_tote", {"lot": scan.lot}, mine[0].no)
    moves = spread(mine, "pack", g, scan, taken)
    events: list[AnyWaveEvent] = [UnitsPacked(task=no, units=units, scan=scan.id)
                                  for no, units in sums_of(moves).items()]
    if sum([task.packed for task in g.wave.tasks_of(g.key)]) + scan.units == g.units:
        events.append(BoxClosed(*g.key))
    reason = "box_closed" if isinstance(events[-1], BoxClosed) else ""
    return ScanJudged(ScanVerdict.RIGHT, reason, {}, moves[0].task_no, tuple(events), tuple(moves))


def spread(
    tasks: Sequence[PickTask], kind: str, g: PackGround, scan: ItemScan, taken: Mapping[int, int],
) -> list[PlaceMove]:
    """Units by lot over the tasks that they were fetched for, out of the tote."""
    left, moves = dict(taken), list[PlaceMove]()
    for task in tasks:
        room = task.to_pack if kind == "pack" else task.to_put_back
        for lot in sorted(left):
            units = min(room, left[lot])
            if units > 0:
                moves.append(PlaceMove(kind, g.wave.warehouse_id, scan.sku_id, lot, units, g.tote, g.bench, task.no))
                left[lot] -= units
                room -= units
    return moves


def sums_of(moves: Sequence[PlaceMove]) -> dict[int, int]:
    """Units by task."""
    found: dict[int, int] = {}
    for one in moves:
        found[one.task_no] = found.get(one.task_no, 0) + one.units
    return found


def lot_of(lots: Mapping[int, Lot], scan: ItemScan) -> int | None:
    """The lot that was scanned, if the SKU has it."""
    return next((one.id for one in lots.values() if (one.sku_id, one.code) == (scan.sku_id, scan.lot)), None)


def whose(wave: Wave, sku_id: int, wanting: Sequence[PickTask]) -> ScanJudged:
    """A wrong item, and whose it is: the first task of the wave that wants it."""
    task = next((one for one in wanting if one.sku_id == sku_id), None)
    if task is None:
        return ScanJudged(ScanVerdict.WRONG, "of_nobody")
    work = wave.work(task.key)
    return ScanJudged(ScanVerdict.WRONG, "of_another", {"work": work.number if work else "",
                                                "slot": str(work.slot if work else 0)}, task.no)

"""Whether a scan may be taken back, and what comes of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from orderloom.domain.floor.place import PlaceLevel, PlaceMove
from orderloom.domain.floor.verdict import ScanJudged, ScanVerdict
from orderloom.domain.floor.wave import Wave
from orderloom.domain.floor.wave_event import ScanUndone
from orderloom.domain.floor.wave_states import WaveState

BACK = {"pick": "unpick", "pack": "unpack"}


def judge_undo(
    wave: Wave, moved: Sequence[PlaceMove], levels: Sequence[PlaceLevel], stopped: str, scan: str,
) -> ScanJudged:
    """Units of a right scan back to where they came from; `moved` are its lines of the places' ledger, all of the tasks
    of one work, `levels` what lies where they went, `stopped` why the work is not to be worked on."""
    first = moved[0].task_no
    work = wave.work(wave.tasks[first - 1].key)
    if wave.state is not WaveState.RELEASED:
        return ScanJudged(ScanVerdict.REFUSED, "wave_over", {}, first)
    if work is None or work.is_boxed:
        return ScanJudged(ScanVerdict.OVER, "box_closed", {}, first)
    if stopped:
        return ScanJudged(ScanVerdict.CANCELLED, stopped, {}, first)
    for one in moved:
        task = wave.tasks[one.task_no - 1]
        there = sum([level.quantity for level in levels if (level.place_id, level.sku_id, level.lot_id) == (
            one.to_id, one.sku_id, one.lot_id)])
        mine = min(task.in_tote, task.picked - task.packed) if one.kind == "pick" else task.packed
        if min(there, mine) < one.units:
            return ScanJudged(ScanVerdict.REFUSED, "packed_already", {}, first)
    events = tuple([ScanUndone(task=one.task_no, units=one.units, scan=scan, is_packed=one.kind == "pack")
                    for one in moved])
    moves = tuple([replace(one, kind=BACK[one.kind], from_id=one.to_id, to_id=one.from_id) for one in moved])
    return ScanJudged(ScanVerdict.RIGHT, "undone", {}, first, events, moves)

"""Take one's last scan back: a scan of its own, after which the units are where they were. Nothing is deleted.

What was reported of the work stays reported: its next scan says it again. A box that is closed stays closed.
"""

from __future__ import annotations

import re

from orderloom.application.floor.scan_ground import ScanAt, ScanTold, locked_wave, stopped
from orderloom.application.floor.scan_shapes import UUID
from orderloom.application.floor.write_wave import write_wave
from orderloom.domain.floor.verdict import ScanJudged, ScanVerdict
from orderloom.domain.floor.verdict_undo import judge_undo

_ID = re.compile(UUID)


async def undo(g: ScanAt) -> ScanTold:
    """The last right scan of whoever asks, on this terminal's count: picked or packed."""
    code = g.wish.code.strip()
    nothing = ScanTold(ScanJudged(ScanVerdict.REFUSED, "nothing_to_undo"))
    found = await g.work.scans.to_undo(code, g.doer.name, g.house.id) if _ID.fullmatch(code) else None
    if found is None:
        return nothing
    seen = await g.work.waves.kept(found.wave_id)
    task = seen.tasks[found.task_no - 1]
    work = seen.work(task.key)
    assert work is not None, "a task is a work's"
    loaded = await g.report(work.number, "picked", wave=found.wave)
    assert isinstance(loaded, tuple), "a report without a waybill can be"
    subject, wave = await locked_wave(g, found.wave, found.wave_id)
    if await g.work.scans.to_undo(code, g.doer.name, g.house.id) is None:  # somebody was faster
        return nothing
    moved = await g.work.scans.moved_by(code)
    await g.work.floor.lock({place for one in moved for place in (one.from_id, one.to_id) if place} | {task.place_id})
    levels = await g.work.floor.levels({one.to_id for one in moved})
    why = stopped(loaded[0].orders[task.order_id], task.work_seq, found.wave)
    judged = judge_undo(wave, moved, levels, why, g.wish.id)
    if not judged.events:
        return ScanTold(judged, wave, found.wave_id, task.key)
    after = await write_wave(g.work, subject, wave, judged.events, g.said, judged.moves)
    return ScanTold(judged, after, found.wave_id, task.key)

"""A scan at a shelf, and one at the bench: units into the tote, units into the box."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.application.change import Change
from orderloom.application.floor.box_label import BoxClosing, ask_now, close_box
from orderloom.application.floor.scan_ground import ScanAt, ScanTold, locked_wave, refused, stopped, units_of
from orderloom.application.floor.write_wave import write_wave
from orderloom.domain.floor.place import PlaceKind
from orderloom.domain.floor.verdict import (
    PackGround,
    PickGround,
    ScanJudged,
    ScanVerdict,
    judge_pack,
    judge_pick,
    whose,
)
from orderloom.domain.floor.wave import Wave, WaveWork, WorkKey, fold_all
from orderloom.domain.floor.wave_event import BoxClosed
from orderloom.domain.refusal import Refusal


async def pick(g: ScanAt) -> ScanTold:
    """Fetched from the task's place; the last unit of a work reports it picked."""
    number, _, no = g.wish.subject.rpartition("/")
    wave_id = await g.work.scans.wave_of(number)
    seen = await g.work.waves.kept(wave_id) if wave_id else None
    task = seen.task(int(no)) if seen and no.isascii() and no.isdigit() and len(no) < 6 else None
    if wave_id is None or seen is None or task is None or seen.warehouse_id != g.house.id:
        return ScanTold(ScanJudged(ScanVerdict.UNKNOWN, "no_such_task"))
    work = seen.work(task.key)
    assert work is not None, "a task is a work's"
    loaded = await g.report(work.number, "picked", wave=number)
    assert not isinstance(loaded, Refusal), "a report without a waybill can be"
    order = loaded[0].orders[task.order_id]
    subject, wave = await locked_wave(g, number, wave_id)
    (tote,) = await g.work.floor.places(g.house.id, [number])
    await g.work.floor.lock([tote.id, task.place_id])
    item = await g.item()
    judged = judge_pick(PickGround(
        wave, wave.task(task.no), stopped(order, task.work_seq, number), await g.work.floor.levels([task.place_id]),
        await g.work.floor.lots([task.sku_id]), tote.id, g.day), item)
    if not judged.events:
        return ScanTold(judged, wave, wave_id, task.key)
    after = fold_all(wave, judged.events, g.at)
    change: Change | Refusal = Change()
    if judged.verdict is ScanVerdict.RIGHT and _is_picked(after, task.key, units_of(order, task.work_seq)):
        change = g.confirmed(loaded)
    if isinstance(change, Refusal):
        return ScanTold(refused(change), wave, wave_id, task.key)
    after = await write_wave(g.work, subject, wave, judged.events, g.said, judged.moves, change)
    return ScanTold(judged, after, wave_id, task.key)


async def pack(g: ScanAt) -> ScanTold:
    """Out of the tote into the work's box; the last right scan closes it and reports the work packed."""
    item = await g.item()
    found = await _to_pack(g, item.sku_id)
    if isinstance(found, ScanJudged):
        return ScanTold(found)
    number, wave_id, work = found
    loaded = await g.report(work.number, "packed")
    assert not isinstance(loaded, Refusal), "a report without a waybill can be"
    order = loaded[0].orders[work.order_id]
    subject, wave = await locked_wave(g, number, wave_id)
    totes = await g.work.floor.places(g.house.id, [number])
    benches = await g.work.floor.places(g.house.id, kinds=[PlaceKind.PACK])
    if not totes or not benches:
        return ScanTold(ScanJudged(ScanVerdict.REFUSED, "wave_not_released"), wave, wave_id, work.key)
    await g.work.floor.lock([totes[0].id, benches[0].id])
    judged = judge_pack(PackGround(
        wave, work.key, units_of(order, work.work_seq), stopped(order, work.work_seq, number),
        await g.work.floor.levels([totes[0].id]), await g.work.floor.lots([item.sku_id]), totes[0].id, benches[0].id),
        item)
    if not judged.events:
        return ScanTold(judged, wave, wave_id, work.key)
    closing: BoxClosing | Refusal = BoxClosing(Change(), None, {})
    if any(isinstance(event, BoxClosed) for event in judged.events):
        closing = await close_box(g, loaded, order, work.work_seq, wave)
    if isinstance(closing, Refusal):
        return ScanTold(refused(closing), wave, wave_id, work.key)
    await ask_now(g, closing, work.order_id)
    after = await write_wave(g.work, subject, wave, judged.events, g.said, judged.moves, closing.change)
    return ScanTold(replace(judged, particulars=judged.particulars | closing.told), after, wave_id, work.key)


async def _to_pack(g: ScanAt, sku_id: int) -> tuple[str, str, WaveWork] | ScanJudged:
    """Number and id of the wave, and the work: the one that is named, or of the wave that is named the first whose box
    wants the item."""
    subject = g.wish.subject
    wave_id = await g.work.scans.wave_of(subject)
    found = (subject, wave_id) if wave_id else await g.work.scans.wave_of_work(subject)
    seen = await g.work.waves.kept(found[1]) if found else None
    if found is None or seen is None or seen.warehouse_id != g.house.id:
        return ScanJudged(ScanVerdict.UNKNOWN, "no_such_work")
    wanting = {task.key for task in seen.tasks if task.sku_id == sku_id and task.to_pack}
    if not wave_id:
        own = next(one for one in seen.works if one.number == subject)
        with_it = await g.work.scans.leaves_with(subject) if own.key not in wanting else []
        return (*found, next((one for one in seen.works if one.number in with_it and one.key in wanting), own))
    work = next((one for one in seen.works if one.key in wanting and not one.is_boxed), None)
    if work is None:
        return ScanJudged(ScanVerdict.UNKNOWN, "no_such_item") if not sku_id else whose(seen, sku_id, [])
    return (*found, work)


def _is_picked(wave: Wave, key: WorkKey, units: int) -> bool:
    tasks = wave.tasks_of(key)
    return all(not task.rest for task in tasks) and sum([task.picked for task in tasks]) == units

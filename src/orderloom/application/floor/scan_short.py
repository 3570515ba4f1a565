"""A place lacks what a task wants: in one transaction the task is short, what the book says lies there lies on no place
any more and is frozen for a count by somebody else, and the units are fetched elsewhere - or the order waits.
"""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.application import commands as c
from orderloom.application.change import Change
from orderloom.application.decide import decide
from orderloom.application.floor.scan_ground import ScanAt, ScanTold, locked_wave, stopped
from orderloom.application.floor.write_wave import write_wave
from orderloom.domain.floor.place import PlaceLevel, PlaceMove
from orderloom.domain.floor.plan_tasks import OpenShelves
from orderloom.domain.floor.verdict import ScanJudged, ScanVerdict
from orderloom.domain.floor.wave import PickTask, Wave
from orderloom.domain.floor.wave_event import AnyWaveEvent, TaskShort, TaskStated, WaveTasksAdded
from orderloom.domain.floor.wave_states import WaveState
from orderloom.domain.inventory import document_acts as acts
from orderloom.domain.inventory.document import fold
from orderloom.domain.inventory.document_event import (
    AnyDocumentEvent,
    DocumentDrafted,
    DocumentLine,
    DocumentLinesStated,
)
from orderloom.domain.inventory.document_moves import Levels
from orderloom.domain.inventory.document_states import DocumentKind
from orderloom.domain.refusal import Refusal
from orderloom.domain.subject import LoggedKind, LoggedSubject

EMPTIES = ("empty", "fewer")
"""The place is looked through: nothing is left there. Of the others the units that were wanted are not to be had."""
REASONS = (*EMPTIES, "damaged", "wrong_lot")
HOLD = "manual"


async def short(g: ScanAt) -> ScanTold:
    """The rest of the task, all of it: what was fetched before stays."""
    number, _, no = g.wish.subject.rpartition("/")
    wave_id = await g.work.scans.wave_of(number)
    seen = await g.work.waves.kept(wave_id) if wave_id else None
    task = seen.task(int(no)) if seen and no.isascii() and no.isdigit() and len(no) < 6 else None
    if wave_id is None or seen is None or task is None or seen.warehouse_id != g.house.id:
        return ScanTold(ScanJudged(ScanVerdict.UNKNOWN, "no_such_task"))
    if g.wish.code not in REASONS:
        no_reason = ScanJudged(ScanVerdict.UNKNOWN, "no_such_reason", {"known": " ".join(REASONS)}, task.no)
        return ScanTold(no_reason, seen, wave_id)
    hold = c.PlaceHold(actor=g.house_doer, order_id=task.order_id, type=HOLD, reason=f"short {g.wish.subject}")
    world = await g.work.load([hold], g.directory, g.at, g.tries)
    document_no = await g.work.subjects.next_number(LoggedKind.STOCK_DOCUMENT, g.day)
    subject, wave = await locked_wave(g, number, wave_id)
    task = wave.tasks[task.no - 1]
    if task.rest == 0 or wave.state is not WaveState.RELEASED:
        return ScanTold(ScanJudged(ScanVerdict.OVER, "nothing_left", {}, task.no), wave, wave_id, task.key)
    if why := stopped(world.orders[task.order_id], task.work_seq, number):
        return ScanTold(ScanJudged(ScanVerdict.CANCELLED, why, {}, task.no), wave, wave_id, task.key)
    levels = await g.work.ledger.levels([(task.sku_id, g.house.id)])
    places = await g.work.floor.lock_of(g.house.id, [task.sku_id])
    places |= await g.work.floor.lock([task.place_id])
    lying = await g.work.floor.levels(places)
    gone = _gone(lying, task, g.wish.code)
    more = _elsewhere(g, wave, task, OpenShelves([one for one in lying if one.place_id != task.place_id], places,
                                             await g.work.floor.lots([task.sku_id]), g.day))
    change = Change()
    if not more:
        change, _ = decide(world, [hold], g.route, g.ids)
    counted = _count(g, document_no, task, levels, change)
    document = counted[0] if counted else ""
    events: list[AnyWaveEvent] = [TaskShort(task=task.no, units=task.rest, reason=g.wish.code, document=document)]
    events += [WaveTasksAdded(more)] if more else []
    moves = [PlaceMove("short", g.house.id, task.sku_id, task.lot_id, gone, task.place_id)] if gone else []
    after = await write_wave(g.work, subject, wave, events, g.said, moves, change)
    if counted:
        await g.work.documents.keep(counted[1], counted[2].document)
    told = {"document": document, "elsewhere": str(sum([one.quantity for one in more])), "units": str(task.rest)}
    judged = ScanJudged(ScanVerdict.RIGHT, "refetched" if more else "order_held", told, task.no)
    return ScanTold(judged, after, wave_id, task.key)


def _gone(lying: Sequence[PlaceLevel], task: PickTask, reason: str) -> int:
    """Units that the book says lie there and that do not, or may not be used."""
    there = sum([one.quantity for one in lying
                 if (one.place_id, one.sku_id, one.lot_id) == (task.place_id, task.sku_id, task.lot_id)])
    return there if reason in EMPTIES else min(there, task.rest)


def _elsewhere(g: ScanAt, wave: Wave, task: PickTask, shelves: OpenShelves) -> tuple[TaskStated, ...]:
    """Where else the units lie, the failing place barred; none when not all of them do."""
    found = shelves.fetch([(task.sku_id, task.rest)])
    if isinstance(found, int):
        return ()
    return tuple([
        TaskStated(no, task.order_id, task.work_seq, one.place.id, task.sku_id, one.lot_id, one.place.sequence,
                   one.units)
        for no, one in enumerate(found[task.sku_id], start=len(wave.tasks) + 1)])


def _count(
    g: ScanAt, number: str, task: PickTask, levels: Levels, change: Change,
) -> tuple[str, str, acts.Deed] | None:
    """A count of the SKU, begun: what is free of it is frozen until somebody else has counted."""
    id, at, by = next(g.ids), g.at, g.doer.name
    events: list[AnyDocumentEvent] = [
        DocumentDrafted(number=number, kind=DocumentKind.COUNT, maker=by, reason=f"{g.wish.subject} {g.wish.code}"),
        DocumentLinesStated((DocumentLine(1, task.sku_id, g.house.id),))]
    document = fold(None, events[0], at)
    document = fold(document, events[1], at)
    limits = g.directory.blueprints[g.directory.blueprint_active].documents
    begun = acts.submit(acts.DocumentGround(document, levels, by, g.house_doer.roles, at, {}, limits))
    if isinstance(begun, Refusal):
        return None
    subject = LoggedSubject(id, LoggedKind.STOCK_DOCUMENT, number, at)
    for event in (*events, *begun.events):
        change.tell(subject, event, at, by, None, g.directory.blueprint_active)
    change.movements.extend(begun.movements)
    return number, id, begun

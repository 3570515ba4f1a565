"""A scan at the door: a closed box leaves. Both must hold (FUL-6): live stock occupation and a waybill; then it goes
the way of every warehouse's report, through `confirm`."""

from __future__ import annotations

from orderloom.application.batch import BatchView
from orderloom.application.floor.scan_ground import (
    InBox,
    ScanAt,
    ScanTold,
    in_parcel,
    locked_wave,
    refused,
    stopped,
    work_of,
)
from orderloom.application.floor.write_wave import write_wave
from orderloom.application.reserve import bound_by_work
from orderloom.application.ship import left_of
from orderloom.domain.floor.place import PlacedMoves, PlaceMove
from orderloom.domain.floor.verdict import ScanJudged, ScanVerdict
from orderloom.domain.floor.wave import Wave, WaveWork
from orderloom.domain.floor.wave_event import WorkLeftWave
from orderloom.domain.order import Order
from orderloom.domain.refusal import Refusal


async def leave(g: ScanAt) -> ScanTold:
    """Out, or which of both is missing."""
    code = g.wish.code.strip()
    number = g.wish.subject or (await g.work.scans.work_of_waybill(g.house.id, code)) or code
    found = await g.work.scans.wave_of_work(number)
    seen = await g.work.waves.kept(found[1]) if found else None
    work = next((one for one in seen.works if one.number == number), None) if seen else None
    if found is None or seen is None or work is None or seen.warehouse_id != g.house.id:
        return ScanTold(ScanJudged(ScanVerdict.UNKNOWN, "no_such_work"))
    label = await g.work.scans.label_of(number)
    waybill, carrier = ("", "") if code == number else (code, g.wish.carrier)
    if label is not None and waybill in ("", label[0]):
        waybill, carrier = label
    loaded = await g.report(number, "out", waybill, carrier)
    if isinstance(loaded, Refusal):
        return ScanTold(refused(loaded), seen, found[1], work.key)
    order = loaded[0].orders[work.order_id]
    subject, wave = await locked_wave(g, *found)
    work = wave.work(work.key) or work
    leaving = [(order, work), *_with_it(loaded[0], order, work, wave)]
    for its, one in leaving:
        if (no := judge_out(its, one, waybill, found[0])) is not None:
            return ScanTold(no, wave, found[1], one.key)
    rule = g.directory.blueprints[g.directory.blueprint_active].weight
    if rule.is_needed and not any(one.weight_g for _, one in leaving):
        return ScanTold(ScanJudged(ScanVerdict.REFUSED, "not_weighed"), wave, found[1], work.key)
    change = g.confirmed(loaded)
    if isinstance(change, Refusal):
        return ScanTold(refused(change), wave, found[1], work.key)
    boxed = [it for _, one in leaving for it in await g.work.scans.in_box(found[1], *one.key)]
    left = [WorkLeftWave(*one.key, "out") for _, one in leaving if one.is_live]
    if left and not wave.state.is_over:
        wave = await write_wave(g.work, subject, wave, left, g.said, (), change)
    else:
        await g.work.save(change, g.at, g.doer.name)
    await g.work.floor.lock({one.place_id for one in boxed})
    await g.work.floor.move(PlacedMoves(g.cause, tuple(_gone(g, wave, boxed)), g.doer.name, g.at, found[1]))
    return ScanTold(ScanJudged(ScanVerdict.RIGHT, "out", {"waybill": waybill}), wave, found[1], work.key)


def _with_it(world: BatchView, order: Order, work: WaveWork, wave: Wave) -> list[tuple[Order, WaveWork]]:
    """The others that leave in its parcel; one that is in another wave is not packed here."""
    return [(one, wave.work((one.id, w.seq)) or WaveWork(one.id, w.seq, w.number, 0, is_live=False))
            for one, w in in_parcel(world, order, work.work_seq)]


def judge_out(order: Order, work: WaveWork, waybill: str, wave: str) -> ScanJudged | None:
    """Why a box may not leave; None when it may."""
    why = stopped(order, work.work_seq, wave)
    if why == "out_already":
        return ScanJudged(ScanVerdict.OVER, why)
    if why:
        return ScanJudged(ScanVerdict.CANCELLED, why)
    if not work.is_boxed:
        return ScanJudged(ScanVerdict.REFUSED, "not_packed")
    bound = sum([one.quantity for one in bound_by_work(order).get(work.work_seq, ())])
    is_bound = bound >= sum([item.quantity for item in left_of(order, work_of(order, work.work_seq))])
    has_way = bool(waybill) or order.is_pickup
    if not is_bound or not has_way:
        lacks = [name for name, has in (("stock", is_bound), ("waybill", has_way)) if not has]
        return ScanJudged(ScanVerdict.REFUSED, "lacks", {"lacks": " ".join(lacks)})
    return None


def _gone(g: ScanAt, wave: Wave, boxed: list[InBox]) -> list[PlaceMove]:
    return [PlaceMove("out", wave.warehouse_id, one.sku_id, one.lot_id, one.units, one.place_id, 0, one.task_no)
            for one in boxed]

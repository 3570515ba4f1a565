"""Goods that a warehouse says are out: in which box, under what number, and what leaves the stock with them."""

from __future__ import annotations

from collections.abc import Set

from msgspec.structs import replace

from orderloom.application.boxes import by_code, more_of, told_of
from orderloom.application.by_hand import box_of
from orderloom.application.commands import ConfirmWork
from orderloom.application.dispatch import recall_work, report_shipment, watch_parcel
from orderloom.application.journey import Journey
from orderloom.application.reserve import bound_by_work, has_too_much, release
from orderloom.application.too_late import compare_waybills
from orderloom.application.track import SAME_PARCEL_WITHIN, calm_down, follow, hand_to_buyer
from orderloom.domain import event as e
from orderloom.domain.counting import boxed, is_all_out, is_wanting
from orderloom.domain.draft import WorkReport
from orderloom.domain.number import uuid_of
from orderloom.domain.order import Order, Parcel, ParcelItem, StockBinding, Work
from orderloom.domain.states import ParcelState, WorkState
from orderloom.domain.waybill import UNNAMED, same_waybill


def ship(j: Journey, command: ConfirmWork, work: Work, system: str) -> None:
    """The goods are out: stock leaves with its bindings, the parcel exists, and those who must know are told."""
    report, is_sure = command.report, command.account_id is None
    boxes = [p for p in j.order.parcels if p.holds_work(work.seq)]
    if report.waybill and (box := box_of(boxes, report.waybill)) is not None:
        if not (more := more_of(j, box, work, report, left_of(j.order, work))):
            _correct_carrier(j, box, work, report, system)
            return
        report = replace(report, lines=more, waybill=box.waybill)
    left = left_of(j.order, work)
    if command.instead_of:
        if report.waybill and (box := box_of(boxes, command.instead_of)) is not None:
            _correct(j, [box], work, report, system, is_sure=is_sure)
        return
    if (box := _nameless(j, boxes, work, report, is_all=not left)) is not None:
        _name(j, box, work, report)
        return
    if not left:
        _correct(j, boxes, work, report, system, is_sure=is_sure)
        return
    items = _boxed_now(j, report, work, left, is_sure=is_sure)
    is_fetched = j.order.is_pickup and not report.waybill
    if not report.waybill and not is_fetched:
        j.deadline("waybill_missing", work.number)
    number = len(j.order.parcels) + 1
    bindings = _leave(j, work, items)
    elsewhere = sum([line.elsewhere for line in j.order.lines])
    j.emit(_shipped(j, report, work, number, items if boxes or items != left else (), bindings))
    if not is_fetched:
        j.deadline("out_without_collection", str(number))
    if work.state is WorkState.CANCELLED:
        _decide_anew(j, {i.line_no for i in items})
    if sum([line.elsewhere for line in j.order.lines]) < elsewhere and is_wanting(j.order):
        j.happened("added")  # what the channel told of were these goods: others are missing still
    if not (is_all_out(j.order) and j.happened("handed_over")) and not j.order.is_cancelled:
        # Others are to follow, or an earlier one is on the road already: buyer and carrier are told of this one too.
        report_shipment(j)
        watch_parcel(j)
    if is_fetched:
        hand_to_buyer(j, j.order.parcels[-1])
        return
    compare_waybills(j, work)
    _is_under_way(j, j.order.parcels[-1])


def _decide_anew(j: Journey, lines: Set[int]) -> None:
    """Goods left that had been called back: what was set aside or given to a warehouse in their place is too much."""
    if j.order.is_cancelled or not has_too_much(j, lines):
        return
    for work in j.order.works:
        if any(i.line_no in lines for i in work.items):
            recall_work(j, work)
    release(j)
    j.happened("amended")


def left_of(order: Order, work: Work) -> tuple[ParcelItem, ...]:
    """What of the work is in no parcel yet."""
    gone: dict[tuple[int, int], int] = {}
    for i in boxed(order.parcels, work.seq):
        gone[i.line_no, i.sku_id] = gone.get((i.line_no, i.sku_id), 0) + i.quantity
    return tuple([
        ParcelItem(work.seq, i.line_no, i.sku_id, units) for i in work.items
        if (units := i.quantity - gone.get((i.line_no, i.sku_id), 0)) > 0
    ])


def _boxed_now(
    j: Journey, report: WorkReport, work: Work, left: tuple[ParcelItem, ...], *, is_sure: bool,
) -> tuple[ParcelItem, ...]:
    """What the report puts into its parcel: all that is left, or the units it names when they are some of it.

    Units that nobody asked for, or that stay behind, are a case until a further report makes them right; a person was
    asked already (`is_sure`), and what stays behind stays on the list.
    """
    told, asked, skus = told_of(report), by_code(j, left), j.world.goods.skus
    if not told or told == asked:
        j.close_case("wrong_quantity", work.number)
        return left
    if not is_sure:
        j.open_case("wrong_quantity", work.number, work=work.number, told=dict(told), asked=asked)
    if any(units > asked.get(sku, 0) for sku, units in told.items()):
        return left
    items = []
    for i in left:
        units = min(i.quantity, told.get(skus[i.sku_id].code, 0))
        if units > 0:
            told[skus[i.sku_id].code] -= units
            items.append(ParcelItem(work.seq, i.line_no, i.sku_id, units))
    return tuple(items) or left


def _shipped(
    j: Journey, report: WorkReport, work: Work, number: int, items: tuple[ParcelItem, ...], bindings: tuple[int, ...],
) -> e.ParcelShipped:
    """The fact that a parcel left."""
    if not report.waybill:
        waybill = f"{UNNAMED}{work.number}"
        return e.ParcelShipped(number, work.seq, report.carrier, waybill, report.said.at, bindings, items)
    known, parcel_id = _under(j, report)
    if known is None:
        return e.ParcelShipped(
            number, work.seq, report.carrier, report.waybill, report.said.at, bindings, items, parcel_id,
        )
    told: tuple[str, ...] = ()
    if known in j.order.parcels:
        if not known.carrier and not _is_shared(j, known):
            for p in [p for p in j.order.parcels if p.id == known.id]:
                j.emit(_joined(p.no, known, report.carrier))
            known = j.order.parcels[known.no - 1]
        if known.holds_work(0):  # what the channel told of before the warehouse did it need not be told again
            told = known.told
    return e.ParcelShipped(
        number, work.seq, known.carrier, report.waybill, known.shipped_at, bindings, items, parcel_id,
        known.state, told, known.heard_at, known.delivered_at,
    )


def _under(j: Journey, report: WorkReport) -> tuple[Parcel | None, str]:
    """The parcel that other goods went out in under this waybill lately, and the id of what goes out under it now.

    Within one order a number is one parcel, whatever the carrier is called.
    """
    own = [p for p in j.order.parcels if same_waybill(p.waybill, report.waybill)]
    known = {p.id: p for p in own} | {
        p.id: p for order_id in j.world.find("waybill", report.waybill) if order_id in j.world.orders
        for p in j.world.orders[order_id].parcels if same_waybill(p.waybill, report.waybill)
    }
    for p in known.values():
        is_same_carrier = p in own or not (p.carrier and report.carrier) or p.carrier == report.carrier
        if is_same_carrier and abs(report.said.at - p.shipped_at) <= SAME_PARCEL_WITHIN:
            return p, p.id
    day = report.said.at.date().isoformat() if known else ""
    return None, uuid_of(f"{report.waybill}/{report.carrier if known else ''}/{day}")


def _is_about(j: Journey, box: Parcel, work: Work, report: WorkReport) -> bool:
    """Whether the report may be of this box: it names what of the work is in it, or nothing."""
    return not report.lines or told_of(report) == by_code(j, [i for i in box.items if i.work_seq == work.seq])


def _nameless(j: Journey, boxes: list[Parcel], work: Work, report: WorkReport, *, is_all: bool) -> Parcel | None:
    """The box that went out without a number and gets it now: the one with these goods, else the first; while more is
    to leave only one that left at the very instant of the report."""
    if not report.waybill:
        return None
    bare = [p for p in boxes if not p.is_named and (is_all or p.shipped_at == report.said.at)]
    about = [p for p in bare if _is_about(j, p, work, report)]
    return next(iter(about or (bare if is_all else [])), None)


def _correct(
    j: Journey, boxes: list[Parcel], work: Work, report: WorkReport, system: str, *, is_sure: bool,
) -> None:
    """Another waybill for what is out already: the first label was not the one used.

    Which box it was must be clear. Once it moves a system's word is a case; a person (`is_sure`) says that it was never
    this parcel that moved.
    """
    about = [p for p in boxes if _is_about(j, p, work, report)] or boxes
    if not report.waybill or not boxes or (_is_overtaken(j, about, report, system) and not is_sure):
        return
    if is_sure:
        about = about[-1:]
    parcel = about[-1]
    is_moving = parcel.state is not ParcelState.LABEL_READY
    if len(about) > 1 or (is_moving and not is_sure):
        j.open_case("waybill_changed", str(parcel.no), work=work.number, known=parcel.waybill, told=report.waybill)
        return
    _name(j, parcel, work, report)


def _correct_carrier(j: Journey, box: Parcel, work: Work, report: WorkReport, system: str) -> None:
    """The number stays and another carrier has it: free to say while nobody saw it move and no other order is in it."""
    if report.carrier in ("", box.carrier) or _is_overtaken(j, [box], report, system):
        return
    if (box.carrier and box.state is not ParcelState.LABEL_READY) or _is_shared(j, box):
        j.open_case("waybill_changed", str(box.no), work=work.number, known=box.carrier, told=report.carrier)
        return
    for p in [p for p in j.order.parcels if p.id == box.id]:
        j.emit(_joined(p.no, box, report.carrier))
    report_shipment(j)
    watch_parcel(j)


def _is_overtaken(j: Journey, boxes: list[Parcel], report: WorkReport, system: str) -> bool:
    """Whether the numbers that the boxes have are newer news than the report."""
    numbers = {p.waybill for p in boxes}
    return any(c.system == system and c.milestone == report.said.milestone and c.waybill in numbers
               and c.said_at > report.said.at for c in j.order.claims)


def _name(j: Journey, parcel: Parcel, work: Work, report: WorkReport) -> None:
    """The parcel goes under this waybill; should other goods be under way in it already, it is as far as they are."""
    known, parcel_id = _under(j, report)
    if known is not None:
        named = _joined(parcel.no, known, known.carrier)
    else:
        heard_at = parcel.heard_at if parcel.state is ParcelState.LABEL_READY else j.at
        named = e.ParcelNamed(parcel.no, report.carrier, report.waybill, parcel_id, ParcelState.LABEL_READY,
                              parcel.shipped_at, heard_at)
    j.emit(named)
    if not any(same_waybill(p.waybill, parcel.waybill) for p in j.order.parcels):
        j.world.forget("waybill", parcel.waybill, j.order.id)
    _is_under_way(j, j.order.parcels[parcel.no - 1])
    calm_down(j)
    j.close_case("waybill_missing", work.number)
    compare_waybills(j, work)
    report_shipment(j)
    watch_parcel(j)


def _is_shared(j: Journey, parcel: Parcel) -> bool:
    """Whether goods of another order are in the parcel: what is said of it is said of theirs too."""
    found = j.world.find("waybill", parcel.waybill)
    others = [j.world.orders[id] for id in found if id != j.order.id and id in j.world.orders]
    return any(p.id == parcel.id for other in others for p in other.parcels)


def _joined(number: int, known: Parcel, carrier: str) -> e.ParcelNamed:
    """The order's parcel of this number is the known one, and as far as that."""
    return e.ParcelNamed(number, carrier, known.waybill, known.id, known.state, known.shipped_at, known.heard_at,
                         known.delivered_at)


def _is_under_way(j: Journey, parcel: Parcel) -> None:
    """A waybill is known from now on, and who waited for it goes on."""
    j.world.note("waybill", parcel.waybill, j.order.id)
    j.free(f"waybill:{parcel.waybill}")
    if parcel.state is not ParcelState.LABEL_READY:
        follow(j, parcel, parcel.state)


def _leave(j: Journey, work: Work, items: tuple[ParcelItem, ...]) -> tuple[int, ...]:
    """Take the stock of what goes out off the levels; returns the bindings that are used up by it.

    Of one that covers more than goes out now, the part that goes is split off. Units that leave without any,
    because the work had been called back, are gone all the same.
    """
    if work.state is WorkState.CANCELLED:
        j.open_case("shipped_after_cancel", work.number, work=work.number)
    bound = bound_by_work(j.order).get(work.seq, ())
    used: list[StockBinding] = []
    for i in items:
        out = i.quantity
        for b in bound:
            if out > 0 and (b.line_no, b.sku_id) == (i.line_no, i.sku_id):
                used.append(b if b.quantity <= out else _split_off(j, b, out))
                out -= used[-1].quantity
        if out > 0:
            level = j.world.levels[i.sku_id, work.warehouse_id]
            cause = f"{j.order.id}/{work.number}/{len(j.order.parcels) + 1}/{i.line_no}/{i.sku_id}"
            j.move(level, "ship", cause, on_hand=-out)
    for b in used:
        level = j.world.levels[b.sku_id, b.warehouse_id]
        j.move(level, "ship", f"{j.order.id}/{b.no}", on_hand=-b.quantity, allocated=-b.quantity)
    return tuple([b.no for b in used])


def _split_off(j: Journey, whole: StockBinding, units: int) -> StockBinding:
    """Make some units of a binding one of their own."""
    j.emit(e.StockSplit(whole.no, units, len(j.order.bindings) + 1))
    return j.order.bindings[-1]

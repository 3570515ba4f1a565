"""What people may report of work that they do from the hub's own list, where a warehouse has no system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from orderloom.application.commands import ConfirmWork
from orderloom.application.journey import Journey
from orderloom.application.track import SAME_PARCEL_WITHIN
from orderloom.domain.carriers import CARRIERS, canonical
from orderloom.domain.draft import Said, WorkLine, WorkReport
from orderloom.domain.lifecycle import may
from orderloom.domain.limits import TEXT_MAX
from orderloom.domain.order import Order, Parcel, ParcelItem, Work
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import ParcelState, WorkState
from orderloom.domain.waybill import plain_waybill, same_waybill, waybills
from orderloom.domain.work import accepted_before

ROLES = ("warehouse", "operations")
"""Who reports work by hand; an administrator may always."""
STEPS = {"picked": "picked", "packed": "packed", "out": "handed_over"}
"""What a person says → milestone."""


def report_of(
    number: str, step: str, at: datetime, *, waybill: str = "", carrier: str = "",
    units: Mapping[str, int] | None = None, reason: str = "",
) -> WorkReport | Refusal:
    """A person's word on a piece of work, its carrier under our code; or why it cannot be one.

    `units` are what goes into this box, by SKU; none: all that is left of the work.
    """
    typed, told, waybill = waybill.strip(), waybills(waybill), plain_waybill(waybill)
    code = canonical(carrier)
    if carrier.strip() and not code:
        return Refusal("unknown_carrier", {"carrier": carrier[:80], "known": " ".join([c.zh for c in CARRIERS])})
    if waybill and not code:
        return Refusal("no_carrier", {"waybill": waybill[:80]})
    is_none, is_no_text = bool(typed) and not waybill, not waybill.isprintable()
    if is_none or is_no_text or len(told) > 1 or len(waybill) > TEXT_MAX["waybill"]:
        return Refusal("wrong_waybill", {"waybill": typed[:80], "most": str(TEXT_MAX["waybill"])})
    if len(reason) > TEXT_MAX["reason"]:
        return Refusal("wrong_reason", {"most": str(TEXT_MAX["reason"])})
    lines = tuple([WorkLine(sku, count) for sku, count in (units or {}).items()])
    return WorkReport(number.strip(), Said(STEPS[step], step, at), waybill, code, lines, reason)


def admit(j: Journey, command: ConfirmWork, work: Work, left: Sequence[ParcelItem]) -> Refusal | bool:
    """True when the report may go on, False when it says nothing new; else why not, and nothing has changed."""
    report = command.report
    if not may(j.actor.roles, ROLES):
        return Refusal("not_allowed", {"work": work.number, "roles": ", ".join(ROLES)})
    if work.account_id is not None:
        account = j.world.directory.accounts.get(work.account_id)
        return Refusal("has_system", {"work": work.number, "system": account.code if account else "?",
                                      "warehouse": j.world.directory.warehouse(work.warehouse_id).code})
    if work.state is WorkState.CANCELLED and not (report.said.milestone == "handed_over" and report.reason):
        return Refusal("work_cancelled", {"work": work.number})
    if not work.state.is_ended and j.order.is_blocked("dispatch"):
        return Refusal("held", {"work": work.number, "hold": j.order.standing_hold})
    is_in_wave = bool(command.wave) and command.wave == work.wave
    if report.said.milestone == "picked" and work.accepted_by not in ("", j.actor.name) and not is_in_wave:
        return accepted_before(work)
    if report.said.milestone != "handed_over":
        return work.state.is_forward and work.state.rank < _state(report).rank
    return _may_leave(j, command, work, left)


def _state(report: WorkReport) -> WorkState:
    return WorkState.PICKING if report.said.milestone == "picked" else WorkState.PACKED


def _may_leave(j: Journey, command: ConfirmWork, work: Work, left: Sequence[ParcelItem]) -> Refusal | bool:
    """Whether what is said to be out can be: a box of what is left, or another waybill for a box that is out."""
    report = command.report
    boxes = [p for p in j.order.parcels if p.holds_work(work.seq)]
    if report.waybill and any(same_waybill(p.waybill, report.waybill) for p in boxes):
        return False
    if (refusal := _of_somebody_else(j, report)) is not None:
        return refusal
    if command.instead_of or not left:
        if not report.waybill:
            return False
        return _may_correct(j, command, work, boxes)
    codes = j.world.goods.skus
    units: dict[str, int] = {}
    for item in left:
        units[codes[item.sku_id].code] = units.get(codes[item.sku_id].code, 0) + item.quantity
    if any(line.quantity < 1 or line.quantity > units.get(line.sku, 0) for line in report.lines):
        return Refusal("wrong_units", {
            "work": work.number, "left": ", ".join(f"{sku}={count}" for sku, count in units.items()),
        })
    return True


def _of_somebody_else(j: Journey, report: WorkReport) -> Refusal | None:
    """A waybill that lately went out to another receiver was pasted twice; one receiver's orders may share a parcel."""
    if not report.waybill or report.reason:
        return None
    for order_id in j.world.find("waybill", report.waybill):
        other = j.world.orders.get(order_id)
        if other is None or other.id == j.order.id or other.receiver == j.order.receiver or _is_mate(j, other, report):
            continue
        if any(same_waybill(p.waybill, report.waybill) and abs(report.said.at - p.shipped_at) <= SAME_PARCEL_WITHIN
               for p in other.parcels):
            return Refusal("waybill_used", {"work": report.work_no, "waybill": report.waybill, "order": other.number})
    return None


def _is_mate(j: Journey, other: Order, report: WorkReport) -> bool:
    """Whether a work of the other order is to share the parcel: that it is one receiver was judged then."""
    own = j.order.work_by_number(report.work_no)
    return own is not None and bool(own.merge_no) and any(w.merge_no == own.merge_no for w in other.works)


def _may_correct(j: Journey, command: ConfirmWork, work: Work, boxes: Sequence[Parcel]) -> Refusal | bool:
    """Another waybill: freely while nobody has seen the parcel move, with a reason while it is on its way."""
    box = box_of(boxes, command.instead_of)
    if box is None:
        return Refusal("no_such_parcel", {"work": work.number, "waybill": command.instead_of,
                                          "known": ", ".join([p.waybill for p in boxes if p.is_named])})
    if box.is_named and not command.instead_of:
        return Refusal("out_already", {"work": work.number, "waybill": ", ".join([p.waybill for p in boxes])})
    if box.state.is_final:
        return Refusal("too_late", {"work": work.number, "waybill": box.waybill, "state": box.state})
    if box.is_named and box.state is not ParcelState.LABEL_READY and not command.report.reason:
        return Refusal("parcel_moves", {"work": work.number, "waybill": box.waybill, "state": box.state})
    return True


def box_of(boxes: Sequence[Parcel], waybill: str) -> Parcel | None:
    """The box with this waybill; without one the box that waits for its waybill, else the last."""
    if waybill:
        return next((p for p in boxes if same_waybill(p.waybill, waybill)), None)
    return next((p for p in boxes if not p.is_named), boxes[-1] if boxes else None)

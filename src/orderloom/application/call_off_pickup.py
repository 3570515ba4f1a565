"""Queue that a booked courier is called off: asked by people, or for a box that does not go out."""

from __future__ import annotations

from orderloom.application.ask_label import ROLES
from orderloom.application.box_commands import CallOffPickup
from orderloom.application.journey import Journey
from orderloom.application.ship import left_of
from orderloom.domain import event as e
from orderloom.domain.lifecycle import SYSTEM, may
from orderloom.domain.order import Order
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import ParcelState
from orderloom.domain.waybill import same_waybill


def call_off_pickup(j: Journey, command: CallOffPickup) -> Refusal | None:
    """Queue it, while the carrier is not known to have the box."""
    if not may(j.actor.roles, SYSTEM.union(ROLES)):
        return Refusal("not_allowed", {"work": command.work_no, "roles": ", ".join(ROLES)})
    if command.purpose == "out" and _is_collected(j.order, command):
        return Refusal("collected_already", {"work": command.work_no, "waybill": command.waybill})
    j.emit(e.ActionTaken("pickup_unwanted", f"{command.number} {command.reason}".strip()))
    j.tell(command.account_id, "pickup_cancel", {
        "pickup_no": command.number, "booking": command.booking, "reference": command.reference,
        "label_no": command.label, "work_no": command.work_no, "order_no": j.order.number,
        "external_id": j.order.external_id, "box": command.box, "purpose": command.purpose,
        "carrier": command.carrier, "waybill": command.waybill, "reason": command.reason or "取消 / cancelled",
    }, f"{j.order.id}/pickup_cancel/{command.number}/{j.at.isoformat()}")
    return None


def _is_collected(order: Order, command: CallOffPickup) -> bool:
    """Whether the carrier has scanned the box; of a booking without a waybill, every box of the work."""
    work = order.work_by_number(command.work_no)
    assert work is not None
    boxes = [p for p in order.parcels if p.holds_work(work.seq)]
    if command.waybill:
        boxes = [p for p in order.parcels if same_waybill(p.waybill, command.waybill)]
    elif left_of(order, work):
        return False
    return bool(boxes) and all(p.state is not ParcelState.LABEL_READY for p in boxes)

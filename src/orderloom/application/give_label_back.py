"""Queue the cancellation of a label that is not needed: asked by people, or for work that was cancelled."""

from __future__ import annotations

from orderloom.application.ask_label import ROLES
from orderloom.application.box_commands import GiveLabelBack
from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.lifecycle import SYSTEM, may
from orderloom.domain.refusal import Refusal
from orderloom.domain.waybill import same_waybill


def give_label_back(j: Journey, command: GiveLabelBack) -> Refusal | None:
    """Queue it, while no parcel is out under its waybill."""
    if not may(j.actor.roles, SYSTEM.union(ROLES)):
        return Refusal("not_allowed", {"work": command.work_no, "roles": ", ".join(ROLES)})
    if any(same_waybill(parcel.waybill, command.waybill) for parcel in j.order.parcels):
        return Refusal("out_already", {"work": command.work_no, "waybill": command.waybill})
    j.emit(e.ActionTaken("label_unwanted", f"{command.number} {command.reason}".strip()))
    j.tell(command.account_id, "label_cancel", {
        "label_no": command.number, "work_no": command.work_no, "order_no": j.order.number,
        "external_id": j.order.external_id, "box": command.box, "purpose": command.purpose,
        "carrier": command.carrier, "waybill": command.waybill, "reason": command.reason or "取消 / cancelled",
    }, f"{j.order.id}/label_cancel/{command.number}/{j.at.isoformat()}")
    return None

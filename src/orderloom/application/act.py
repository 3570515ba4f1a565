"""Press one of the lifecycle's buttons: confirm, retry, accept a return, close, or send goods again."""

from __future__ import annotations

from orderloom.application.commands import ReshipParcel, TakeAction
from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.refusal import Refusal

PLAIN = ("confirm", "retry", "accept_return", "close")
"""Actions that are nothing but a step of the lifecycle; cancelling and re-shipping have commands of their own."""


def act(j: Journey, command: TakeAction) -> Refusal | None:
    """Take the step where the lifecycle allows it to this actor; else say why not, and nothing has changed."""
    if command.action not in PLAIN:
        return Refusal("unknown_action", {"action": command.action, "known": ", ".join(PLAIN)})
    if (refusal := j.may_act(command.action)) is not None:
        return refusal
    j.happened(command.action, "action")
    return None


def reship(j: Journey, command: ReshipParcel) -> Refusal | None:
    """Have the goods of parcels that do not arrive sent again: stock is found for them anew."""
    if (refusal := j.may_act("reship")) is not None:
        return refusal
    wanted = [
        p for p in j.order.parcels
        if not p.is_replaced and (p.state.is_trouble if command.parcel_no is None else p.no == command.parcel_no)
    ]
    if not wanted:
        return Refusal("no_such_parcel", {"order": j.order.number, "parcel": str(command.parcel_no or "")})
    for parcel in wanted:
        if not parcel.state.is_trouble:
            return Refusal("parcel_arrives", {"order": j.order.number, "waybill": parcel.waybill,
                                              "state": parcel.state})
    for parcel in wanted:
        j.emit(e.ParcelReplaced(parcel.no, command.reason))
        for kind in ("parcel_failed", "parcel_lost", "parcel_returned"):
            j.close_case(kind)
    j.happened("reship", "action")
    return None

"""Press one of the lifecycle's buttons: confirm, retry, accept a return, close, or send goods again."""

from __future__ import annotations

from orderloom.application.commands import ReshipParcel, TakeAction
from orderloom.application.directory import Directory
from orderloom.application.journey import Journey
from orderloom.application.track import catch_up
from orderloom.domain import event as e
from orderloom.domain.order import Order
from orderloom.domain.refusal import Refusal
from orderloom.domain.traits import traits_of

PLAIN = ("confirm", "retry", "accept_return", "close")
"""Actions that are nothing but a step of the lifecycle; cancelling and re-shipping have commands of their own."""


def act(j: Journey, command: TakeAction) -> Refusal | None:
    """Take the step where the lifecycle allows it to this actor; else say why not, and nothing has changed."""
    if command.action not in PLAIN:
        return Refusal("unknown_action", {"action": command.action, "known": ", ".join(PLAIN)})
    step = j.step_for(command.action)
    if isinstance(step, Refusal):
        return step
    j.emit(e.ActionTaken(command.action, command.reason))
    j.take(step, ("action", command.action))
    return None


def reship(j: Journey, command: ReshipParcel) -> Refusal | None:
    """Have the goods of parcels that do not arrive sent again: stock is found for them anew."""
    if j.order.is_cancelled:
        return Refusal("already_cancelled", {"order": j.order.number})
    step = j.step_for("reship")
    if isinstance(step, Refusal):
        return step
    number = command.parcel_no
    asked = {p.id for p in j.order.parcels if (p.state.is_trouble if number is None else p.no == number)}
    wanted = [p for p in j.order.parcels if p.id in asked and not p.is_replaced]
    if not wanted:
        return Refusal("no_such_parcel", {
            "order": j.order.number, "parcel": str(command.parcel_no or ""),
            "known": ", ".join([f"{p.no} {p.waybill} {p.state}" for p in j.order.parcels if not p.is_replaced]),
        })
    for parcel in wanted:
        if not parcel.state.is_trouble:
            return Refusal("parcel_arrives", {"order": j.order.number, "waybill": parcel.waybill,
                                              "state": parcel.state})
    for parcel in wanted:
        j.emit(e.ParcelReplaced(parcel.no, command.reason))
        for kind in ("parcel_failed", "parcel_lost", "parcel_returned"):
            j.close_case(kind)
    j.take(step, ("action", "reship"))
    catch_up(j)
    return None


def offered(order: Order, directory: Directory, roles: frozenset[str]) -> tuple[str, ...]:
    """The buttons that somebody with these roles may press on the order as it stands."""
    account, blueprint = directory.accounts[order.account_id], directory.blueprints[order.blueprint]
    names = blueprint.lifecycle.offers(order.stage, traits_of(order, account.connector, account.code), roles)
    hidden = set()
    if order.is_cancelled or order.is_blocked("cancel"):
        hidden.add("cancel")
    if order.is_cancelled or not any(p.state.is_trouble and not p.is_replaced for p in order.parcels):
        hidden.add("reship")
    return tuple([name for name in names if name not in hidden])

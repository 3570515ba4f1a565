"""Correct what may still be corrected: where an order goes, and what a stock level says."""

from __future__ import annotations

from datetime import datetime

from orderloom.application.change import Change
from orderloom.application.commands import AdjustReceiver
from orderloom.application.dispatch import queue_work
from orderloom.application.go_on import go_on
from orderloom.application.journey import Journey
from orderloom.application.translate import is_reachable
from orderloom.domain import event as e
from orderloom.domain.inventory.level import Level, Movement, apply
from orderloom.domain.inventory.moves import bounds
from orderloom.domain.order import Parcel
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import Negotiation, ParcelState, WorkState

_CHANGEABLE = (WorkState.ALLOCATED, WorkState.RELEASED, WorkState.PICKING)
STOCK_KINDS = ("receive", "adjust", "stocktake", "return", "protect")


def adjust_receiver(j: Journey, command: AdjustReceiver) -> Refusal | None:
    """Change the receiver while nothing is on its way there; a warehouse that knows the work is told again."""
    if j.order.is_cancelled:
        return Refusal("already_cancelled", {"order": j.order.number})
    if j.order.is_erased:
        return Refusal("erased", {"order": j.order.number})
    if command.of not in ("", j.order.receiver):
        return Refusal("receiver_changed", {"order": j.order.number})
    if (parcel := next((p for p in j.order.parcels if _is_on_its_way(p)), None)) is not None:
        return Refusal("too_late", {"order": j.order.number, "waybill": parcel.waybill})
    if j.order.is_blocked("adjust"):
        return Refusal("held", {"order": j.order.number, "verb": "adjust"})
    sealed, is_elsewhere = command.sealed, command.sealed.digest != j.order.receiver
    j.emit(e.ReceiverChanged(sealed.digest, sealed.province, sealed.country, command.reason, sealed.city))
    j.seal(sealed)
    j.close_case("address_unsure")
    is_mended = False
    # An accepted place names nobody: who could not be reached before is still not reached.
    for type in ("address_unsure", "no_receiver") if is_reachable(command.receiver) else ("address_unsure",):
        if j.lift(type, "the receiver was corrected"):
            j.close_case(type)
            is_mended = True
    known = works_known(j)
    if is_mended:
        go_on(j)
    if is_elsewhere:
        j.part("address_changed")
        _tell_again(j, known)
    return None


def works_known(j: Journey) -> frozenset[int]:
    """The order's works by their place in it, before something makes more of them: those know the new receiver."""
    return frozenset([work.seq for work in j.order.works])


def follow_receiver(j: Journey, known: frozenset[int]) -> None:
    """The channel changed where the order goes: a warehouse that may still change it is told, else a person is.

    `known`: `works_known` of before.
    """
    j.part("address_changed")
    _tell_again(j, known)
    for work in j.order.works:
        if work.state is WorkState.PACKED:
            j.open_case("address_changed_late", work.number, work=work.number)
    for p in j.order.parcels:
        if _is_on_its_way(p) and p.state is not ParcelState.DELIVERED:
            j.open_case("address_changed_late", str(p.no), waybill=p.waybill)


def _tell_again(j: Journey, known: frozenset[int]) -> None:
    for work in [one for one in j.order.works if one.seq in known]:
        if work.negotiation in (Negotiation.REQUESTED, Negotiation.ACCEPTED) and work.state in _CHANGEABLE:
            queue_work(j, work)


def _is_on_its_way(parcel: Parcel) -> bool:
    """Whether what is in the parcel goes, or went, to the place as it is now: not what the channel sent itself, nor
    what comes back or is sent again."""
    return any(i.work_seq for i in parcel.items) and not parcel.is_replaced and not parcel.state.is_trouble


def adjust_stock(
    change: Change, level: Level, kind: str, cause: str, reason: str, actor: str, at: datetime, *, on_hand: int = 0,
    safety: int = 0, frozen: int = 0,
) -> Refusal | None:
    """Write one line of the ledger on somebody's word; a loss may leave the level oversold, and shows so."""
    if kind not in STOCK_KINDS:
        return Refusal("unknown_movement", {"kind": kind, "known": ", ".join(STOCK_KINDS)})
    if not (on_hand or safety or frozen):
        return Refusal("nothing_to_change", {"sku": str(level.sku_id)})
    movement = Movement(level.sku_id, level.warehouse_id, kind, cause, reason, actor, at,
                        on_hand=on_hand, safety=safety, frozen=frozen)
    if (refusal := bounds(level, movement)) is not None:
        return refusal
    apply(level, movement)
    change.movements.append(movement)
    return None


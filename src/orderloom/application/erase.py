"""Forget the person of an order: the fact of it, and a receiver of whom only the region is left."""

from __future__ import annotations

from orderloom.application.commands import ErasePerson
from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.refusal import Refusal


def erase(j: Journey, command: ErasePerson) -> Refusal | None:
    """Forget whom an order went to, once it is over; else say why not, and nothing has changed."""
    order, lifecycle = j.order, j.blueprint.lifecycle
    if order.is_erased:
        return Refusal("erased", {"order": order.number})
    if not lifecycle.stages[order.stage].is_final:
        return Refusal("in_progress", {"order": order.number, "stage": order.stage})
    if order.event_count != command.version:
        return Refusal("changed_meanwhile", {"order": order.number})
    sealed = command.sealed
    j.emit(e.PersonErased(
        command.erasure, sealed.digest, sealed.province, sealed.country, sealed.city, command.texts, command.vouchers))
    j.seal(sealed)
    return None

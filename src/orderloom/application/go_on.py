"""Let an order go on that something stood in the way of: a hold that was lifted, or goods that were missing."""

from __future__ import annotations

from orderloom.application.journey import Journey
from orderloom.domain.counting import is_wanting
from orderloom.domain.states import Negotiation, PaymentState, WorkState


def go_on(j: Journey, fact: str = "released") -> bool:
    """Nothing stands in the way any more: the order goes on from its stage, or what is missing of it is sent after."""
    if j.happened(fact):
        return True
    is_bought = j.order.payment.is_paid_up or j.order.payment is PaymentState.COD
    is_over = j.order.is_cancelled or j.blueprint.lifecycle.stages[j.order.stage].is_final
    is_kept_back = any(w.state is WorkState.ALLOCATED and w.negotiation is Negotiation.NONE for w in j.order.works)
    return is_bought and not is_over and (is_kept_back or is_wanting(j.order)) and j.happened("added")

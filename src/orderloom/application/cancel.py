"""Cancel an order on a person's word: held stock goes back, warehouse work is called back, what is out is not."""

from __future__ import annotations

from orderloom.application.commands import CancelOrder
from orderloom.application.journey import Journey
from orderloom.application.split import look_at_kin
from orderloom.domain import event as e
from orderloom.domain.refusal import Refusal


def cancel(j: Journey, command: CancelOrder) -> Refusal | None:
    """Cancel where the lifecycle allows it; else say why not, and nothing has changed."""
    if j.order.is_cancelled:
        return Refusal("already_cancelled", {"order": j.order.number})
    if j.order.is_blocked("cancel"):
        return Refusal("held", {"order": j.order.number, "verb": "cancel"})
    step = j.step_for("cancel")
    if isinstance(step, Refusal):
        return step
    j.emit(e.OrderCancelled(command.reason))
    j.take(step, ("action", "cancel"))
    look_at_kin(j)
    return None

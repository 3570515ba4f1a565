"""What became of an order's routing decision: known once all its parcels have ended, and again when one turns back."""

from __future__ import annotations

from orderloom.application.change import OutcomeLearnt
from orderloom.application.journey import Journey
from orderloom.application.reserve import sourcing_of
from orderloom.domain.counting import is_all_out
from orderloom.domain.states import ParcelState, WorkState


def learn_outcome(j: Journey) -> None:
    """Keep the outcome when it is known now; nothing where no carrier's service was chosen."""
    works = [w for w in j.order.works if w.promised_at is not None and w.state is not WorkState.CANCELLED]
    parcels = [p for p in j.order.parcels if not p.is_replaced]
    if not works or not parcels or not is_all_out(j.order) or not all(p.state.is_final for p in parcels):
        return
    promised = max(w.promised_at for w in works if w.promised_at)
    ended = max(p.delivered_at or p.heard_at for p in parcels)
    rule = sourcing_of(j)
    j.change.learnt[j.order.id] = OutcomeLearnt(
        j.order.id, rule.arm, rule.rule, promised, ended,
        all(p.state is ParcelState.DELIVERED for p in parcels) and ended <= promised, len(works) > 1,
        any(p.state is ParcelState.RETURNED for p in parcels) or any(line.returned for line in j.order.lines),
        sum([w.cost or 0 for w in works]), len(parcels),
    )

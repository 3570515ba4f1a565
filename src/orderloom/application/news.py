"""Which statement of an order is the newer one, and what of another one of the same instant is true all the same."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from orderloom.domain.draft import OrderDraft
from orderloom.domain.order import Order
from orderloom.domain.states import PaymentState

FROM_THE_FUTURE = "from_the_future"


def is_old(draft: OrderDraft, order: Order, known_at_most: datetime) -> bool:
    """Whether nothing of the draft is news. A known revision later than `known_at_most` came from a wrong clock, and
    makes nothing old."""
    return draft.revision < order.revision <= known_at_most and not _is_guess(order)


def is_tied(draft: OrderDraft, order: Order) -> bool:
    """Whether no clock tells which is newer: channels tell seconds, and what came from the future was given a time."""
    return draft.revision == order.revision or (draft.revision < order.revision and _is_guess(order))


def _is_guess(order: Order) -> bool:
    return FROM_THE_FUTURE in order.flags


def is_poorer(draft: OrderDraft, order: Order) -> bool:
    """Whether, of two of one instant, the draft knows less of how the order ends: it describes what was before."""
    if draft.revision < order.revision:
        return True
    known = (order.is_cancelled, order.payment.rank, order.paid)
    return (draft.is_cancelled, PaymentState(draft.payment).rank, draft.paid) < known


def joined(draft: OrderDraft, order: Order) -> OrderDraft:
    """The draft with what is known already from another of its instant: whichever comes first, both end the same.

    A cancellation is not taken back, money does not become less, and what is shipped stays so (`merge_lines`).
    """
    payment = max(PaymentState(draft.payment), order.payment, key=lambda state: state.rank)
    return replace(draft, payment=payment, is_cancelled=draft.is_cancelled or order.is_cancelled)

"""Which goods an application after the sale keeps back, as a hold of its own: held, and free again, application by
application. What the order's own statement says of disputes is a hold beside these (`check.py`)."""

from __future__ import annotations

from orderloom.application.journey import Journey
from orderloom.domain.after_sale import AfterSale
from orderloom.domain.order import Line, Order
from orderloom.domain.states import AfterSaleKind, ChannelHold

KEEPS = {
    AfterSaleKind.REFUND_ONLY: ChannelHold.REFUND_REQUESTED, AfterSaleKind.RETURN_REFUND: ChannelHold.REFUND_REQUESTED,
    AfterSaleKind.EXCHANGE: ChannelHold.REFUND_REQUESTED, AfterSaleKind.CANCEL: ChannelHold.BUYER_CANCEL_REQUESTED,
}
"""The hold by what is asked for. Goods to be sent again, or repaired, keep nothing back: those had left."""
CASE = "after_sale"


def follow(j: Journey, news: AfterSale | None = None) -> bool:
    """Place and lift the holds of all applications, and close the cases of those that are over; whether one was
    lifted. A hold that a person has lifted is placed again only for `news` of its application."""
    is_lifted = False
    for one in j.order.after_sales:
        type = KEEPS.get(one.kind)
        if type is not None and _keeps_back(j.order, one):
            if one is news or not any((h.type, h.subject) == (type, one.external_id) for h in j.order.holds):
                j.hold(type, one.native or one.kind, subject=one.external_id)
            continue
        for kind in {*KEEPS.values()}:  # what is asked for may have changed meanwhile
            is_lifted |= j.lift(kind, "the application has ended", one.external_id)
        if one.state.is_ended:
            j.close_case(CASE, one.external_id)
    return is_lifted


def is_through(order: Order, one: AfterSale) -> bool:
    """Whether nothing is left to be done about an application: it has ended, and no goods wait for its order's word."""
    return one.state.is_ended and not _keeps_back(order, one)


def _keeps_back(order: Order, one: AfterSale) -> bool:
    """Whether goods of it must not go. Those whose money went back wait until the order itself says what is left."""
    if one.kind not in KEEPS or order.is_cancelled or one.state.is_void:
        return False
    if one.state.is_ended and (one.kind is AfterSaleKind.EXCHANGE or one.revision <= order.revision):
        return False
    return any(line.needed > line.shipped for line in _concerned(order, one))


def _concerned(order: Order, one: AfterSale) -> list[Line]:
    """Its lines; all of the order's where it names none, or none that is known."""
    ids = {external_id for external_id, _, _ in one.lines if external_id}
    skus = {sku for external_id, sku, _ in one.lines if sku and not external_id}
    named = [line for line in order.lines if line.external_id in ids or line.sku_external in skus]
    return named or list(order.lines)

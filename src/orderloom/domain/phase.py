"""The six axes of an order as closed sets, and the one ordered rule that derives its phase from them."""

from __future__ import annotations

from orderloom.domain.states import ParcelState, PaymentState

AXES: dict[str, tuple[str, ...]] = {
    "intake": ("received", "parked", "normalised", "rejected"),
    "payment": tuple(PaymentState),
    "fulfilment": (
        "none",
        "short",
        "planned",
        "allocated",
        "released",
        "picking",
        "packed",
        "handed_over",
        "closed",
        "cancelled",
    ),
    "parcel": ("none", *ParcelState),
    "after_sales": (
        "none",
        "requested",
        "granted",
        "declined",
        "advised",
        "received",
        "inspected",
        "restocked",
        "scrapped",
        "executing",
        "executed",
        "in_doubt",
    ),
    "holds": ("none", "held", "amending"),
}
"""Values of each axis. `cod` is payment on delivery; `amending` is an open proposal to change the order."""

PHASES = (
    "cancelled",
    "returned",
    "delivered",
    "in_transit",
    "failed",
    "held",
    "amending",
    "blocked",
    "ready",
    "new",
)
"""In the order in which the rule tries them: the first that applies is the order's phase."""

_RETURNED = frozenset({"received", "inspected", "restocked", "scrapped"})
_BY_PARCEL = {
    "collected": "in_transit",
    "in_transit": "in_transit",
    "out_for_delivery": "in_transit",
    "pickup_ready": "in_transit",
    "delivered": "delivered",
    "exception": "failed",
    "returning": "failed",
    "lost": "failed",
    "returned": "returned",
}
_IS_LEFT = frozenset({"planned", "short", "allocated", "released", "picking", "packed"})
"""Goods of the order are in a warehouse still, whatever is on the road already."""
_IS_OUT = frozenset({"handed_over", "closed"})
_PAYS = frozenset({"paid", "cod", "overcharged", "partially_refunded"})
_IS_BLOCKED = frozenset({"parked", "rejected"})


def derive_phase(intake: str, payment: str, fulfilment: str, parcel: str, after_sales: str, holds: str) -> str:
    """Return the phase that six axis values add up to, a member of `PHASES`.

    A parcel's own news wins over the warehouse's "out", because a parcel in trouble has left the warehouse too.
    """
    if fulfilment == "cancelled":
        return "cancelled"
    if after_sales in _RETURNED:
        return "returned"
    moving = _BY_PARCEL.get(parcel)
    if moving is not None and (moving == "failed" or fulfilment not in _IS_LEFT):
        return moving
    if fulfilment in _IS_OUT:
        return "in_transit"
    if holds != "none":
        return holds
    if fulfilment == "short" or intake in _IS_BLOCKED:
        return "blocked"
    return "ready" if payment in _PAYS else "new"

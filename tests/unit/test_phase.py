"""The phase is derived by one ordered rule, so that two systems' news cannot both win."""

from __future__ import annotations

import pytest

from orderloom.domain.phase import derive_phase

AXES = {
    "intake": "normalised",
    "payment": "unpaid",
    "fulfilment": "none",
    "parcel": "none",
    "after_sales": "none",
    "holds": "none",
}


@pytest.mark.parametrize(
    ("changes", "phase"),
    [
        ({}, "new"),
        ({"payment": "paid"}, "ready"),
        ({"payment": "cod"}, "ready"),
        ({"payment": "refunded"}, "new"),
        ({"payment": "paid", "fulfilment": "short"}, "blocked"),
        ({"intake": "parked", "payment": "paid"}, "blocked"),
        ({"payment": "paid", "fulfilment": "short", "holds": "amending"}, "amending"),
        ({"payment": "paid", "fulfilment": "picking", "holds": "held"}, "held"),
        ({"fulfilment": "handed_over", "holds": "held"}, "in_transit"),
        ({"fulfilment": "handed_over", "parcel": "exception"}, "failed"),
        ({"parcel": "lost", "holds": "held"}, "failed"),
        ({"fulfilment": "handed_over", "parcel": "label_ready"}, "in_transit"),
        ({"fulfilment": "closed", "parcel": "delivered", "holds": "held"}, "delivered"),
        ({"parcel": "delivered", "after_sales": "requested"}, "delivered"),
        ({"parcel": "delivered", "after_sales": "restocked"}, "returned"),
        ({"parcel": "returned"}, "returned"),
        ({"fulfilment": "cancelled", "parcel": "delivered", "after_sales": "received"}, "cancelled"),
    ],
)
def test_a_list_filtered_by_phase_shows_the_order_where_it_belongs(changes: dict[str, str], phase: str) -> None:
    assert derive_phase(**{**AXES, **changes}) == phase

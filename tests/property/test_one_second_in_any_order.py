"""Channels tell seconds: whatever the order in which revisions of one second arrive, the order ends the same."""

from __future__ import annotations

from itertools import permutations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.domain.draft import OrderDraft, StatedRefund, StatedShipment
from orderloom.domain.order import Order
from orderloom.testing.builders import a_draft, a_line
from tests.support.bench import OPENING, Shop

PAYMENTS = st.sampled_from(["unpaid", "partially_paid", "cod", "paid", "partially_refunded", "refunded"])
SHARES = {"partially_paid": 500, "paid": 3_000, "partially_refunded": 3_000, "refunded": 3_000}


@st.composite
def revisions(draw: st.DrawFn) -> list[OrderDraft]:
    """What one channel may say of one order within a second."""
    return [_draft(draw) for _ in range(draw(st.integers(2, 4)))]


def _draft(draw: st.DrawFn) -> OrderDraft:
    payment = draw(PAYMENTS)
    shipped = draw(st.integers(0, 2))
    lines = (a_line("A", 2, 1_000, external_id="L1", fulfilled=shipped), a_line("B", 1, 1_000, external_id="L2"))
    refunds = tuple(StatedRefund(f"r{n}", 200) for n in range(draw(st.integers(0, 2)))) if "refund" in payment else ()
    return a_draft("E0", *lines, payment=payment, is_paid=False, paid=SHARES.get(payment, 0), refunds=refunds,
                   is_cancelled=draw(st.booleans()), native=payment,
                   shipments=(StatedShipment("W"),) if shipped else ())  # fmt: skip


@given(revisions())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_order_of_arrival_changes_money_cancellation_or_what_is_shipped(told: list[OrderDraft]) -> None:
    ends = set()
    for arrival in permutations(told):
        shop = Shop()
        for draft in arrival:
            shop.channel_says(lines=draft.lines, seconds=0, **{
                name: getattr(draft, name)
                for name in ("payment", "paid", "refunds", "is_cancelled", "native", "shipments", "total")
            })
        order = shop.order()
        assert sum(m.amount for m in order.money) == order.paid - order.refunded
        ends.add(_end(order))
        left = {sku: sum(level.on_hand for (known, _), level in shop.levels.items() if known == sku) for sku in (1, 2)}
        assert left == {sku: sum(n for (known, _), n in OPENING.items() if known == sku) for sku in (1, 2)}
    assert len(ends) == 1, ends


def _end(order: Order) -> tuple[object, ...]:
    shipped = tuple(line.elsewhere for line in order.lines)
    sum_of = {kind: sum(m.amount for m in order.money if m.kind == kind) for kind in ("payment", "refund")}
    needed = tuple(line.needed for line in order.lines) if not order.is_cancelled else ()
    return order.is_cancelled, order.payment, order.paid, order.refunded, tuple(sum_of.items()), shipped, needed

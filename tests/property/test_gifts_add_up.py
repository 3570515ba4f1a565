"""Whatever happens to orders in whatever order: gifts are lines like others in stock and log, and none in the money."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.domain.gift import is_gift
from orderloom.domain.order import Order
from tests.support.gift_shop import OF_EVERY_KIND, GiftShop
from tests.support.moves import KINDS, Move

small = st.integers(0, 39)
stories = st.lists(st.tuples(st.integers(0, KINDS - 1), small, small, small, small), min_size=1, max_size=40)
proof = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(stories)
@proof
def test_gifts_break_nothing_that_holds_without_them(moves: list[Move]) -> None:
    shop = GiftShop(OF_EVERY_KIND)
    for command, _ in shop.play(moves):  # stock, log and money are compared after each
        standing = Counter[str]()
        for order in shop.orders.values():
            _counted(order, command)
            standing["once"] += any(line.external_id == "gift:more/once" and (
                line.shipped > 0 or not (line.is_closed or order.is_cancelled)) for line in order.lines)
        assert standing["once"] <= 1, command


def _counted(order: Order, command: object) -> None:
    assert len({line.external_id for line in order.lines}) == len(order.lines), command
    assert [line.no for line in order.lines] == list(range(1, len(order.lines) + 1)), command
    for line in order.lines:
        assert 0 <= line.returned <= line.shipped <= line.fulfilled <= line.ordered - line.cancelled, command
        if is_gift(line) and line.is_closed:
            assert not [b for b in order.active_stock("allocation") if b.line_no == line.no] or line.fulfilled, command

"""The fold changes what the fact says and nothing else; the same facts give the same bytes."""

from __future__ import annotations

import pytest

from orderloom.application.refold import refold
from orderloom.domain.event import HoldReleased, OrderCancelled, StockReleased
from orderloom.domain.evolve import evolve
from orderloom.domain.log import decode, encode
from orderloom.domain.order import state_bytes
from tests.support.bench import Shop


def shop() -> Shop:
    told = Shop()
    told.channel_says(("A", 10), ("B", 1))
    return told


def test_the_order_before_a_fact_is_left_as_it_was() -> None:
    order = shop().order()
    before = state_bytes(order)
    after = evolve(order, OrderCancelled("why"), order.staged_at)
    assert state_bytes(order) == before and after.is_cancelled and not order.is_cancelled


def test_releasing_a_hold_twice_or_one_that_is_not_there_changes_nothing_more() -> None:
    order = shop().order()
    once = evolve(order, StockReleased((1,), "x"), order.staged_at)
    assert state_bytes(evolve(once, StockReleased((1,), "x"), order.staged_at)) == state_bytes(once)
    assert state_bytes(evolve(order, HoldReleased(9, "x"), order.staged_at)) == state_bytes(order)


def test_a_log_without_its_beginning_is_not_taken_for_an_order() -> None:
    told = shop()
    log = told.log[told.order().id]
    with pytest.raises(ValueError, match="begins with"):
        refold(log[1:])
    with pytest.raises(ValueError, match="without events"):
        refold([])


def test_a_log_that_lost_its_end_gives_other_bytes() -> None:
    told = shop()
    log = told.log[told.order().id]
    assert state_bytes(refold(log[:-1])) != state_bytes(told.order())


def test_every_stored_fact_is_read_back_as_it_was_written() -> None:
    told = shop()
    for entry in told.log[told.order().id]:
        assert encode(decode(entry.facts)) == entry.facts

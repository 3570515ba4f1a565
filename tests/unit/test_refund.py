"""Money that went back stands in the books once, whatever a channel calls it and however often it tells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderloom.domain.draft import StatedRefund as Refund
from orderloom.testing.clock import STORY_BEGINS
from tests.support.bench import Shop

LATER = STORY_BEGINS + timedelta(days=1)


def gave_back(*told: tuple[Refund, ...], stated: tuple[int, ...] = ()) -> Shop:
    """An order of 20.00, and what the channel says of refunds in one revision after another."""
    shop = Shop()
    shop.channel_says(("A", 2))
    for place, refunds in enumerate(told):
        shop.channel_says(("A", 2), payment="partially_refunded", refunds=refunds,
                          refunded=stated[place] if stated else 0)
    keys = [entry.key for entry in shop.order().money]
    assert len(set(keys)) == len(keys)
    assert shop.order().refunded == -sum(m.amount for m in shop.order().money if m.kind == "refund")
    return shop


@pytest.mark.parametrize(("told", "total"), [
    ([(Refund("r1", 500), Refund("r1", 500))], 500),
    ([(Refund("r1", 500), Refund("r1", 300))], 800),
    ([(Refund("", 500), Refund("", 500))], 1_000),
    ([(Refund("r1", 500),), (Refund("r1", 500),)], 500),
    ([(Refund("r1", 500),), (Refund("x1", 500),)], 500),
    ([(Refund("r1", 500, LATER),), (Refund("r2", 500, LATER + timedelta(hours=1)),)], 1_000),
    ([(Refund("r1", 500),), (Refund("r2", 300),)], 800),
    ([(Refund("r1", 500),), (Refund("r1", 500), Refund("r2", 300))], 800),
    ([(Refund("r1", 500),), ()], 500),
], ids=["twice", "in parts", "no id", "repeated", "renamed", "same sum", "one by one", "all", "unsaid"])  # fmt: skip
def test_a_refund_is_booked_once(told: list[tuple[Refund, ...]], total: int) -> None:
    assert gave_back(*told).order().refunded == total


def test_a_stated_sum_is_the_sum_whatever_parts_of_it_are_named() -> None:
    shop = gave_back((), (Refund("r1", 500),), (Refund("r1", 500), Refund("r2", 300)), stated=(500, 500, 900))
    assert shop.order().refunded == 900


def test_more_given_back_than_was_paid_is_seen() -> None:
    assert "refund_over_paid" in gave_back((Refund("r1", 2_500),)).opened()
    assert "refund_over_paid" not in gave_back((Refund("r1", 2_000),)).opened()

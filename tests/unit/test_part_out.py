"""Of an order of which only a part is out nothing is sent twice, and the rest goes by one word of a person."""

from __future__ import annotations

from orderloom.application import commands as c
from tests.support.bench import OPENING, Shop

ALL_A = sum(units for (sku, _), units in OPENING.items() if sku == 1)


def held() -> Shop:
    """Three A and two kits, a part of which is out; nobody knows which."""
    shop = Shop()
    shop.channel_says(("A", 3), ("KIT", 2), flags=("partly_shipped",))
    assert shop.order().standing_hold == "partly_shipped" and not shop.sent("work")
    return shop


def test_the_rest_is_sent_once_a_person_says_what_is_out() -> None:
    shop = held()
    shop.person(c.ReleaseHold, hold_no=1, reason="looked it up", out={"A": 2, "KIT": 1})
    (work,) = shop.order().works
    assert [(i.line_no, i.sku_id, i.quantity) for i in work.items] == [(1, 1, 1), (2, 1, 2), (2, 2, 1)]
    assert shop.free(1) == ALL_A - 3
    shop.channel_says(("A", 3), ("KIT", 2), flags=("partly_shipped",), note="said again")
    assert len(shop.order().works) == 1 and not shop.order().standing_hold


def test_an_order_that_turns_out_to_be_out_wholly_sends_nothing() -> None:
    shop = held()
    shop.person(c.ReleaseHold, hold_no=1, reason="looked it up", out={"A": 3, "KIT": 2})
    assert shop.order().stage == "shipped" and not shop.sent("work") and shop.free(1) == ALL_A


def test_more_than_is_left_is_refused_and_the_order_stays_held() -> None:
    shop = held()
    for out in ({"A": 4}, {"B": 1}):
        answer = shop.person(c.ReleaseHold, hold_no=1, reason="looked it up", out=out)
        assert isinstance(answer, c.Outcome) and answer.refusal == "not_left"
        assert answer.particulars["left"] == "A 3, KIT 2"
    assert shop.order().standing_hold == "partly_shipped"

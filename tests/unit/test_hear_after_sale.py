"""What the channel lists after the sale keeps the goods here while it is open, and is money given back exactly once."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from orderloom.application import commands as c
from orderloom.domain.draft import AfterSaleLine, StatedRefund
from tests.support.bench import Shop


def test_goods_of_a_refund_that_is_asked_for_do_not_leave_until_it_is_withdrawn() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.after_sale("asked")
    shop.channel_says(("A", 2))
    assert not shop.sent("work") and shop.order().standing_hold == "refund_requested"
    shop.after_sale("withdrawn")
    assert len(shop.sent("work")) == 1 and not shop.open_cases("after_sale")


def test_a_warehouse_that_picks_is_called_back() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("picked")
    shop.after_sale("asked")
    assert len(shop.sent("work_cancel")) == 1 and shop.open_cases("after_sale") == ["R1"]
    shop.system_answers("work_cancel")
    shop.after_sale("refused")
    assert len(shop.sent("work")) == 2


def test_an_order_s_own_statement_does_not_free_what_its_after_sale_list_keeps() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.after_sale("asked")
    shop.channel_says(("A", 2), note="leave it at the door")
    assert shop.order().is_blocked("dispatch")


def test_money_that_went_back_keeps_the_goods_until_the_order_says_what_is_left() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1), is_paid=False)
    shop.after_sale("asked", lines=(AfterSaleLine("L2"),))
    shop.channel_says(("A", 2), ("B", 1))
    shop.after_sale("refunded", lines=(AfterSaleLine("L2"),))
    assert not shop.sent("work") and shop.open_cases("after_sale"), "the channel's order still lists what was refunded"
    shop.channel_says(("A", 2))
    assert [[line["sku"] for line in body["lines"]] for body in shop.sent("work")] == [["A"]]
    assert ("after_sale", f"{shop.order().id}/R1") in shop.ended


@pytest.mark.parametrize("kind", ["reship", "repair"])
def test_goods_to_be_sent_again_keep_nothing_back(kind: str) -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.after_sale("asked", kind=kind)
    assert not shop.order().is_blocked("dispatch") and shop.open_cases("after_sale") == ["R1"]


def test_a_cancellation_that_is_asked_for_holds_as_one() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.after_sale("asked", kind="cancel")
    assert shop.order().standing_hold == "buyer_cancel_requested"
    shop.after_sale("refused", kind="cancel")
    assert not shop.order().is_blocked("dispatch")


def test_two_applications_free_the_goods_only_together() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.after_sale("asked", "R1")
    shop.after_sale("asked", "R2")
    shop.after_sale("withdrawn", "R1")
    assert shop.order().is_blocked("dispatch")
    shop.after_sale("withdrawn", "R2")
    assert not shop.order().is_blocked("dispatch")


def test_goods_that_are_out_are_not_held() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.after_sale("asked", kind="return_refund")
    assert not shop.order().holds and shop.open_cases("after_sale") == ["R1"]


def test_a_person_s_release_stands_until_there_is_news() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.after_sale("asked")
    shop.person(c.ReleaseHold, hold_no=1, reason="she took it back by phone")
    shop.channel_says(("A", 2))
    assert len(shop.sent("work")) == 1
    shop.after_sale("agreed")
    assert shop.order().is_blocked("dispatch")


NEWS = (("asked", 40), ("agreed", 30), ("returning", 20), ("refunded", 10))


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_news_in_any_order_and_twice_ends_the_same(order: tuple[int, ...]) -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    for state, ago in [NEWS[place] for place in order] * 2:
        shop.after_sale(state, kind="return_refund", ago=ago, seconds=0)
    (known,) = shop.order().after_sales
    assert known.state == "refunded" and shop.order().refunded == 1_000
    assert [m.key for m in shop.order().money if m.kind == "refund"] == ["TB01:refund:R1"]


@pytest.mark.parametrize("states", list(permutations(["asked", "withdrawn", "refused"])), ids=str)
def test_news_of_one_instant_ends_the_same_in_any_order(states: tuple[str, ...]) -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.at += timedelta(seconds=60)
    for state in states:
        shop.after_sale(state, seconds=0)
    assert shop.order().after_sales[0].state == "withdrawn" and not shop.order().is_blocked("dispatch")


def test_what_is_known_is_no_event() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.after_sale("asked")
    events = shop.order().event_count
    answer = shop.after_sale("asked", ago=60)
    assert isinstance(answer, c.Outcome) and answer.particulars == {"moot": "yes"}
    assert shop.order().event_count == events


def refund(amount: int, id: str = "R1") -> StatedRefund:
    return StatedRefund(id, amount)


@pytest.mark.parametrize("stated", [
    {"refunds": (refund(1_000),)}, {"refunded": 1_000}, {"refunds": (refund(1_000),), "refunded": 1_000},
    {"refunds": (refund(1_000, "X9"),)}, {"refunds": (refund(1_000, "X9"),), "refunded": 1_000},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("is_list_first", [True, False])
def test_money_back_is_counted_once_whoever_tells_first(stated: dict[str, object], *, is_list_first: bool) -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1))
    steps = [lambda: shop.after_sale("refunded", kind="return_refund"),
             lambda: shop.channel_says(("A", 2), ("B", 1), payment="partially_refunded", **stated)]
    for step in steps if is_list_first else reversed(steps):
        step()
        step()
    assert shop.order().refunded == 1_000


@pytest.mark.parametrize("is_list_first", [True, False])
def test_two_refunds_of_the_same_amount_are_two(*, is_list_first: bool) -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1))
    steps = [lambda: shop.after_sale("refunded"),
             lambda: shop.channel_says(("A", 2), ("B", 1), payment="partially_refunded",
                                       refunds=(refund(1_000, "X8"), refund(1_000, "X9")))]
    for step in steps if is_list_first else reversed(steps):
        step()
    assert shop.order().refunded == 2_000


def test_a_refund_that_grew_is_counted_as_far_as_it_grew() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1))
    shop.after_sale("refunded", amount=500)
    shop.after_sale("refunded", amount=800)
    shop.after_sale("done", amount=800)
    assert shop.order().refunded == 800


def test_what_the_order_names_otherwise_is_the_same_money() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1))
    shop.channel_says(("A", 2), ("B", 1), payment="partially_refunded", refunds=(refund(700, "9001"),))
    shop.after_sale("refunded", amount=1_000, refunded=700, refund_external_id="9001")
    assert shop.order().refunded == 700


def test_an_exchange_that_is_done_gives_no_money_back() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.after_sale("done", kind="exchange")
    assert shop.order().refunded == 0 and not shop.order().is_blocked("dispatch")


def test_money_in_another_currency_is_not_added_up_and_is_seen() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.after_sale("refunded", currency="USD")
    assert shop.order().refunded == 0 and "refund_uncounted" in shop.opened()


def test_news_of_an_order_that_is_not_there_yet_waits_for_it() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    answer = shop.after_sale("asked", order="E9")
    assert isinstance(answer, tuple) and (answer[0].code, answer[0].key) == ("order_unknown", "order:1:E9")


def test_the_list_shows_what_is_asked_for() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.after_sale("refused", "R1", kind="return_refund", reason="不喜欢", waybill="SF1")
    shop.after_sale("asked", "R2", kind="exchange")
    assert [(x.external_id, x.kind, x.state) for x in shop.order().after_sales] == [
        ("R1", "return_refund", "refused"), ("R2", "exchange", "asked")]

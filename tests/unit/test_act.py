"""The lifecycle's buttons: goods of a parcel that does not arrive go again, and only those press who may."""

from __future__ import annotations

import pytest

from orderloom.application import commands as c
from orderloom.application.act import offered
from orderloom.domain.actor import person
from orderloom.domain.log import decode
from tests.support.bench import OPENING, Shop, directory


def sent() -> Shop:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    return shop


def again(shop: Shop, **asked: object) -> c.Outcome:
    answer = shop.person(c.ReshipParcel, reason="it never came", **asked)
    assert isinstance(answer, c.Outcome)
    return answer


@pytest.mark.parametrize("trouble", ["lost", "failed", "returning"])
def test_goods_that_do_not_arrive_are_sent_again_and_the_order_completes(trouble: str) -> None:
    shop = sent()
    shop.carrier_says((trouble, 0))
    assert shop.order().stage == "failed"
    assert again(shop).refusal == "" and len(shop.order().works) == 2 and len(shop.sent("work")) == 2
    shop.warehouse_says("handed_over", 2)
    shop.carrier_says(("delivered", 0), parcel=2)
    assert shop.order().stage == "completed"
    assert sum(level.on_hand for level in shop.levels.values() if level.sku_id == 1) == sum(
        units for (sku, _), units in OPENING.items() if sku == 1) - 4


def test_a_second_loss_is_sent_again_like_the_first() -> None:
    shop = sent()
    for parcel in (1, 2):
        shop.carrier_says(("lost", 0), parcel=parcel)
        assert again(shop, parcel_no=parcel).refusal == ""
        shop.warehouse_says("handed_over", parcel + 1)
        assert shop.order().stage == "shipped"
    shop.carrier_says(("delivered", 0), parcel=3)
    assert shop.order().stage == "completed" and len(shop.order().parcels) == 3


def test_the_one_of_two_parcels_that_is_lost_goes_again_and_the_other_does_not() -> None:
    shop = Shop()
    shop.channel_says(("A", 10))
    shop.warehouse_says("handed_over", 1)
    shop.warehouse_says("handed_over", 2)
    shop.carrier_says(("lost", 0), parcel=2)
    assert again(shop, parcel_no=1).refusal == "parcel_arrives" and again(shop, parcel_no=9).refusal == "no_such_parcel"
    lost = sum(i.quantity for i in shop.order().parcels[1].items)
    assert again(shop, parcel_no=2).refusal == ""
    assert sum(i.quantity for w in shop.order().works[2:] for i in w.items) == lost
    assert again(shop, parcel_no=2).refusal == "too_late", "nothing is in trouble any more"


def test_what_arrives_is_not_sent_twice() -> None:
    shop = sent()
    before = shop.order()
    assert again(shop).refusal == "too_late" and shop.order() is before


def test_a_service_user_may_not_do_what_only_others_may() -> None:
    shop = Shop()
    shop.channel_says(("A", 100))
    assert shop.order().stage == "short"
    before = shop.order()
    for role, refusal in (("service", "not_allowed"), ("finance", "not_allowed"), ("operations", "")):
        answer = shop.ask(c.TakeAction(actor=person("li", role), order_id=before.id, action="retry", reason="x"))[0]
        assert isinstance(answer, c.Outcome) and answer.refusal == refusal
        assert (shop.order() is before) == bool(refusal)
    known = [decode(entry.facts) for entry in shop.log[before.id]]
    assert [(f.action, f.reason) for f in known if hasattr(f, "action")] == [("retry", "x")]


def test_the_buttons_that_are_shown_are_those_that_work() -> None:
    shop = sent()
    where = directory()
    assert offered(shop.order(), where, frozenset({"service"})) == ("confirm", "close")
    assert offered(shop.order(), where, frozenset({"warehouse"})) == ()
    shop.carrier_says(("lost", 0))
    assert "reship" in offered(shop.order(), where, frozenset({"service"}))
    again(shop)
    assert "reship" not in offered(shop.order(), where, frozenset({"administrator"}))
    shop.person(c.PlaceHold, type="manual", reason="x")
    assert "cancel" in offered(shop.order(), where, frozenset({"service"}))
    assert "cancel" not in offered(shop.order(), where, frozenset({"finance"}))


def test_an_action_that_the_lifecycle_does_not_know_is_refused_with_those_it_knows() -> None:
    answer = sent().person(c.TakeAction, action="teleport", reason="x")
    assert isinstance(answer, c.Outcome) and "confirm" in answer.particulars["known"]

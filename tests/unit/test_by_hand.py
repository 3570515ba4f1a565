"""People in a warehouse without a system report their work: what they may say, and what comes of it."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest

from orderloom.application import commands as c
from orderloom.application.by_hand import report_of
from orderloom.domain.actor import person
from orderloom.domain.draft import WorkReport
from orderloom.domain.order import Order
from orderloom.domain.refusal import Refusal
from tests.support.bench import OPENING, Shop


def replace_receiver(order: Order, receiver: str) -> Order:
    """The order as if it went elsewhere."""
    other = copy(order)
    other.receiver = receiver
    return other


class Hands(Shop):
    """A shop whose order goes to the warehouse that has no system."""

    def __init__(self, basket: tuple[tuple[str, int], ...] = (("C", 3),)) -> None:
        super().__init__()
        for (sku, house), level in self.levels.items():
            if house != 3 and sku == 3:
                level.on_hand = 0
        self.channel_says(*basket)

    def says(self, step: str, *, role: str = "warehouse", number: str = "", seconds: int = 60, instead_of: str = "",
             **told: Any) -> c.Outcome:  # fmt: skip
        self.at = self.at.__class__.fromtimestamp(self.at.timestamp() + seconds, self.at.tzinfo)
        report = report_of(number or self.order().works[-1].number, step, self.at, **told)
        assert isinstance(report, WorkReport)
        answer = self.ask(c.ConfirmWork(actor=person("wang", role), account_id=None, report=report,
                                        instead_of=instead_of))[0]
        assert isinstance(answer, c.Outcome)
        return answer


def test_goods_that_people_send_leave_the_stock_and_the_channel_hears_the_waybill() -> None:
    shop = Hands()
    assert [shop.says(step).refusal for step in ("picked", "packed")] == ["", ""]
    assert shop.order().stage == "awaiting_collection" and not shop.sent("work")
    assert shop.says("out", waybill="SF100", carrier="顺丰").refusal == ""
    assert shop.order().stage == "shipped" and shop.levels[3, 3].on_hand == OPENING[3, 3] - 3
    assert [(b["carrier"], b["waybill"]) for b in shop.sent("shipment")] == [("shunfeng", "SF100")]
    assert len(shop.sent("watch")) == 1 and not shop.opened()


def test_saying_it_twice_changes_nothing() -> None:
    shop = Hands()
    shop.says("packed")
    before = shop.order()
    assert shop.says("picked").particulars == {"moot": "yes"} and shop.says("packed").particulars == {"moot": "yes"}
    assert shop.order() is before
    shop.says("out", waybill="SF100", carrier="SF")
    before = shop.order()
    for told in ({}, {"waybill": "SF100", "carrier": "SF"}):
        assert shop.says("out", **told).particulars == {"moot": "yes"}
    assert shop.order() is before


def test_nobody_reports_for_a_warehouse_that_has_a_system_of_its_own() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    report = report_of(shop.order().works[0].number, "out", shop.at, waybill="SF1", carrier="SF")
    assert isinstance(report, WorkReport)
    before = shop.order()
    answer = shop.ask(c.ConfirmWork(actor=person("wang", "administrator"), account_id=None, report=report))[0]
    assert isinstance(answer, c.Outcome) and answer.refusal == "has_system" and answer.particulars["system"] == "WMS"
    assert shop.order() is before


@pytest.mark.parametrize(("role", "refusal"), [
    ("service", "not_allowed"), ("finance", "not_allowed"), ("management", "not_allowed"), ("warehouse", ""),
    ("operations", ""), ("administrator", ""),
])
def test_only_those_who_work_in_the_warehouse_report_its_work(role: str, refusal: str) -> None:
    assert Hands().says("picked", role=role).refusal == refusal


def test_a_mistyped_number_is_refused_at_once_and_not_kept_waiting() -> None:
    answer = Hands().says("picked", number="TB01-NOWHERE-1")
    assert (answer.refusal, answer.particulars) == ("no_such_work", {"work": "TB01-NOWHERE-1"})


def test_an_order_on_hold_is_not_sent_by_hand_either() -> None:
    shop = Hands()
    shop.person(c.PlaceHold, type="fraud", reason="stolen card")
    assert shop.order().works[0].state == "cancelled", "what is not out of the hub is called back by itself"
    assert shop.says("packed").refusal == "work_cancelled" and shop.says("out").refusal == "work_cancelled"
    assert not shop.order().parcels


def test_a_parcel_that_left_before_it_was_called_back_is_told_with_the_reason() -> None:
    shop = Hands()
    shop.person(c.CancelOrder, reason="the buyer rang")
    assert shop.says("out", waybill="SF1", carrier="SF", reason="the van had left").refusal == ""
    assert "shipped_after_cancel" in shop.opened() and shop.levels[3, 3].on_hand == OPENING[3, 3] - 3


def test_several_boxes_of_one_work_each_have_their_waybill_and_what_is_left_stays_on_the_list() -> None:
    shop = Hands()
    assert shop.says("out", waybill="SF1", carrier="SF", units={"C": 2}).refusal == ""
    assert shop.order().works[0].state != "handed_over" and shop.order().stage != "shipped"
    wrong = shop.says("out", waybill="SF2", carrier="SF", units={"C": 2})
    assert (wrong.refusal, wrong.particulars["left"]) == ("wrong_units", "C=1") and len(shop.order().parcels) == 1
    assert shop.says("out", waybill="SF2", carrier="SF", units={"C": 1}).refusal == ""
    assert [[i.quantity for i in p.items] for p in shop.order().parcels] == [[2], [1]]
    assert shop.order().stage == "shipped" and shop.levels[3, 3].on_hand == OPENING[3, 3] - 3
    assert [b["waybill"] for b in shop.sent("shipment")] == ["SF1", "SF2"] and not shop.opened()


def test_a_waybill_that_was_typed_wrong_is_corrected_even_when_a_stranger_s_parcel_moved_under_it() -> None:
    shop = Hands()
    shop.says("out", waybill="SF1", carrier="SF", units={"C": 1})
    shop.says("out", waybill="SF2", carrier="SF")
    mixed_up = shop.says("out", waybill="SF9", carrier="SF")
    assert (mixed_up.refusal, mixed_up.particulars["waybill"]) == ("out_already", "SF1, SF2")
    assert shop.says("out", waybill="SF9", carrier="SF", instead_of="sf 1").refusal == ""
    assert [p.waybill for p in shop.order().parcels] == ["SF9", "SF2"]
    assert shop.says("out", waybill="SF8", carrier="SF", instead_of="SF7").particulars["known"] == "SF9, SF2"
    shop.carrier_says(("in_transit", 0), parcel=1)
    assert shop.says("out", waybill="SF5", carrier="SF", instead_of="SF9").refusal == "parcel_moves"
    assert shop.says("out", waybill="SF5", carrier="SF", instead_of="SF9", reason="two digits swapped").refusal == ""
    corrected = shop.order().parcels[0]
    assert (corrected.waybill, corrected.state) == ("SF5", "label_ready")
    assert shop.sent("shipment")[-1]["waybill"] == "SF5" and "waybill_changed" not in shop.opened()


def test_a_waybill_that_was_pasted_twice_does_not_send_one_buyer_the_news_of_another_s_parcel() -> None:
    shop = Hands((("C", 1),))
    first = shop.order().works[0].number
    shop.channel_says(("C", 1), external="E1")
    shop.channel_says(("C", 1), external="E2")
    shop.orders[shop.order("E2").id] = replace_receiver(shop.order("E2"), "somebody else")
    second, third = (shop.order(name).works[0].number for name in ("E1", "E2"))
    assert shop.says("out", number=first, waybill="SF1", carrier="SF").refusal == ""
    assert shop.says("out", number=second, waybill="SF1", carrier="SF").refusal == "", "one buyer's orders share a box"
    refused = shop.says("out", number=third, waybill="SF1", carrier="SF")
    assert (refused.refusal, refused.particulars["waybill"]) == ("waybill_used", "SF1")
    assert not shop.order("E2").parcels
    assert shop.says("out", number=third, waybill="SF1", carrier="SF", reason="neighbours").refusal == ""


def test_a_waybill_may_follow_later() -> None:
    shop = Hands()
    shop.says("out")
    assert shop.sent("shipment") == []
    shop.says("out", waybill="SF1", carrier="顺丰速运")
    assert [b["waybill"] for b in shop.sent("shipment")] == ["SF1"] and len(shop.order().parcels) == 1


@pytest.mark.parametrize(("told", "code"), [
    ({"waybill": "SF1", "carrier": "没有这家"}, "unknown_carrier"), ({"waybill": "SF1"}, "no_carrier"),
    ({"waybill": "SF12345678 SF12345679", "carrier": "SF"}, "wrong_waybill"),
    ({"waybill": "9" * 65, "carrier": "SF"}, "wrong_waybill"),
    ({"waybill": "SF1\x00", "carrier": "SF"}, "wrong_waybill"), ({"reason": "x" * 1_001}, "wrong_reason"),
])
def test_what_cannot_be_a_waybill_is_refused_before_anything_is_written(told: dict[str, str], code: str) -> None:
    refused = report_of("N-1", "out", Shop().at, **told)
    assert isinstance(refused, Refusal) and refused.code == code

"""One buyer's orders leave in one parcel: who may, what is sealed, who leaves by itself, and what the channel hears."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from msgspec.structs import replace

from orderloom.application import commands as c
from orderloom.application.box_commands import AskLabel
from orderloom.application.work_commands import AcceptWork
from orderloom.domain.actor import person
from orderloom.domain.states import PaymentState
from tests.support.merging import LI, WANG, MergingShop
from tests.support.moves import sealed


def test_one_waybill_is_told_for_each_order_of_a_merge_and_its_delivery_completes_them_all() -> None:
    shop = MergingShop()
    works = shop.works()
    told = shop.merge(*works)
    assert told.refusal == "" and {shop.work(w).merge_no for w in works} == {told.particulars["merge"]}
    assert shop.says("out", works[1], waybill="SF3000", carrier="SF").refusal == ""
    assert {str(shop.work(w).state) for w in works} == {"handed_over"}
    assert sorted((b["external_id"], b["waybill"]) for b in shop.sent("shipment")) == [
        (f"E{n}", "SF3000") for n in range(3)]
    assert len({p.id for o in shop.orders.values() for p in o.parcels}) == 1, "it is one parcel"
    shop.carrier_says(("in_transit", 5), ("delivered", 0), external="E0")
    assert {o.stage for o in shop.orders.values()} == {"completed"} and not shop.opened()


def test_merging_again_changes_nothing_and_a_merge_grows() -> None:
    shop = MergingShop()
    first, second, third = shop.works()
    number = shop.merge(first, second).particulars["merge"]
    before = dict(shop.orders)
    assert shop.merge(second, first).particulars == {"merge": number, "moot": "yes"} and shop.orders == before
    assert shop.merge(third, second).particulars["merge"] == number
    assert {w.merge_no for _, w in shop.all_works()} == {number}


def test_two_merges_become_one() -> None:
    shop = MergingShop(4)
    a, b, x, y = shop.works()
    one, other = shop.merge(a, b).particulars["merge"], shop.merge(x, y).particulars["merge"]
    assert one != other and shop.merge(b, x).refusal == ""
    assert {w.merge_no for _, w in shop.all_works()} == {one}


def test_work_that_is_parted_goes_by_itself_and_the_others_stay_together() -> None:
    shop = MergingShop()
    works = shop.works()
    shop.merge(*works)
    assert shop.part(works[0]).refusal == "" and shop.work(works[0]).merge_no == ""
    assert shop.part(works[0]).refusal == "not_merged"
    shop.says("out", works[1], waybill="SF1", carrier="SF")
    assert [str(shop.work(w).state) for w in works] == ["allocated", "handed_over", "handed_over"]
    assert shop.merge(works[0], works[1]).refusal == "out_already"


def _another_buyer(shop: MergingShop, one: str) -> None:
    shop.merge_keys[shop.order("E1").id] = b"another"


def _unknown(shop: MergingShop, one: str) -> None:
    shop.merge_keys |= {o.id: None for o in shop.orders.values()}


def _cod(shop: MergingShop, one: str) -> None:
    shop.order("E1").payment = PaymentState.COD


def _elsewhere(shop: MergingShop, one: str) -> None:
    _change(shop, warehouse_id=1)


def _of_system(shop: MergingShop, one: str) -> None:
    _change(shop, account_id=2)


def _other_carriers(shop: MergingShop, one: str) -> None:
    for no, carrier in enumerate(("zhongtong", "yunda")):
        _change(shop, f"E{no}", carrier=carrier)


def _picked(shop: MergingShop, one: str) -> None:
    shop.says("picked", one)


def _labelled(shop: MergingShop, one: str) -> None:
    shop.labelled.add(one)


def _accepted(shop: MergingShop, one: str) -> None:
    shop.ask(AcceptWork(actor=LI, work_no=one))


def _cancelled(shop: MergingShop, one: str) -> None:
    shop.person(c.CancelOrder, "E1", reason="no more")


def _abroad(shop: MergingShop, one: str) -> None:
    for order in shop.orders.values():
        order.country = "DE"


def _another_shop(shop: MergingShop, one: str) -> None:
    shop.order("E1").account_id = 3


def _change(shop: MergingShop, external: str = "E1", **changed: Any) -> None:
    order = copy(shop.order(external))
    order.works = tuple([replace(w, **changed) for w in order.works])
    shop.orders[order.id] = order


@pytest.mark.parametrize(("happens", "refusal"), [
    (_another_buyer, "merge_differs receiver"), (_unknown, "merge_differs receiver"), (_cod, "merge_alone cod"),
    (_elsewhere, "merge_differs warehouse"), (_of_system, "has_system"), (_other_carriers, "merge_differs carrier"),
    (_picked, "merge_sealed picked"), (_labelled, "merge_sealed label"), (_accepted, "accepted_before"),
    (_cancelled, "work_cancelled"), (_abroad, "merge_alone border"), (_another_shop, "merge_differs shop"),
])
def test_what_may_not_leave_in_one_parcel_is_refused_with_its_reason(happens: Any, refusal: str) -> None:
    shop = MergingShop(2)
    works = shop.works()
    happens(shop, works[1])
    before = dict(shop.orders)
    told = shop.merge(*works)
    code, _, why = refusal.partition(" ")
    assert told.refusal == code and (not why or why in (told.particulars.get("by"), told.particulars.get("why")))
    assert shop.orders == before, "nothing has changed"


def test_a_merge_has_its_bounds_and_its_people() -> None:
    shop = MergingShop(2)
    works = shop.works()
    assert shop.merge(works[0]).refusal == "merge_too_few" and shop.merge(works[0], works[0]).refusal == "merge_too_few"
    assert shop.merge(works[0], "NOWHERE-1").refusal == "no_such_work"
    assert shop.merge(*works, by=person("zhao", "service")).refusal == "not_allowed"
    assert MergingShop(21).merge(*MergingShop(21).works()).refusal == "merge_too_much"


def test_who_has_begun_is_not_parted_and_a_label_that_was_given_back_opens_the_merge_again() -> None:
    shop = MergingShop(2)
    works = shop.works()
    shop.merge(*works)
    shop.labelled.add(works[0])
    assert shop.part(works[0]).refusal == "merge_sealed"
    shop.labelled.clear()
    assert shop.part(works[0]).refusal == ""


def test_who_is_cancelled_held_or_sent_elsewhere_leaves_by_itself_and_holds_nobody_up() -> None:
    for happens in (
        lambda shop: shop.person(c.CancelOrder, "E0", reason="no more"),
        lambda shop: shop.person(c.PlaceHold, "E0", type="fraud", reason="looks odd"),
        lambda shop: shop.person(c.AdjustReceiver, "E0", sealed=sealed(4), reason="moved", receiver=_somebody()),
    ):
        shop = MergingShop()
        works = shop.works()
        shop.merge(*works)
        happens(shop)
        assert shop.work(works[0]).merge_no == "" and len({shop.work(w).merge_no for w in works[1:]}) == 1
        assert shop.says("out", works[2], waybill="SF1", carrier="SF").refusal == ""
        assert not shop.order("E0").parcels and shop.order("E1").parcels and shop.order("E2").parcels


def test_a_waybill_that_comes_late_or_is_corrected_is_that_of_all() -> None:
    shop = MergingShop(2)
    works = shop.works()
    shop.merge(*works)
    shop.says("out", works[0])
    assert shop.says("out", works[0], waybill="SF1", carrier="SF").refusal == ""
    assert [[p.waybill for p in o.parcels] for o in shop.orders.values()] == [["SF1"], ["SF1"]]
    assert shop.says("out", works[1], waybill="SF2", carrier="SF", instead_of="SF1").refusal == ""
    assert [[p.waybill for p in o.parcels] for o in shop.orders.values()] == [["SF2"], ["SF2"]]


def test_a_box_that_holds_some_of_one_work_sends_no_other() -> None:
    shop = MergingShop(2, units=2)
    works = shop.works()
    shop.merge(*works)
    shop.says("out", works[0], waybill="SF1", carrier="SF", units={"C": 1})
    assert [len(o.parcels) for o in shop.orders.values()] == [1, 0]


def test_one_label_is_asked_for_with_the_goods_of_all() -> None:
    shop = MergingShop(2, units=2)
    works = shop.works()
    shop.merge(*works)
    answer = shop.ask(AskLabel(actor=WANG, work_no=works[1], box=1, purpose="out", account_id=3, account="KD",
                               carrier="shunfeng", weight_g=800))[0]
    assert isinstance(answer, c.Outcome) and answer.refusal == ""
    (label,) = shop.sent("label")
    assert [line["quantity"] for line in label["lines"]] == [2, 2] and label["worth"] == 4_000
    asked = [[entry.kind for entry in shop.log[o.id]].count("action_taken") for o in shop.orders.values()]
    assert asked == [1, 1], "each order's log says that its label was asked for"


def _somebody() -> Any:
    return c.Receiver(name="张三", phone="13800138000", country="CN", province="四川省", city="成都市", detail="一号")

"""What the outside is told is what was decided, once, with no receiver in the queue."""

from __future__ import annotations

from orderloom.application import commands as c
from tests.support.bench import Shop
from tests.support.moves import receiver, sealed


def test_a_warehouse_is_told_components_and_not_bundles() -> None:
    shop = Shop()
    shop.channel_says(("KIT", 2))
    told = {line["sku"]: line["quantity"] for body in shop.sent("work") for line in body["lines"]}
    assert told.get("A") == 4 and "KIT" not in told


def test_no_receiver_waits_in_the_queue() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), note="ring twice")
    [body] = shop.sent("work")
    assert "receiver" not in body and body["note"] == "ring twice" and body["warehouse"] == "HZ"


def test_work_that_was_held_back_leaves_once_the_order_is_free() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), hold="channel_forbids")
    assert shop.order().works and not shop.sent("work")
    shop.channel_says(("A", 2))
    shop.person(c.FindStock)
    assert len(shop.sent("work")) == 1


def test_a_work_that_never_left_is_dropped_without_asking_the_warehouse() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), hold="channel_forbids")
    shop.person(c.CancelOrder, reason="the buyer rang")
    assert not shop.sent("work_cancel") and shop.order().works[0].state == "cancelled"


def test_a_corrected_address_reaches_the_warehouse_that_knows_the_old_one() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.person(c.AdjustReceiver, receiver=receiver(4), sealed=sealed(4), reason="moved")
    assert [b["work_no"] for b in shop.sent("work")] == [shop.order().works[0].number] * 2
    assert shop.order().province == "四川省"


def test_an_addition_is_told_at_its_own_worth_and_not_at_that_of_the_whole_line() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.channel_says(("A", 4), payment="partially_paid", paid=2_000, is_paid=False)
    shop.channel_says(("A", 4))
    told = [(line["quantity"], line["price"], line["amount"]) for b in shop.sent("work") for line in b["lines"]]
    assert told == [(2, 1_000, 2_000), (2, 1_000, 2_000)]


def test_goods_that_are_sent_again_are_told_at_what_they_are_worth() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.carrier_says(("lost", 60))
    shop.person(c.ReshipParcel, reason="it is gone")
    told = [(line["quantity"], line["price"], line["amount"]) for b in shop.sent("work") for line in b["lines"]]
    assert told == [(2, 1_000, 2_000), (2, 1_000, 2_000)]


def test_an_address_cannot_be_changed_once_the_parcel_is_out() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    answer = shop.person(c.AdjustReceiver, receiver=receiver(4), sealed=sealed(4), reason="moved")
    assert isinstance(answer, c.Outcome) and answer.refusal == "too_late"
    assert answer.particulars["waybill"].startswith("SF")


def test_a_correction_of_a_receiver_that_has_changed_meanwhile_is_refused() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    looked_at = shop.order().receiver
    shop.person(c.AdjustReceiver, receiver=receiver(4), sealed=sealed(4), reason="moved")
    answer = shop.person(c.AdjustReceiver, receiver=receiver(1), sealed=sealed(1), reason="proposal", of=looked_at)
    assert isinstance(answer, c.Outcome) and answer.refusal == "receiver_changed"
    assert shop.order().receiver == sealed(4).digest


def declared(shop: Shop) -> list[list[tuple[int, int, int]]]:
    """(units, price, amount) of the lines of each piece of work, as the warehouses were told."""
    return [[(x["quantity"], x["price"], x["amount"]) for x in body["lines"]] for body in shop.sent("work")]


def test_goods_that_are_sent_again_from_another_warehouse_are_declared_at_their_full_value() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.levels[1, 1].on_hand = 0
    shop.levels[1, 3].on_hand = 0
    shop.carrier_says(("lost", 0))
    shop.person(c.ReshipParcel, reason="it is lost")
    assert [w.warehouse_id for w in shop.order().works] == [1, 2]
    assert declared(shop) == [[(2, 1_000, 2_000)], [(2, 1_000, 2_000)]]


def test_an_addition_from_the_same_warehouse_is_not_declared_at_the_value_of_the_whole_line() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.channel_says(("A", 3))
    assert declared(shop) == [[(2, 1_000, 2_000)], [(1, 1_000, 1_000)]]


def test_what_a_receiver_pays_at_the_door_is_told_to_the_warehouses_and_adds_up() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1), payment="cod", is_paid=False)
    order = shop.order()
    told = [body["to_collect"] for body in shop.sent("work")]
    assert told and sum(told) == order.total - order.paid > 0


def test_the_money_at_the_door_is_asked_for_again_with_goods_that_are_sent_again() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), payment="cod", is_paid=False)
    shop.warehouse_says("handed_over")
    shop.carrier_says(("lost", 60))
    shop.person(c.ReshipParcel, reason="it is gone")
    assert [body["to_collect"] for body in shop.sent("work")] == [shop.order().total] * 2


def test_nothing_is_asked_at_the_door_for_an_order_that_is_paid() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    assert [body["to_collect"] for body in shop.sent("work")] == [0]


def test_an_addition_is_asked_for_at_the_door_by_itself() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), payment="cod", is_paid=False)
    shop.warehouse_says("handed_over")
    shop.channel_says(("A", 3), payment="cod", is_paid=False)
    told = [body["to_collect"] for body in shop.sent("work")]
    assert len(told) == 2 and sum(told) == shop.order().total and told[0] == 2 * told[1]

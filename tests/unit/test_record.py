"""What a channel says of an order is taken in once, forwards only, and to the last unit."""

from __future__ import annotations

import pytest

from orderloom.application import commands as c
from orderloom.domain.actor import connector
from orderloom.domain.draft import Problem, Receiver, Said, StatedCharge, StatedRefund
from orderloom.testing.builders import a_draft, a_line
from tests.support.bench import OPENING, Shop
from tests.support.moves import CHANNEL, sealed

ALL_A = sum(units for (sku, _), units in OPENING.items() if sku == 1)


def test_old_news_never_takes_an_order_backwards() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    before = shop.order()
    draft = a_draft("E0", a_line("A", 9, 1_000), at=before.revision.replace(day=20), is_paid=False)
    shop.ask(c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=sealed(1),
                           received_at=shop.at))
    assert shop.order() is before


def test_the_same_revision_again_leaves_no_trace() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1))
    before = shop.order()
    shop.channel_says(("A", 2), ("B", 1), seconds=0)
    assert shop.order() is before and len(shop.sent("work")) == 1


def test_an_order_with_unknown_goods_waits_with_every_reason_at_once() -> None:
    shop = Shop()
    answer = shop.channel_says(("A", 1), ("X-1", 1), ("X-2", 1))
    assert isinstance(answer, tuple) and [p.key for p in answer] == ["sku:TB01:X-1", "sku:TB01:X-2"]
    assert all(isinstance(p, Problem) and p.code == "unknown_sku" and "|" in p.mend for p in answer)
    assert not shop.orders and shop.free(1) == ALL_A


def test_a_unit_without_a_factor_is_not_taken_for_one_piece() -> None:
    shop = Shop()
    draft = a_draft("E0", a_line("A", 1, unit="箱"))
    [answer] = shop.ask(c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=sealed(1),
                                      received_at=shop.at))
    assert isinstance(answer, tuple) and answer[0].key == "unit:A:箱"


@pytest.mark.parametrize(("bought", "then"), [(2, 5), (5, 2)])
def test_a_changed_quantity_keeps_the_old_goods_bound_until_the_warehouse_lets_go(bought: int, then: int) -> None:
    shop = Shop()
    shop.channel_says(("A", bought))
    shop.channel_says(("A", then))
    assert shop.order().works[0].state == "recalling"
    assert shop.free(1) == ALL_A - max(bought, then)
    shop.system_answers("work_cancel", 1)
    assert shop.free(1) == ALL_A - then
    live = [w for w in shop.order().works if w.state != "cancelled"]
    assert sum(i.quantity for w in live for i in w.items) == then
    assert shop.order().lines[0].fulfilled == then


def test_a_change_that_the_warehouse_refuses_loses_no_unit() -> None:
    shop = Shop()
    shop.channel_says(("A", 5))
    shop.channel_says(("A", 2))
    shop.system_answers("work_cancel", 1, error="isv.too_late")
    shop.warehouse_says("handed_over", 1)
    assert shop.free(1) == ALL_A - 5 and "cancel_too_late" in shop.opened()
    assert shop.order().lines[0].shipped == 2, "a line ships no more than was ordered of it"


def test_a_line_that_the_channel_took_away_is_neither_shipped_nor_charged() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1), is_paid=False)
    shop.channel_says(("A", 2), is_paid=False)
    gone = shop.order().lines[1]
    assert gone.is_closed and gone.amount == 0 and gone.open_quantity == 0
    assert {h.sku_id for h in shop.order().active_stock("reservation")} == {1}


def test_every_payment_and_refund_counts_once_though_the_balance_comes_back() -> None:
    shop = Shop()
    first, second = StatedRefund("R1", 1_500), StatedRefund("R2", 300)
    for refunds in ((), (first,), (first,), (first, second), (second, first)):
        shop.channel_says(("A", 2), refunds=refunds)
    assert [entry.amount for entry in shop.order().money] == [2_000, -1_500, -300]
    assert shop.order().refunded == 1_800 and len({entry.key for entry in shop.order().money}) == 3


def test_a_refund_stated_as_a_sum_is_not_added_to_when_its_ids_become_known() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), refunded=1_500)
    shop.channel_says(("A", 2), refunded=1_500, refunds=(StatedRefund("R1", 1_500),))
    shop.channel_says(("A", 2), refunded=1_800, refunds=(StatedRefund("R1", 1_500), StatedRefund("R2", 300)))
    assert [entry.amount for entry in shop.order().money] == [2_000, -1_500, -300]


def test_money_that_a_channel_no_longer_mentions_was_not_given_back() -> None:
    shop = Shop()
    for paid in (2_000, 500, 0):
        shop.channel_says(("A", 2), paid=paid)
    assert [entry.amount for entry in shop.order().money] == [2_000] and shop.order().paid == 2_000


def test_a_milestone_is_claimed_once_however_often_the_channel_repeats_it() -> None:
    shop = Shop()
    said = (Said("paid", "PAID", shop.at),)
    for note in ("", "leave it at the door"):
        shop.channel_says(("A", 1), said=said, note=note)
    assert [x.milestone for x in shop.order().claims] == ["paid"]


def test_an_order_that_was_cancelled_before_it_came_takes_nothing() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_cancelled=True)
    assert shop.order().stage == "cancelled" and shop.free(1) == ALL_A and not shop.sent("work")


def test_amounts_that_do_not_add_up_stop_the_order_until_they_do() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), total=2_500)
    assert shop.order().is_blocked("dispatch") and shop.free(1) == ALL_A
    assert "amount_mismatch" in shop.opened() and not shop.sent("work")
    shop.channel_says(("A", 2))
    assert not shop.order().is_blocked("dispatch")
    assert len(shop.sent("work")) == 1 and shop.free(1) == ALL_A - 2


def test_a_hold_that_the_channel_lifts_lets_the_order_go() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), hold="channel_forbids")
    assert not shop.sent("work") and shop.order().works[0].negotiation == "none"
    shop.channel_says(("A", 2))
    assert len(shop.sent("work")) == 1


def test_lines_without_amounts_of_their_own_share_the_total_to_the_last_cent() -> None:
    shop = Shop()
    shop.channel_says(("A", 1), ("B", 1), ("C", 1), discount=1, total=2_999)
    assert sum(line.amount for line in shop.order().lines) == 2_999


def test_an_address_corrected_by_a_person_outlives_the_channels_next_revision() -> None:
    shop = Shop()
    shop.channel_says(("A", 1))
    shop.person(c.AdjustReceiver, receiver=Receiver(name="李四"), sealed=sealed(2), reason="called the buyer")
    shop.channel_says(("A", 1), note="please hurry")
    assert shop.order().receiver == sealed(2).digest and shop.order().note == "please hurry"


def test_an_unsure_address_asks_a_person_once_and_not_again_after_the_correction() -> None:
    shop = Shop()
    vague = Receiver(province="北京市", city="北京市", detail="朝阳门外大街6号", is_unsure=True)
    shop.channel_says(("A", 1), receiver=vague)
    assert shop.opened() == {"address_unsure"}
    shop.person(c.AdjustReceiver, receiver=Receiver(name="李四"), sealed=sealed(4), reason="proposal accepted")
    known = len(shop.cases)
    shop.channel_says(("A", 1), receiver=vague)
    assert len(shop.cases) == known


def test_an_order_that_turns_out_to_be_paid_at_the_door_does_not_wait_for_money() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.channel_says(("A", 2), payment="cod", paid=0, is_paid=False)
    assert shop.order().stage == "paid" and len(shop.sent("work")) == 1


def test_an_order_of_which_an_unknown_part_is_out_is_not_sent_again() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), flags=("partly_shipped",))
    assert not shop.sent("work") and "partly_shipped" in shop.opened()


def test_a_revision_dated_years_ahead_does_not_make_a_true_cancellation_old_news() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), revision=shop.at.replace(year=2036), is_paid=False)
    shop.channel_says(("A", 2), is_cancelled=True, is_paid=False)
    assert shop.order().is_cancelled and shop.order().stage == "cancelled" and "from_the_future" in shop.opened()


def test_of_two_revisions_of_one_second_neither_takes_money_or_a_cancellation_back() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.channel_says(("A", 2), is_paid=False, seconds=0)
    assert shop.order().payment == "paid" and shop.order().refunded == 0 and len(shop.order().money) == 1
    shop.channel_says(("A", 2), is_cancelled=True, seconds=0)
    shop.channel_says(("A", 2), seconds=0)
    assert shop.order().is_cancelled


def test_an_unpaid_addition_waits_for_its_money_and_stops_no_parcel() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.channel_says(("A", 2), ("B", 1), payment="partially_paid", paid=2_000, is_paid=False)
    assert [w.state for w in shop.order().works] == ["allocated"] and shop.order().lines[1].unpaid == 1
    assert "addition_unpaid" in shop.opened() and len(shop.sent("work")) == 1 and not shop.sent("work_cancel")
    shop.channel_says(("A", 2), ("B", 1))
    assert [[i.line_no for i in w.items] for w in shop.order().works] == [[1], [2]] and not shop.sent("work_cancel")


def test_an_order_of_services_only_is_complete_once_it_is_paid() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False, lines=(a_line("insurance", kind="service", external_id="L1"),))
    assert shop.order().stage == "awaiting_payment" and shop.free(1) == ALL_A
    shop.channel_says(lines=(a_line("insurance", kind="service", external_id="L1"),))
    assert shop.order().stage == "completed" and not shop.sent("work")


@pytest.mark.parametrize("flag", ["no_receiver"])
def test_an_order_with_nobody_to_send_to_is_held_until_somebody_is_known(flag: str) -> None:
    shop = Shop()
    shop.channel_says(("A", 2), flags=(flag,))
    assert shop.order().standing_hold == flag and not shop.sent("work") and flag in shop.opened()
    shop.channel_says(("A", 2))
    assert not shop.order().standing_hold and len(shop.sent("work")) == 1


def test_what_the_channel_shipped_while_the_hub_held_it_is_called_back() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1))
    lines = (a_line("A", 2, 1_000, external_id="L1", fulfilled=2), a_line("B", 1, 1_000, external_id="L2"))
    shop.channel_says(lines=lines)
    assert shop.order().works[0].state == "recalling" and [line.elsewhere for line in shop.order().lines] == [2, 0]
    shop.system_answers("work_cancel")
    assert [[i.line_no for i in w.items] for w in shop.order().works if w.state != "cancelled"] == [[2]]


def test_what_we_shipped_ourselves_and_the_channel_repeats_is_not_taken_for_somebody_elses() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.channel_says(lines=(a_line("A", 2, 1_000, external_id="L1", fulfilled=2),))
    assert shop.order().lines[0].elsewhere == 0 and len(shop.order().parcels) == 1 and not shop.sent("work_cancel")


def test_a_file_without_a_time_that_knows_less_than_we_do_changes_nothing_and_a_case_asks() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), note="leave it at the door")
    shop.channel_says(("A", 3), note="old", is_paid=False, is_revision_assumed=True)
    order = shop.order()
    assert (order.payment, order.note, order.lines[0].ordered) == ("paid", "leave it at the door", 2)
    assert "payment_went_back" in shop.opened() and len(order.money) == 1


def test_of_two_charges_of_one_name_the_one_that_is_gone_costs_nothing() -> None:
    shop = Shop()
    for fees in ((500, 300), (500,), (500, 300), (300,)):
        total = 1_000 + sum(fees)
        shop.channel_says(("A", 1), total=total, paid=total, charges=tuple(StatedCharge("fee", n) for n in fees))
        amounts = [charge.amount for charge in shop.order().charges]
        assert len(amounts) == 2 and sum(amounts) == sum(fees), "a row of an order is never taken away"

"""Gifts that rules state: who gets which, from where, what of them the channel sees, and when they are withdrawn."""

from __future__ import annotations

import pytest

from orderloom.application import commands as c
from orderloom.application.batch import Buyer
from orderloom.domain.actor import connector
from orderloom.domain.lifecycle import GuardFailed
from orderloom.domain.rule_traits import SeenByRules, traits_for_rules
from orderloom.domain.states import WorkState
from orderloom.testing.builders import a_draft, a_line
from tests.support.gift_shop import GiftShop
from tests.support.moves import CHANNEL, sealed

OVER = "  - {id: over, when: {goods: '>= 2000'}, then: {gift: C, units: 2}}\n"
ONCE = "  - {id: once, then: {gift: C, once_per_buyer: true}}\n"
KIT = "  - {id: kit, then: {gift: KIT}}\n"


def test_an_order_that_comes_to_enough_gets_its_gift_from_where_its_goods_come() -> None:
    shop = GiftShop(OVER)
    shop.channel_says(("B", 2))
    [gift] = shop.gifts()
    assert (gift.sku_external, gift.ordered, gift.external_id) == ("C", 2, "gift:more/over")
    [work] = shop.order().works
    assert work.warehouse_id == 1 and [(i.line_no, i.quantity) for i in work.items] == [(1, 2), (2, 2)]
    [fact] = shop.told()
    [decision] = fact.decisions
    assert (decision.place, decision.rule, decision.version) == ("review", "more", 1)
    assert [row.row for row in decision.rows] == ["over"] and decision.traits == {"goods": 2000}
    shop.channel_says(("B", 1), external="E1")
    assert not shop.gifts("E1") and not shop.told("E1")


def test_an_order_that_is_not_paid_gets_nothing_yet() -> None:
    shop = GiftShop(OVER)
    shop.channel_says(("B", 2), is_paid=False)
    assert not shop.gifts() and not shop.told()
    shop.channel_says(("B", 2))
    assert shop.gifts()


@pytest.mark.parametrize("hit, given", [("first", ["C"]), ("every", ["C", "A"])])
def test_the_first_row_alone_or_every_row_gives_and_what_lost_is_told(hit: str, given: list[str]) -> None:
    shop = GiftShop("  - {id: a, when: {goods: '> 1'}, then: {gift: C}}\n  - {id: b, then: {gift: A}}\n", hit)
    shop.channel_says(("B", 1))
    assert [line.sku_external for line in shop.gifts()] == given
    assert shop.told()[0].decisions[0].candidates == (("b",) if hit == "first" else ())


def test_a_gift_that_is_not_there_is_left_out_with_a_note_and_the_order_goes() -> None:
    shop = GiftShop("  - {id: much, then: {gift: C, units: 99}}\n")
    shop.channel_says(("B", 2))
    assert not shop.gifts() and shop.left_out() == ["short"]
    assert shop.order().works and not shop.order().is_short and not shop.open_cases("short_stock")


def test_a_gift_in_another_warehouse_sends_no_goods_elsewhere_and_no_second_parcel() -> None:
    shop = GiftShop("  - {id: one, then: {gift: C}}\n")
    shop.levels[3, 1].on_hand = 0
    shop.channel_says(("B", 1))
    assert shop.left_out() == ["short"] and [work.warehouse_id for work in shop.order().works] == [1]
    shop.channel_says(("A", 7), external="E1")  # so many lie in warehouse 2 alone
    assert shop.gifts("E1") and [work.warehouse_id for work in shop.order("E1").works] == [2]


def test_a_row_that_says_so_lets_the_order_wait_for_its_gift() -> None:
    shop = GiftShop("  - {id: must, then: {gift: C, units: 20, waits: true}}\n")
    shop.channel_says(("B", 1))
    assert shop.order().is_short and not shop.order().works and shop.open_cases("short_stock")
    shop.levels[3, 1].on_hand += 20
    shop.person(c.FindStock)
    [work] = shop.order().works
    assert sorted(i.quantity for i in work.items) == [1, 20] and not shop.open_cases("short_stock")


def test_a_gift_is_given_only_while_enough_is_left_to_sell() -> None:
    shop = GiftShop("  - {id: keep, then: {gift: C, keep: 17}}\n")  # 18 are there
    shop.channel_says(("B", 1))
    shop.channel_says(("B", 1), external="E1")
    assert shop.gifts() and shop.left_out("E1") == ["kept_back"] and shop.free(3) == 17


def test_a_buyer_gets_once_what_is_given_once_and_again_when_that_order_came_to_nothing() -> None:
    shop = GiftShop(ONCE)
    shop.buyers["E2"], shop.buyers["E3"] = Buyer(b"b2", 0), Buyer(None, None)
    for external in ("E0", "E1", "E2", "E3"):
        shop.channel_says(("B", 1), external=external)
    assert [len(shop.gifts(one)) for one in ("E0", "E1", "E2", "E3")] == [1, 0, 1, 0]
    assert shop.left_out("E1") == ["had_before"] and shop.left_out("E3") == ["buyer_unknown"]
    shop.person(c.CancelOrder, reason="changed their mind")
    shop.system_answers("work_cancel")
    assert shop.free(3) == 17
    shop.channel_says(("B", 1), external="E4")
    assert len(shop.gifts("E4")) == 1


def test_two_orders_of_one_buyer_in_one_batch_get_one_gift() -> None:
    shop = GiftShop(ONCE)
    shop.ask(*[c.RecordOrder(
        actor=connector("TB01"), account_id=CHANNEL, sealed=sealed(1), received_at=shop.at,
        draft=a_draft(external, a_line("B", 1, 1_000, external_id="L1"), at=shop.at),
    ) for external in ("E0", "E1")])
    assert [len(shop.gifts(one)) for one in ("E0", "E1")] == [1, 0] and shop.left_out("E1") == ["had_before"]


def test_a_first_order_is_told_by_what_was_before() -> None:
    shop = GiftShop("  - {id: first, when: {orders_before: 0}, then: {gift: C}}\n")
    shop.buyers |= {"E1": Buyer(b"b1", 1), "E2": Buyer(b"b1", None)}
    for external in ("E0", "E1", "E2"):
        shop.channel_says(("B", 1), external=external)
    assert [len(shop.gifts(one)) for one in ("E0", "E1", "E2")] == [1, 0, 0]


def test_a_gift_that_the_channel_sent_as_a_line_is_not_given_twice() -> None:
    shop = GiftShop("  - {id: one, then: {gift: C}}\n")
    lines = a_line("B", 1, 1_000, external_id="L1"), a_line("C", 1, 0, external_id="L2")
    shop.channel_says(lines=lines)
    assert not shop.gifts() and shop.left_out() == ["already_there"]
    shop.channel_says(("B", 1), ("C", 1), external="E1")  # bought, not given
    assert shop.gifts("E1")


def test_a_gift_whose_cause_is_cancelled_is_withdrawn_before_the_warehouse_begins() -> None:
    shop = GiftShop(OVER)
    shop.channel_says(("B", 2))
    free = shop.free(3)
    shop.channel_says(("B", 1))  # one unit is cancelled: the works are called back
    assert shop.gifts(), "it is in work as long as the warehouse has not given it back"
    shop.system_answers("work_cancel")
    assert not shop.gifts() and shop.free(3) == free + 2
    assert [(fact.withdrawn, fact.why) for fact in shop.told()[1:]] == [((2,), "cause_gone")]
    [live] = [w for w in shop.order().works if w.state is not WorkState.CANCELLED]
    assert [(i.line_no, i.quantity) for i in live.items] == [(1, 1)]
    shop.channel_says(("B", 3))
    shop.system_answers("work_cancel", work=2)
    assert [line.no for line in shop.gifts()] == [2], "the same line stands again"


def test_a_gift_that_lost_its_stock_with_its_work_holds_nothing_up() -> None:
    shop = GiftShop(OVER)
    shop.channel_says(("B", 2))
    shop.channel_says(("B", 3))
    shop.levels[3, 1].frozen = shop.levels[3, 1].safety = 2  # its units are found to be broken while they come back
    shop.system_answers("work_cancel")
    assert not shop.order().is_short and not shop.gifts() and shop.told()[-1].why == "short"
    live = [w for w in shop.order().works if w.state is not WorkState.CANCELLED]
    assert sorted((i.line_no, i.quantity) for w in live for i in w.items) == [(1, 1), (1, 2)]


def test_a_revision_of_the_channel_leaves_gifts_as_they_are() -> None:
    shop = GiftShop(OVER)
    shop.channel_says(("B", 2))
    shop.channel_says(("B", 2), native="still paid")
    [gift] = shop.gifts()
    assert len(shop.order().lines) == 2 and gift.fulfilled == 2 and len(shop.order().works) == 1


def test_a_person_cannot_change_a_gift_and_may_change_the_rest() -> None:
    shop = GiftShop(OVER)
    shop.channel_says(("B", 2))
    refused = shop.person(c.ChangeLines, reason="r", wishes=(c.LineWish(2, quantity=5),))
    assert isinstance(refused, c.Outcome) and refused.refusal == "gift_line"
    shop.person(c.ChangeLines, reason="r", wishes=(c.LineWish(1, quantity=1),))
    assert shop.order().total == 1_000 and shop.gifts()
    shop.channel_says(("B", 2), total=2_000)  # what it said before the change: that stands
    assert [line.ordered for line in shop.order().lines] == [1, 2]


def test_the_channel_is_told_of_its_own_lines_only() -> None:
    shop = GiftShop(KIT)
    shop.channel_says(("B", 1))
    shop.warehouse_says("handed_over")
    [told] = shop.sent("shipment")
    assert [line["external_line_id"] for line in told["lines"]] == ["L1"] and not told["is_partial"]
    [gift] = shop.gifts()
    assert gift.shipped == 1 and shop.order().total == 1_000


def test_a_code_that_nobody_knows_gives_nothing_and_stops_nothing() -> None:
    shop = GiftShop("  - {id: slip, then: {gift: NO-SUCH}}\n")
    shop.channel_says(("B", 1))
    assert shop.left_out() == ["unknown_sku"] and shop.order().works


def test_an_amount_that_the_engine_could_not_keep_whole_is_refused_and_not_rounded() -> None:
    shop = GiftShop(OVER)
    shop.channel_says(lines=(a_line("B", 1, 2**53, external_id="L1"),))
    assert not shop.gifts() and shop.left_out() == ["beyond"] and shop.order().works
    with pytest.raises(GuardFailed, match="9007199254740992"):
        traits_for_rules(SeenByRules(shop.order(), "taobao", "TB01", {}), ["goods"])
    none = GiftShop("  - {id: one, when: {quantity: 1}, then: {gift: C}}\n")
    none.channel_says(lines=(a_line("B", 1, 2**53, external_id="L1"),))
    assert none.gifts(), "a rule that asks for no amount is not in its way"


def test_an_addition_that_is_not_paid_brings_no_gift_yet() -> None:
    shop = GiftShop("  - {id: a, when: {skus: A}, then: {gift: C}}\n")
    shop.channel_says(("B", 1))
    shop.channel_says(("B", 1), ("A", 1), total=2_000, paid=1_000, payment="partially_paid")
    assert not shop.gifts()
    shop.channel_says(("B", 1), ("A", 1))
    assert shop.gifts()

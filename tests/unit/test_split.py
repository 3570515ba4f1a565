"""An order that was split at the channel and its parts are never both sent, whichever comes first."""

from __future__ import annotations

import pytest

from orderloom.application import commands as c
from orderloom.domain.actor import connector
from orderloom.testing.builders import a_draft, a_line
from tests.support.bench import Shop
from tests.support.moves import CHANNEL, sealed


def both(shop: Shop, *, is_part_first: bool) -> None:
    """The order P, and C that was split off from it."""
    steps = [lambda: shop.channel_says(("A", 2), external="P"),
             lambda: shop.channel_says(("A", 2), external="C", parent_external_id="P")]
    for step in reversed(steps) if is_part_first else steps:
        step()


def going(shop: Shop) -> int:
    """Works that a warehouse is to send, for whichever order."""
    return sum([w.state.is_forward for o in shop.orders.values() for w in o.works])


@pytest.mark.parametrize("is_part_first", [True, False])
def test_neither_is_sent_until_a_person_has_looked(*, is_part_first: bool) -> None:
    shop = Shop()
    both(shop, is_part_first=is_part_first)
    assert going(shop) == 0, "the one that was under way is called back"
    assert {shop.order("P").standing_hold, shop.order("C").standing_hold} == {"split_at_channel"}
    assert sorted(shop.open_cases("split_at_channel")) == ["C", "P"]


@pytest.mark.parametrize("is_part_first", [True, False])
@pytest.mark.parametrize("by_whom", ["person", "channel"])
@pytest.mark.parametrize("cancelled", ["P", "C"])
def test_once_one_is_cancelled_the_other_goes_by_itself(cancelled: str, by_whom: str, *, is_part_first: bool) -> None:
    shop = Shop()
    both(shop, is_part_first=is_part_first)
    parent = {"parent_external_id": "P"} if cancelled == "C" else {}
    shop.system_answers("work_cancel", external="C" if is_part_first else "P")
    if by_whom == "person":
        shop.person(c.CancelOrder, external=cancelled, reason="split")
    else:
        shop.channel_says(("A", 2), external=cancelled, is_cancelled=True, **parent)
    left = shop.order("C" if cancelled == "P" else "P")
    assert going(shop) == 1 and left.works[-1].state.is_forward
    assert not shop.open_cases("split_at_channel")


def test_a_part_of_what_has_left_already_waits() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), external="P")
    shop.warehouse_says("handed_over", external="P")
    shop.channel_says(("A", 2), external="C", parent_external_id="P")
    assert going(shop) == 1, "what left, and no more"
    assert shop.order("C").standing_hold and not shop.order("P").standing_hold


def test_parts_of_an_order_that_never_came_are_orders_like_any_other() -> None:
    shop = Shop()
    shop.channel_says(("A", 1), external="C1", parent_external_id="P")
    shop.channel_says(("A", 1), external="C2", parent_external_id="P")
    assert going(shop) == 2 and "split_at_channel" not in shop.opened()


def test_parts_of_a_cancelled_order_go() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), external="P", is_cancelled=True)
    shop.channel_says(("A", 2), external="C", parent_external_id="P")
    assert going(shop) == 1


def test_a_person_may_send_both_and_is_not_asked_again() -> None:
    shop = Shop()
    both(shop, is_part_first=True)
    for name in ("P", "C"):
        shop.person(c.ReleaseHold, external=name, hold_no=1, reason="the order kept a part")
    shop.channel_says(("A", 2), external="P", note="by the door")
    assert not shop.order("P").standing_hold and not shop.order("C").standing_hold
    assert not shop.open_cases("split_at_channel")


@pytest.mark.parametrize("is_part_first", [True, False])
def test_both_in_one_batch_are_seen(*, is_part_first: bool) -> None:
    shop = Shop()
    drafts = [a_draft("P", a_line("A", 2), at=shop.at),
              a_draft("C", a_line("A", 2), at=shop.at, parent_external_id="P")]
    shop.ask(*[
        c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=sealed(1), received_at=shop.at)
        for draft in (reversed(drafts) if is_part_first else drafts)
    ])
    assert going(shop) == 0 and shop.order("P").standing_hold and shop.order("C").standing_hold

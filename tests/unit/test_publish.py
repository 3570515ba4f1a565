"""Channels are shown what may be sold, never more, and hear only of what changed."""

from __future__ import annotations

import msgspec

from orderloom.application.publish import (
    Fact,
    Listener,
    Listing,
    Offered,
    event_deliveries,
    grams,
    joined,
    pairs,
    shown,
    stock_deliveries,
)
from orderloom.domain.inventory.shown import Available
from orderloom.testing.clock import STORY_BEGINS
from tests.support.bench import directory, goods

KIT, A, B = 4, 1, 2


def listed(sku: int = A, **changes: int) -> Listing:
    return msgspec.structs.replace(Listing(1, f"tb-{sku}", sku, 1, {"num_iid": 7}), **changes)


def offered(free: dict[int, int]) -> Offered:
    return Offered({sku: Available(units) for sku, units in free.items()})


def test_a_bundle_shows_what_its_scarcest_part_allows() -> None:
    assert shown(listed(KIT), offered({A: 9, B: 3}), directory(), goods()) == 3
    assert shown(listed(KIT), offered({A: 5, B: 3}), directory(), goods()) == 2
    assert shown(listed(KIT), offered({A: 5}), directory(), goods()) == 0


def test_an_oversold_sku_is_shown_as_sold_out() -> None:
    assert shown(listed(), offered({A: -4}), directory(), goods()) == 0


def test_a_box_is_shown_only_when_it_is_full() -> None:
    assert shown(listed(factor=12), offered({A: 35}), directory(), goods()) == 2


def test_a_campaign_of_another_shop_is_not_shown_here() -> None:
    kept = {(1, A): 10, (2, A): 50, (0, A): 20}
    assert shown(listed(), Offered({A: Available(21)}, kept), directory(), goods()) == 30


def test_a_channel_hears_of_a_figure_once_until_it_changes() -> None:
    units = offered({A: 5, B: 6})
    deliveries, told = stock_deliveries([listed(), listed(B)], units, {(1, "tb-1"): 5}, directory(), goods())
    assert told == [(1, "tb-2", 6)]
    assert [f["quantity"] for d in deliveries for f in d.body["figures"]] == [6]


def test_figures_of_one_sku_stay_in_one_stream_so_that_an_old_one_never_overtakes() -> None:
    def keys(units: int) -> dict[str, str]:
        free = offered({1: units, 2: units, 3: units})
        found, _ = stock_deliveries([listed(sku) for sku in (1, 2, 3)], free, {}, directory(), goods())
        return {f["sku_external"]: d.order_key for d in found for f in d.body["figures"]}
    assert keys(5) == keys(7) and len(keys(5)) == 3


def test_a_delivery_never_holds_more_figures_than_a_platform_takes() -> None:
    many = [msgspec.structs.replace(listed(), sku_external=f"tb-{n}") for n in range(3_000)]
    deliveries, told = stock_deliveries(many, offered({A: 5}), {}, directory(), goods())
    assert max(len(d.body["figures"]) for d in deliveries) <= 20 and len(told) == 3_000


def test_of_figures_that_wait_the_newer_one_is_told_alone() -> None:
    def figure(name: str, units: int) -> dict[str, object]:
        return {"sku_external": name, "quantity": units}
    assert joined([figure("a", 5), figure("b", 6)], [figure("a", 4)]) == [figure("a", 4), figure("b", 6)]
    assert joined([figure(f"{n}", 1) for n in range(20)], [figure("new", 1)]) is None


def test_subscribers_hear_of_each_fact_in_the_orders_own_sequence() -> None:
    facts = [Fact("o1", "N1", n, "stage_moved", STORY_BEGINS, "taobao", "paid") for n in (1, 2)]
    found = event_deliveries(facts, [Listener(8, frozenset(), None), Listener(9, frozenset(), frozenset({"o1"}))])
    assert [(d.account_id, d.order_key, d.body["data"]["seq"]) for d in found] == [
        (8, "o1", 1), (9, "o1", 1), (8, "o1", 2), (9, "o1", 2),
    ]  # fmt: skip
    assert "receiver" not in str(found[0].body)
    assert event_deliveries(facts, [Listener(8, frozenset(), frozenset())]) == []


def test_any_two_letters_of_a_document_find_it_in_any_language() -> None:
    assert set(grams("马克杯")) <= set(grams("红色马克杯 大号")) and "杯 " not in grams("马克杯 大号")
    assert grams("AbC") == ["ab", "bc"]
    assert len(pairs("AbC 马克杯 😀😁")) == 5 and set(pairs("克杯")) < set(pairs("马克杯"))
    assert all(-(1 << 31) <= pair < 1 << 31 for pair in pairs("\uffff\uffff 😀😁 ab 龥龥"))

"""Who decides what of an account: what is another's is not told by the hub, and its word is no command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from msgspec.structs import replace

from orderloom.application import commands as c
from orderloom.application.publish import Listing, Offered, stock_deliveries
from orderloom.domain.inventory.shown import Available
from orderloom.domain.masters import MASTERS, changed, master_of, masters_of
from orderloom.domain.refusal import Refusal
from orderloom.testing.builders import a_draft, a_line, a_receiver
from tests.support import bench
from tests.support.bench import Shop, directory, goods
from tests.support.moves import CHANNEL


@contextmanager
def mastered(**masters: str) -> Iterator[None]:
    """The channel's account has these masters for as long as the block."""
    known = directory()
    settings = {"master": masters}
    accounts = {**known.accounts, CHANNEL: replace(known.accounts[CHANNEL], settings=settings)}
    before = bench.directory
    bench.directory = lambda: replace(known, accounts=accounts)  # type: ignore[assignment]
    try:
        yield
    finally:
        bench.directory = before


@pytest.mark.parametrize("settings", [{}, {"master": None}, {"master": "hub"}, {"master": {"stock": "me"}}])
def test_who_said_nothing_of_sense_has_the_usual_masters(settings: dict[str, Any]) -> None:
    assert masters_of(settings) == {"stock": "hub", "shipping": "hub", "receiver": "channel", "refund": "hub"}
    assert master_of({"master": {"stock": "system"}}, "stock") == "system"


@pytest.mark.parametrize(("given", "code"), [
    ({"stok": "hub"}, "unknown_thing"), ({"price": "hub"}, "unknown_thing"), ({"receiver": "system"}, "unknown_master"),
])
def test_what_cannot_be_set_is_refused(given: dict[str, str], code: str) -> None:
    found = changed({}, given)
    assert isinstance(found, Refusal) and found.code == code and found.particulars["known"]


def test_what_is_not_named_stays() -> None:
    assert changed({"master": {"shipping": "system"}}, {"stock": "channel"}) == {
        "stock": "channel", "shipping": "system", "receiver": "channel", "refund": "hub"}
    assert set(MASTERS) == {"stock", "shipping", "receiver", "refund"}


@pytest.mark.parametrize(("master", "told"), [("hub", 1), ("channel", 0), ("system", 0)])
def test_stock_that_another_decides_is_never_told(master: str, told: int) -> None:
    with mastered(stock=master):
        deliveries, figures = stock_deliveries(
            [Listing(CHANNEL, "A", 1, 1, {})], Offered({1: Available(5)}), {}, bench.directory(), goods())
    assert (len(deliveries), len(figures)) == (told, told)


@pytest.mark.parametrize(("master", "told"), [("hub", 1), ("channel", 0)])
def test_a_shipment_that_another_tells_is_not_told_twice(master: str, told: int) -> None:
    with mastered(shipping=master):
        shop = Shop()
        shop.channel_says(("A", 2))
        shop.warehouse_says("handed_over")
        assert len(shop.sent("shipment")) == told
        assert shop.order().parcels, "it left all the same"


@pytest.mark.parametrize(("master", "stands"), [("hub", True), ("channel", False)])
def test_a_corrected_receiver_stands_where_the_hub_is_master(master: str, *, stands: bool) -> None:
    with mastered(receiver=master):
        shop = Shop()
        shop.channel_says(("A", 2))
        corrected = replace(bench.sealed(1), digest="corrected")
        shop.person(c.AdjustReceiver, receiver=a_receiver(), sealed=corrected, reason="the buyer rang")
        shop.at = shop.at.replace(microsecond=1)
        draft = a_draft("E0", a_line("A", 2, 1_000, external_id="L1"), at=shop.at)
        shop.ask(c.RecordOrder(actor=bench.connector("TB01"), account_id=CHANNEL, draft=draft, received_at=shop.at,
                               sealed=replace(bench.sealed(1), digest="another place")))
        assert (shop.order().receiver == "corrected") is stands
        assert ("receiver_kept" in shop.opened()) is stands

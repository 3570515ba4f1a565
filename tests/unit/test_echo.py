"""What the hub wrote to a system that is a source of orders as well does not become a second order."""

from __future__ import annotations

import pytest

from orderloom.application.commands import Outcome, RecordOrder
from orderloom.application.sort import Landed, sort
from orderloom.domain.actor import connector
from orderloom.domain.number import order_number_in
from orderloom.testing.builders import a_draft, a_line
from tests.support.bench import Shop, directory
from tests.support.moves import WMS, sealed
from tests.unit.test_credit import Told


def erp_says(shop: Shop, external: str, echo_of: str = "", account_id: int = WMS) -> Outcome:
    """An order of another source, as its message becomes a command."""
    draft = a_draft(external, a_line("A", 2), at=shop.at, echo_of=echo_of)
    landed = Landed("m1", account_id, "order", shop.at, b"{}", {})
    found = sort([landed], directory(), Told(draft), lambda *_: sealed(1))
    (command,) = found.commands
    assert isinstance(command, RecordOrder)
    (outcome,) = shop.ask(command)
    assert isinstance(outcome, Outcome)
    return outcome


@pytest.mark.parametrize("form", ["number", "work", "named number", "named work", "channel's id"])
def test_an_order_that_comes_back_is_the_same_order(form: str) -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    own = shop.order()
    number = {"number": own.number, "work": own.works[0].number, "named number": own.number,
              "named work": own.works[0].number, "channel's id": "E0"}[form]
    is_own_id = form in ("number", "work")
    outcome = erp_says(shop, number, "") if is_own_id else erp_says(shop, "SO-9", number)
    assert outcome.order_id == own.id and len(shop.orders) == 1 and len(shop.sent("work")) == 1
    assert ("WMS", "paid") in {(x.system, x.milestone) for x in shop.order().claims}, "kept as that system's word"
    events = shop.order().event_count
    erp_says(shop, number, "") if is_own_id else erp_says(shop, "SO-9", number)
    assert shop.order().event_count == events


def test_an_order_of_its_own_is_taken() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    erp_says(shop, "SO-9", "E7")
    erp_says(shop, "E0")
    assert len(shop.orders) == 3, "the same id in another shop is another order unless the source says otherwise"


def test_an_id_that_two_shops_have_is_guessed_at_by_nobody() -> None:
    shop = Shop()
    shop.channel_says(("A", 1), external="7")
    shop.at = shop.at.replace(microsecond=1)
    draft = a_draft("7", a_line("A", 1), at=shop.at)
    shop.ask(RecordOrder(actor=connector("KD"), account_id=3, draft=draft, sealed=sealed(1), received_at=shop.at))
    erp_says(shop, "SO-1", "7")
    assert len(shop.orders) == 3


@pytest.mark.parametrize(("text", "number"), [
    ("TB01-261122-0K3F9QX2-7", ""), ("", ""), ("123-4567890-1234567", ""), ("SO-9", ""), ("x" * 128, ""),
])
def test_only_numbers_of_ours_are_taken_for_ours(text: str, number: str) -> None:
    assert order_number_in(text) == number


def test_a_number_of_ours_is_known_by_its_check_character() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    own = shop.order().number
    assert order_number_in(own) == order_number_in(f"{own}-12") == own
    assert order_number_in(own[:-1] + ("0" if own[-1] != "0" else "1")) == ""

"""A return told among the orders is shown at the order that it names, where somebody who serves the buyer looks."""

from __future__ import annotations

import msgspec

from orderloom.application.change import Change
from orderloom.application.commands import HearCredit
from orderloom.application.sort import Landed, Sorted, sort, what_became
from orderloom.application.translate import Reader
from orderloom.domain.draft import Draft
from orderloom.testing.builders import a_draft, a_line
from tests.support.bench import Shop, directory
from tests.support.moves import sealed


class Told:
    """Stands for a mapping that reads one draft out of everything."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def of(self, connector: str) -> Reader:
        return self

    def read(self, *_: object) -> list[Draft]:
        return [self.draft]


def heard(shop: Shop, names: str) -> tuple[Change, str]:
    """What becomes of a credit note against an order."""
    note = msgspec.structs.replace(a_draft("R1", a_line(quantity=-1), at=shop.at), total=-10_000,
                                   parent_external_id=names)  # fmt: skip
    message = Landed("m1", 1, "trade", shop.at, b"{}", {})
    found: Sorted = sort([message], directory(), Told(note), lambda *_: sealed(1))
    assert [type(command) for command in found.commands] == [HearCredit] * bool(names)
    change = Change()
    (settled,) = what_became([message], found, shop.ask(*found.commands) if names else [], change, directory(), shop.at)
    return change, settled.outcome


def test_a_credit_note_stands_at_the_order_that_it_names() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    change, outcome = heard(shop, "E0")
    assert [(x.kind, x.order_id) for x in change.cases] == [("credit_note", shop.order().id)] and outcome == "parked"


def test_a_credit_note_against_an_order_that_is_not_known_or_not_named_waits_all_the_same() -> None:
    shop = Shop()
    for names in ("E7", ""):
        change, outcome = heard(shop, names)
        assert [(x.kind, x.order_id) for x in change.cases] == [("credit_note", None)] and outcome == "parked"

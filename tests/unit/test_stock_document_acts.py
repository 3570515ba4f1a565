"""What a document holds against its limits, when a count is agreed on, what is refused: no stock moves by mistake."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orderloom.domain.inventory import document_acts as acts
from orderloom.domain.inventory.count import UnitsTold, asks, is_slip
from orderloom.domain.inventory.document import CountMade, StockDocument, StockLine
from orderloom.domain.inventory.document_limits import DocumentLimits, SkuCost, weigh
from orderloom.domain.inventory.document_states import DocumentKind, DocumentState
from orderloom.domain.inventory.level import Level
from orderloom.domain.refusal import Refusal

AT = datetime(2026, 11, 28, tzinfo=UTC)
HELD = frozenset({DocumentKind.ADJUSTMENT, DocumentKind.COUNT, DocumentKind.SCRAP})
LIMITS = DocumentLimits(HELD, 500, 500_000, "CNY", ("boss",), 5, 259_200)
CNY = SkuCost(1_000, "CNY")


def a_document(kind: DocumentKind = DocumentKind.ADJUSTMENT, *quantities: int, **more: object) -> StockDocument:
    lines = tuple([StockLine(no, no, 1, units) for no, units in enumerate(quantities, start=1)])
    return StockDocument(**({"number": "D-1", "kind": kind, "maker": "li", "reason": "r", "opened_at": AT,  # type: ignore[arg-type]
                             "changed_at": AT, "lines": lines} | more))


def ground(document: StockDocument, by: str = "li", roles: tuple[str, ...] = (), **levels: int) -> acts.DocumentGround:
    found = {key: Level(*key, **levels) for key in document.levels}
    return acts.DocumentGround(document, found, by, frozenset(roles), AT, {1: CNY}, LIMITS)


@pytest.mark.parametrize("kind, quantities, costs, held, why", [
    (DocumentKind.ADJUSTMENT, (500,), {}, False, ""),
    (DocumentKind.ADJUSTMENT, (-501,), {}, True, "units"),
    (DocumentKind.ADJUSTMENT, (-300, 300), {}, True, "units"),
    (DocumentKind.ADJUSTMENT, (500,), {1: CNY}, False, ""),
    (DocumentKind.SCRAP, (251, 250), {1: SkuCost(2_000, "CNY")}, True, "units"),
    (DocumentKind.SCRAP, (251,), {1: SkuCost(2_000, "CNY")}, True, "amount"),
    (DocumentKind.SCRAP, (1,), {1: SkuCost(1, "USD")}, True, "currency"),
    (DocumentKind.RECEIPT, (9_999,), {1: CNY}, False, ""),
])
def test_what_is_above_a_limit_waits_for_somebody(
    kind: DocumentKind, quantities: tuple[int, ...], costs: dict[int, SkuCost], held: bool, why: str,
) -> None:
    found = weigh(a_document(kind, *quantities), costs, LIMITS)
    assert (found.held_for, found.why) == (("boss",) if held else (), why)


@pytest.mark.parametrize("counts, still", [
    ([], "count"), ([("a", 5, 5)], ""), ([("a", 4, 5)], "recount"), ([("a", 4, 5), ("b", 4, 5)], ""),
    ([("a", 4, 5), ("b", 5, 5)], "recount"), ([("a", 4, 5), ("b", 5, 5), ("c", 5, 5)], ""),
    ([("a", 4, 5), ("b", 5, 5), ("a", 5, 5)], ""), ([("a", 4, 5), ("b", 3, 4)], ""),
    ([("a", 4, 5), ("b", 5, 5), ("a", 4, 5)], "recount"),
])
def test_a_line_is_agreed_by_the_books_or_by_two_people(counts: list[tuple[str, int, int]], still: str) -> None:
    line = StockLine(1, 1, 1, counts=tuple([CountMade(*one) for one in counts]))
    assert asks(line) == still


@pytest.mark.parametrize("units, book, slip", [
    (51, 10, True), (50, 10, False), (2, 10, False), (1, 10, True), (0, 1, True), (7, 0, False), (10**9, 10**8, True)])
def test_a_slip_of_a_digit_is_noticed(units: int, book: int, slip: bool) -> None:
    assert is_slip(units, book, 5) is slip


def test_a_count_freezes_what_is_free_and_no_more() -> None:
    deed = acts.submit(ground(a_document(DocumentKind.COUNT, 0), on_hand=10, allocated=3, safety=2))
    assert isinstance(deed, acts.Deed) and deed.document.lines[0].frozen == 5
    assert [(m.kind, m.frozen, m.cause) for m in deed.movements] == [("freeze", 5, "D-1/1")]
    oversold = acts.submit(ground(a_document(DocumentKind.COUNT, 0), on_hand=1, allocated=3))
    assert isinstance(oversold, acts.Deed) and oversold.movements == ()


def test_what_somebody_thawed_meanwhile_stops_the_count_and_changes_nothing() -> None:
    begun = acts.submit(ground(a_document(DocumentKind.COUNT, 0), on_hand=10))
    assert isinstance(begun, acts.Deed)
    found = acts.count(ground(begun.document, on_hand=10, frozen=9), [UnitsTold(1, 10)])
    assert isinstance(found, Refusal) and found.code == "document_below_zero"


@pytest.mark.parametrize("state", [s for s in DocumentState if s is not DocumentState.WAITING_APPROVAL])
def test_nothing_is_approved_that_does_not_wait_for_it(state: DocumentState) -> None:
    found = acts.approve(ground(a_document(DocumentKind.SCRAP, 1, state=state), "wang", ("boss",)))
    assert isinstance(found, Refusal) and found.code == "document_state"


def test_a_scrapped_unit_may_leave_the_level_oversold_and_takes_what_was_frozen_when_it_says_so() -> None:
    deed = acts.submit(ground(a_document(DocumentKind.SCRAP, 4), on_hand=5, allocated=5))
    assert isinstance(deed, acts.Deed) and deed.movements[0].on_hand == -4 and deed.movements[0].frozen == 0
    lines = (StockLine(1, 1, 1, 4, is_frozen=True),)
    frozen = acts.submit(ground(a_document(DocumentKind.SCRAP, lines=lines), on_hand=5, frozen=4))
    assert isinstance(frozen, acts.Deed) and frozen.movements[0].frozen == -4
    assert isinstance(acts.submit(ground(a_document(DocumentKind.SCRAP, lines=lines), on_hand=5, frozen=3)), Refusal)

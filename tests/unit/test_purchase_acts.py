"""What may be done to a purchase ticket: nothing is booked twice, and nothing that came is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.domain.inventory import purchase_acts as acts
from orderloom.domain.inventory import purchase_event as e
from orderloom.domain.inventory.level import Level
from orderloom.domain.inventory.purchase import PurchaseState, PurchaseTicket, fold_purchase
from orderloom.domain.refusal import Refusal

AT = datetime(2026, 11, 28, tzinfo=UTC)
TODAY = date(2026, 11, 28)
UP_TO = 40
came_in = st.lists(st.lists(st.tuples(st.integers(1, 2), st.integers(1, UP_TO)), min_size=1, max_size=2,
                            unique_by=lambda x: x[0]), max_size=6)


def a_ticket(*acted: acts.PurchaseAct) -> PurchaseTicket:
    """Of 30 pieces of one SKU and 10 of another."""
    ticket = fold_purchase(None, e.PurchaseDrafted(
        number="P-1", maker="li", reason="补货", supplier_id=1, warehouse_id=1), AT)
    ticket = fold_purchase(ticket, e.PurchaseLinesStated((
        e.PurchaseLineStated(1, 1, 30, 200), e.PurchaseLineStated(2, 2, 10))), AT)
    for act in acted:
        ticket = done(act(ground(ticket))).ticket
    return ticket


def ground(
    ticket: PurchaseTicket, over: acts.OverReceipt = "found", levels: Sequence[Level] = (),
) -> acts.PurchaseGround:
    known = {(x.sku_id, x.warehouse_id): x for x in levels or (Level(1, 1), Level(2, 1))}
    return acts.PurchaseGround(ticket, known, "li", AT, TODAY, 7, over)


def done(made: acts.PurchaseDeed | Refusal) -> acts.PurchaseDeed:
    assert isinstance(made, acts.PurchaseDeed), made
    return made


def ordered(g: acts.PurchaseGround) -> acts.PurchaseDeed | Refusal:
    return acts.order(g, None)


def test_a_ticket_is_promised_after_the_suppliers_days_and_keeps_the_first_promise() -> None:
    ticket = a_ticket(ordered)
    assert ticket.promised_on == ticket.promised_first == TODAY + timedelta(days=7)
    later = done(acts.promise(ground(ticket), date(2026, 12, 24), "雪灾")).ticket
    assert (later.promised_on, later.promised_first) == (date(2026, 12, 24), TODAY + timedelta(days=7))


@pytest.mark.parametrize("day", [date.min, date(2026, 11, 27), date(2036, 1, 1), date.max])
def test_a_day_that_cannot_be_is_refused(day: date) -> None:
    for made in (acts.order(ground(a_ticket()), day), acts.ship(ground(a_ticket(ordered)), day, ""),
                 acts.promise(ground(a_ticket(ordered)), day, "x")):
        assert isinstance(made, Refusal) and made.code == "wrong_promise"


def test_of_more_than_was_ordered_the_rest_is_found_goods_or_all_is_refused() -> None:
    ticket = a_ticket(ordered)
    over = [acts.UnitsCame(1, 33)]
    refused = acts.take_in(ground(ticket, "refuse"), over, "")
    assert isinstance(refused, Refusal) and refused.code == "over_receipt" and refused.particulars["rest"] == "30"
    booked = done(acts.take_in(ground(ticket), over, "DN-7"))
    assert [(m.kind, m.on_hand, m.cause) for m in booked.movements] == [
        ("receive", 30, "P-1/1/1"), ("adjust", 3, "P-1/1/1")]
    line = booked.ticket.lines[0]
    assert (line.received, line.found, line.rest) == (30, 3, 0) and booked.ticket.state is PurchaseState.ORDERED


def test_goods_that_wait_for_inspection_come_frozen() -> None:
    booked = done(acts.take_in(ground(a_ticket(ordered)), [acts.UnitsCame(2, 4, is_frozen=True)], ""))
    assert [(m.on_hand, m.frozen) for m in booked.movements] == [(4, 4)]


def test_a_ticket_is_over_when_nothing_is_waited_for() -> None:
    came = done(acts.take_in(ground(a_ticket(ordered)), [acts.UnitsCame(1, 30)], "")).ticket
    assert came.state is PurchaseState.ORDERED
    assert done(acts.close(ground(came), {2: 4}, "缺货")).ticket.lines[1].rest == 6
    closed = done(acts.close(ground(came), {}, "不等了")).ticket
    assert closed.state is PurchaseState.RECEIVED and closed.lines[1].cancelled == 10
    assert done(acts.close(ground(a_ticket(ordered)), {}, "x")).ticket.state is PurchaseState.CANCELLED
    for act in (ordered, lambda g: acts.ship(g, None, ""), lambda g: acts.close(g, {}, "x"),
                lambda g: acts.take_in(g, [acts.UnitsCame(1, 1)], ""), lambda g: acts.promise(g, TODAY, "x")):
        made = act(ground(closed))
        assert isinstance(made, Refusal) and made.code == "purchase_state"
    assert acts.may_be_done(closed) == ()


@pytest.mark.parametrize("made", [
    acts.take_in(ground(a_ticket(ordered)), [acts.UnitsCame(3, 1)], ""),
    acts.close(ground(a_ticket(ordered)), {3: 1}, "x"), acts.close(ground(a_ticket(ordered)), {0: 1}, "x"),
])
def test_a_line_that_there_is_not_is_refused(made: object) -> None:
    assert isinstance(made, Refusal) and made.code == "no_such_purchase_line"


def test_a_level_never_grows_past_what_can_be_kept() -> None:
    full = (Level(1, 1, on_hand=1_999_999_990), Level(2, 1))
    made = acts.take_in(ground(a_ticket(ordered), levels=full), [acts.UnitsCame(1, 30)], "")
    assert isinstance(made, Refusal) and made.code == "purchase_too_many"


@given(came_in)
def test_whatever_comes_however_often_is_in_the_ledger_once_and_told_of_its_line(
    receipts: list[list[tuple[int, int]]],
) -> None:
    ticket, causes, booked = a_ticket(ordered), set[tuple[str, str]](), {1: 0, 2: 0}
    told = {1: 0, 2: 0}
    for receipt in receipts:
        made = acts.take_in(ground(ticket), [acts.UnitsCame(no, units) for no, units in receipt], "")
        if isinstance(made, Refusal):
            assert ticket.state.is_over
            continue
        for no, units in receipt:
            told[no] += units
        for one in made.movements:
            assert (one.cause, one.kind) not in causes
            causes.add((one.cause, one.kind))
            booked[one.sku_id] += one.on_hand
        ticket = made.ticket
    assert booked == told == {line.no: line.received + line.found for line in ticket.lines}
    assert all(0 <= line.received + line.cancelled <= line.quantity for line in ticket.lines)

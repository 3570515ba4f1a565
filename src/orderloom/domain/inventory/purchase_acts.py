"""What may be done to a purchase ticket, and what comes of it: events and lines of the ledger, or why not. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from orderloom.domain.inventory import purchase_event as e
from orderloom.domain.inventory.document_event import UnitsOfLine
from orderloom.domain.inventory.level import Level, Movement, apply
from orderloom.domain.inventory.moves import bounds
from orderloom.domain.inventory.purchase import PurchaseLine, PurchaseState, PurchaseTicket, fold_purchase
from orderloom.domain.refusal import Refusal

PROMISE_DAYS_MAX = 1_000
"""No goods are waited for longer."""
OverReceipt = Literal["refuse", "found"]
"""What becomes of more than was ordered: refused, or booked as found goods, with a case."""


class PurchaseGround(msgspec.Struct, frozen=True):
    """What an act is decided on: the ticket and the levels that it may change, both locked; who acts when, which day
    that is for the seller, how long the supplier usually takes, and what becomes of more than was ordered."""

    ticket: PurchaseTicket
    levels: Mapping[tuple[int, int], Level]
    by: str
    at: datetime
    today: date
    lead_days: int = 0
    over_receipt: OverReceipt = "found"


class PurchaseDeed(msgspec.Struct, frozen=True):
    """What comes of an act: the ticket after it, its event and the lines of the ledger."""

    ticket: PurchaseTicket
    event: e.AnyPurchaseEvent
    movements: tuple[Movement, ...] = ()


PurchaseAct = Callable[[PurchaseGround], PurchaseDeed | Refusal]


class UnitsCame(msgspec.Struct, frozen=True):
    """So many units of a line came; `is_frozen`: they wait for inspection and are not sold."""

    no: int
    units: int
    is_frozen: bool = False


def restate(g: PurchaseGround, lines: Sequence[e.PurchaseLineStated], currency: str) -> PurchaseDeed | Refusal:
    """Replace the lines of a draft."""
    if g.ticket.state is not PurchaseState.DRAFT:
        return _wrong_state(g)
    return _deed(g, e.PurchaseLinesStated(tuple(lines), currency))


def order(g: PurchaseGround, promised_on: date | None) -> PurchaseDeed | Refusal:
    """A draft is ordered; nobody says when it comes: as long after today as the supplier takes."""
    if g.ticket.state is not PurchaseState.DRAFT:
        return _wrong_state(g)
    day = promised_on or g.today + timedelta(days=g.lead_days)
    return _wrong_day(g, day) or _deed(g, e.PurchaseOrdered(g.by, day))


def ship(g: PurchaseGround, promised_on: date | None, waybill: str) -> PurchaseDeed | Refusal:
    """The supplier sent it."""
    if g.ticket.state is not PurchaseState.ORDERED:
        return _wrong_state(g)
    day = promised_on or max(g.ticket.promised_on or g.today, g.today)
    return _wrong_day(g, day) or _deed(g, e.PurchaseShipped(g.by, day, waybill))


def promise(g: PurchaseGround, promised_on: date, reason: str) -> PurchaseDeed | Refusal:
    """It comes on another day; the one that was said first stays beside it."""
    if not g.ticket.state.is_open:
        return _wrong_state(g)
    return _wrong_day(g, promised_on) or _deed(g, e.PurchasePromised(g.by, promised_on, reason))


def take_in(g: PurchaseGround, came: Sequence[UnitsCame], note: str) -> PurchaseDeed | Refusal:
    """Goods came, of some lines or all, as often as they come. More than is waited for is refused or found goods."""
    if not g.ticket.state.is_open:
        return _wrong_state(g)
    receipt, levels = g.ticket.receipts + 1, {key: replace(level) for key, level in g.levels.items()}
    made: list[Movement] = []
    received = []
    for one in sorted(came, key=lambda x: x.no):
        line = g.ticket.line(one.no)
        if line is None:
            return Refusal("no_such_purchase_line", {"purchase": g.ticket.number, "line": str(one.no)})
        right = min(one.units, line.rest)
        if one.units > right and g.over_receipt == "refuse":
            return Refusal("over_receipt", {"purchase": g.ticket.number, "line": str(one.no),
                                            "rest": str(line.rest), "units": str(one.units)})
        received.append(e.UnitsReceived(one.no, right, one.units - right, one.is_frozen))
        for kind, units in (("receive", right), ("adjust", one.units - right)):
            no = _book(g, line, kind, units, receipt, levels, made, is_frozen=one.is_frozen) if units else None
            if no is not None:
                return no
    return _deed(g, e.PurchaseReceived(g.by, receipt, tuple(received), note), made)


def close(g: PurchaseGround, cancelled: Mapping[int, int], reason: str) -> PurchaseDeed | Refusal:
    """What is named, or nothing: all that has not come, is not waited for any more. Of a draft all of it."""
    if g.ticket.state.is_over:
        return _wrong_state(g)
    if cancelled and g.ticket.state is PurchaseState.DRAFT:
        return _wrong_state(g)
    gone = cancelled or {line.no: line.rest for line in g.ticket.lines if line.rest}
    for no, units in gone.items():
        line = g.ticket.line(no)
        if line is None:
            return Refusal("no_such_purchase_line", {"purchase": g.ticket.number, "line": str(no)})
        if units > line.rest:
            return Refusal("not_waited_for", {"purchase": g.ticket.number, "line": str(no), "rest": str(line.rest)})
    return _deed(g, e.PurchaseClosed(g.by, reason, tuple([UnitsOfLine(no, n) for no, n in sorted(gone.items())])))


def may_be_done(ticket: PurchaseTicket) -> tuple[str, ...]:
    """The acts that its state allows, for buttons; what is done is judged again."""
    if ticket.state is PurchaseState.DRAFT:
        return ("lines", "order", "close")
    if not ticket.state.is_open:
        return ()
    return ("ship", "promise", "receive", "close") if ticket.state is PurchaseState.ORDERED else (
        "promise", "receive", "close")


def _book(
    g: PurchaseGround, line: PurchaseLine, kind: str, units: int, receipt: int, levels: Mapping[tuple[int, int], Level],
    made: list[Movement], *, is_frozen: bool,
) -> Refusal | None:
    """One line of the ledger, on what the ones before leave of the level; its cause names ticket, line and receipt."""
    place = (line.sku_id, g.ticket.warehouse_id)
    one = Movement(*place, kind, f"{g.ticket.number}/{line.no}/{receipt}", g.ticket.reason, g.by, g.at,
                   on_hand=units, frozen=units if is_frozen else 0)
    if (no := bounds(levels[place], one)) is not None:
        return Refusal("purchase_" + no.code, {"purchase": g.ticket.number, "line": str(line.no), **no.particulars})
    apply(levels[place], one)
    made.append(one)
    return None


def _wrong_state(g: PurchaseGround) -> Refusal:
    return Refusal("purchase_state", {"purchase": g.ticket.number, "state": str(g.ticket.state)})


def _wrong_day(g: PurchaseGround, day: date) -> Refusal | None:
    if g.today <= day <= g.today + timedelta(days=PROMISE_DAYS_MAX):
        return None
    return Refusal("wrong_promise", {"day": day.isoformat(), "today": g.today.isoformat()})


def _deed(g: PurchaseGround, event: e.AnyPurchaseEvent, made: Sequence[Movement] = ()) -> PurchaseDeed:
    return PurchaseDeed(fold_purchase(g.ticket, event, g.at), event, tuple(made))

"""What was decided of an order's gifts, as its log keeps it."""

from __future__ import annotations

import msgspec

from orderloom.domain.fact import Event
from orderloom.domain.order import Line
from orderloom.domain.rule import RuleDecision


class GiftLeftOut(msgspec.Struct, frozen=True):
    """A gift that a row stated and that was not given, and why: short, kept_back, had_before, buyer_unknown,
    already_there, unknown_sku; of no row, a rule that could not be asked: beyond, an amount is too large for it."""

    rule: str
    row: str
    sku: str
    units: int
    why: str


class GiftsReviewed(Event, frozen=True, tag="gifts_reviewed"):
    """Rules were asked what the order gets as a gift: the lines that were given, what was left out, and lines that are
    withdrawn (`why`: cause_gone, short), for the order does not go by them any more."""

    decisions: tuple[RuleDecision, ...] = ()
    given: tuple[Line, ...] = ()
    left_out: tuple[GiftLeftOut, ...] = ()
    withdrawn: tuple[int, ...] = ()
    why: str = ""

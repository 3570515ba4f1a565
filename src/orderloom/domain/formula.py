"""Amount formulas over a draft, in integers: what an amount must equal, and what is broken when it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from orderloom.domain.draft import DraftLine, OrderDraft
from orderloom.domain.words import Words

OrderReader = Callable[[OrderDraft], int]
LineReader = Callable[[DraftLine], int]


class NotStated(Exception):
    """A formula needs an amount that the source does not state."""


class Addend(msgspec.Struct, frozen=True):
    """One addend. `read` gives its signed contribution in minor units; `line` one line's part when it is a sum."""

    name: str
    title: Words
    read: OrderReader
    line: LineReader | None = None


class Formula(msgspec.Struct, frozen=True):
    """`stated` must equal the terms' sum (`compare` is `equal`) or not exceed it (`at_most`).

    It passes when the difference is smaller than `tolerance` minor units: with 1, a difference of one cent is broken.
    `channels` empty: every channel. `applies` tells from the order's traits whether the formula is meant for it, asked
    only when it is broken.
    `missing` is what an amount that is not stated means: `skip` the formula, or `break` it.
    """

    name: str
    title: Words
    stated: Addend
    terms: tuple[Addend, ...]
    reads: tuple[OrderReader, ...]
    """The terms' `read`, side by side for speed."""
    compare: str = "equal"
    tolerance: int = 1
    hold: str = ""
    case: str = ""
    channels: frozenset[str] = frozenset()
    missing: str = "skip"
    applies: Callable[[Mapping[str, Any]], bool] | None = None


class Broken(msgspec.Struct, frozen=True):
    """A formula that does not hold. Amounts are minor units of `currency`; `difference` is stated minus expected.

    `term` names the addend that explains the difference, or the stated amount itself when none does;
    `line` is the external id of the order line when the difference leads to one.
    """

    formula: str
    title: Words
    term: str
    term_title: Words
    expected: int
    stated: int
    difference: int
    currency: str
    reason: Words
    hold: str = ""
    case: str = ""
    line: str = ""


def judge(formula: Formula, draft: OrderDraft, channel: str, traits: Mapping[str, Any]) -> Broken | None:
    """Return what is broken, None when the formula holds or is not meant for this order, whose `traits` these are."""
    if formula.channels and channel not in formula.channels:
        return None
    expected = 0
    try:
        for read in formula.reads:
            expected += read(draft)
        stated = formula.stated.read(draft)
    except NotStated as gap:
        return _gap(formula, draft, traits, str(gap)) if formula.missing == "break" else None
    difference = stated - expected
    if (abs(difference) if formula.compare == "equal" else difference) < formula.tolerance:
        return None
    if formula.applies is not None and not formula.applies(traits):
        return None
    term, line, reason = _explain(formula, draft, difference)
    return Broken(
        formula.name,
        formula.title,
        term.name,
        term.title,
        expected,
        stated,
        difference,
        draft.currency,
        reason,
        formula.hold,
        formula.case,
        line,
    )


def _gap(formula: Formula, draft: OrderDraft, traits: Mapping[str, Any], name: str) -> Broken | None:
    if formula.applies is not None and not formula.applies(traits):
        return None
    reason = Words(f"来源没有给出“{name}”，公式无法核对", f'the source does not state "{name}": cannot be checked')
    title = Words(name, name)
    return Broken(formula.name, formula.title, name, title, 0, 0, 0, draft.currency, reason, formula.hold, formula.case)


def _explain(formula: Formula, draft: OrderDraft, difference: int) -> tuple[Addend, str, Words]:
    """Name the term whose omission, doubling or wrong sign is exactly the difference; else a line; else the amount."""
    if formula.compare == "at_most":
        return formula.stated, "", Words("超过了应有的上限", "is more than it may be")
    for term in formula.terms:
        slip = _slip(term.read(draft), difference)
        if slip:
            return term, "", slip
    for term in formula.terms:
        if term.line is not None:
            for line in draft.lines:
                slip = _slip_of_line(term.line(line), line, difference)
                if slip:
                    return term, line.external_id, slip
    return formula.stated, "", Words("没有哪一项能单独解释差额", "no single term explains the difference")


def _slip(value: int, difference: int) -> Words | None:
    if not value:
        return None
    if difference == -value:
        return Words("来源的金额没有计入这一项", "the source's amount leaves this term out")
    if difference == value:
        return Words("来源的金额把这一项算了两次", "the source's amount counts this term twice")
    if difference == -2 * value:
        return Words("来源的金额把这一项的正负号弄反了", "the source's amount has this term with the wrong sign")
    return None


def _slip_of_line(value: int, line: DraftLine, difference: int) -> Words | None:
    slip = _slip(value, difference)
    if slip:
        return slip
    if value and line.goods is None and line.price > 1 and difference % line.price == 0:
        more = difference // line.price
        if abs(more) <= line.quantity:
            return Words(f"相当于该行数量差 {more:+d}", f"as if the line's quantity were off by {more:+d}")
    return None

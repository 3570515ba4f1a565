"""When a line of a count is agreed on, and what counts are taken: blind, by two people where the books differ. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from orderloom.domain.inventory.document import StockDocument, StockLine
from orderloom.domain.inventory.document_event import LineCount, LinesCounted
from orderloom.domain.refusal import Refusal

COUNTS_MAX = 20
"""Of one line; two people who never agree should talk to each other."""


class UnitsTold(msgspec.Struct, frozen=True):
    """What somebody says they counted of a line. `is_sure`: they have looked again."""

    no: int
    units: int
    is_sure: bool = False


class CountTold(msgspec.Struct, frozen=True):
    """The same, beside what the books said then."""

    no: int
    units: int
    book: int
    is_sure: bool = False


def asks(line: StockLine) -> Literal["", "count", "recount"]:
    """What the line still needs; nothing when it is agreed on: the first count agrees with the books, or the last one
    with an earlier one of somebody else - about the difference, for stock moves on meanwhile."""
    if not line.counts:
        return "count"
    last = line.counts[-1]
    if len(line.counts) == 1:
        return "recount" if last.difference else ""
    agrees = any(one.difference == last.difference and one.by != last.by for one in line.counts[:-1])
    return "" if agrees else "recount"


def is_agreed(document: StockDocument) -> bool:
    """Whether no line needs to be counted any more."""
    return all(asks(line) == "" for line in document.lines)


def take_counts(
    document: StockDocument, told: Sequence[CountTold], by: str, slip_factor: int,
) -> LinesCounted | Refusal:
    """The counts as an event. Nobody counts a line twice in a row; a figure that looks like a slip of the hand is asked
    for once more, without a word of what the books say."""
    slips = []
    for one in told:
        if (line := document.line(one.no)) is None:
            return Refusal("no_such_document_line", {"document": document.number, "line": str(one.no)})
        if asks(line) == "":
            return Refusal("line_agreed", {"document": document.number, "line": str(one.no)})
        if line.counts and line.counts[-1].by == by:
            return Refusal("count_by_another", {"document": document.number, "line": str(one.no)})
        if len(line.counts) >= COUNTS_MAX:
            return Refusal("counted_too_often", {"document": document.number, "line": str(one.no)})
        if not one.is_sure and is_slip(one.units, one.book, slip_factor):
            slips.append(one.no)
    if slips:
        return Refusal("digit_slip", {"document": document.number, "lines": ", ".join(map(str, slips))})
    if len({one.no for one in told}) != len(told):
        return Refusal("line_counted_twice", {"document": document.number})
    return LinesCounted(by, tuple([LineCount(one.no, one.units, one.book) for one in told]))


def is_slip(units: int, book: int, factor: int) -> bool:
    """Whether a figure is so far from the book's that a digit may have slipped."""
    return book > 0 and (units > book * factor or units * factor < book)

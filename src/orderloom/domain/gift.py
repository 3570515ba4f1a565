"""Lines of an order that a rule gave: nobody ordered them, nobody pays for them, and no channel is told of them."""

from __future__ import annotations

from orderloom.domain.order import GIFT, GIFT_OWED, Line


def is_gift(line: Line) -> bool:
    """Whether a rule of ours gave it."""
    return line.external_id.startswith((GIFT, GIFT_OWED))


def may_be_left_out(line: Line) -> bool:
    """Whether the order goes on without it where there is no stock of it."""
    return line.external_id.startswith(GIFT)


def gift_id(rule: str, row: str, *, waits: bool) -> str:
    """The id of the line that a row of a rule gives; one row gives an order one line."""
    return f"{GIFT_OWED if waits else GIFT}{rule}/{row}"

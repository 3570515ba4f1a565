"""What a row of a decision table states: its outcome cells, typed by the place. The engine never sees them."""

from __future__ import annotations

from orderloom.blueprint.cells import BadCell
from orderloom.blueprint.rules import Written
from orderloom.domain.codes import can_be_stored
from orderloom.domain.rule import OutcomeColumn, Value
from orderloom.domain.words import Words

CODE_MAX = 200


def bad_outcome(outcome: OutcomeColumn, written: Written) -> BadCell | None:
    """Why a cell is no outcome of its column; None when it is one."""
    try:
        read_outcome(outcome, written, is_checked=True)
    except BadCell as bad:
        return bad
    return None


def read_outcome(outcome: OutcomeColumn, written: Written, *, is_checked: bool = False) -> Value:
    """The outcome that a cell states; an empty one the column's default. Raises BadCell."""
    if written is None or written == "":
        if outcome.default is None and is_checked:
            raise BadCell("不能为空", "must not be empty")
        return "" if outcome.default is None else outcome.default
    if outcome.type == "flag":
        if not isinstance(written, bool):
            raise BadCell(f"“{written}”不是 true 或 false", f'"{written}" is not true or false')
        return written
    if outcome.type == "number":
        return _number(outcome, written)
    if isinstance(written, bool):
        raise BadCell("这一列是文字", "the column is of texts")
    text = str(written).strip()
    if outcome.type == "choice" and text not in outcome.values:
        known = "、".join(outcome.values)
        raise BadCell(f"“{text}”不是这一列的值", f'"{text}" is no value of the column',
                      Words(f"可用的有：{known}", f"known: {', '.join(outcome.values)}"))
    if not text or len(text) > CODE_MAX or not can_be_stored(text):
        raise BadCell("不是商品编码", "is no SKU code")
    return text


def _number(outcome: OutcomeColumn, written: Written) -> int:
    if isinstance(written, bool) or not isinstance(written, int):
        raise BadCell(f"“{written}”不是整数", f'"{written}" is no whole number')
    if not outcome.least <= written <= outcome.most:
        raise BadCell(f"应在 {outcome.least} 到 {outcome.most} 之间", f"must be from {outcome.least} to {outcome.most}")
    return written

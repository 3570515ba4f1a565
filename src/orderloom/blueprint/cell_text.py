"""Read a cell of a decision table as a person wrote it, and refuse what cannot be meant.

The language is a closed one: `> 5`, `[1..5)`, `in ["a", "b"]`, `not in [a]`, a value alone, several with commas, and
`and` between tests. So the engine never sees a text that a person wrote.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from orderloom.blueprint.cells import SIZES, BadCell, CellTest, ConditionCell, Scalar, holds, samples
from orderloom.domain.rule import NUMBER_MAX, RuleTrait, TraitType
from orderloom.domain.words import Words

TEXT_MAX = 2_000
VALUES_MAX = 200
_TOKEN = re.compile(r"""\s*(?:
    (?P<text>"[^"]*"|'[^']*')|(?P<op>>=|<=|==|!=|>|<|\.\.|[\[\](),])|
    (?P<word>[^\s"'\[\](),<>=!]+?(?=\.\.|[\s"'\[\](),<>=!]|$))
)""", re.VERBOSE)
_WHOLE = re.compile(r"-?[0-9]{1,19}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)")
_KEYWORDS = ("and", "in", "not", "or", "null")
_YEARS = range(1970, 2200)


def read_cell(written: Scalar | None, trait: RuleTrait) -> ConditionCell:
    """What a person wrote in the column of a trait. Raises BadCell."""
    if written is None or (isinstance(written, str) and not written.strip()):
        return ConditionCell()
    if isinstance(written, bool) or trait.type is TraitType.FLAG:
        return ConditionCell((CellTest("==", (_flag(written, trait),)),))
    text = str(written).strip()
    if len(text) > TEXT_MAX:
        raise BadCell(f"超过 {TEXT_MAX} 字", f"longer than {TEXT_MAX} characters")
    cell = _Reader(text, trait).cell()
    _can_hold(cell, trait)
    return cell


def _can_hold(cell: ConditionCell, trait: RuleTrait) -> None:
    """A cell that no value satisfies is a slip."""
    if not any(holds(cell, value) for value in samples(cell, trait)):
        raise BadCell("没有任何值满足它", "no value can satisfy it", _example(trait))


class _Reader:
    """Reads one cell from left to right."""

    def __init__(self, text: str, trait: RuleTrait) -> None:
        self._fact = trait
        self._tokens = _tokens(text)
        self._at = 0

    def cell(self) -> ConditionCell:
        tests = [self._test()]
        while self._peek() == "and":
            self._at += 1
            tests.append(self._test())
        if (left := self._peek()) is not None:
            raise BadCell(f"“{left}”之前的写法已经完整，它不该在这里", f'"{left}" is not expected there',
                          _example(self._fact))
        return ConditionCell(tuple(tests))

    def _test(self) -> CellTest:
        head = self._peek()
        if head in SIZES:
            self._at += 1
            if head not in ("==", "!=") and not self._fact.type.is_number:
                raise BadCell(f"“{head}”只能比较数字", f'"{head}" compares numbers only', _example(self._fact))
            return CellTest(str(head), (self._value(),))
        if head == "not":
            self._at += 1
            self._expect("in")
            return CellTest("not in", self._list())
        if head == "in":
            self._at += 1
            return CellTest("in", self._list())
        if head in ("[", "("):
            return self._range()
        values = self._values()
        return CellTest("in", values) if len(values) > 1 else CellTest("==", (values[0],))

    def _list(self) -> tuple[Scalar, ...]:
        self._expect("[")
        values = self._values()
        self._expect("]")
        return values

    def _values(self) -> tuple[Scalar, ...]:
        values = [self._value()]
        while self._peek() == ",":
            self._at += 1
            values.append(self._value())
        if len(values) > VALUES_MAX:
            raise BadCell(f"最多 {VALUES_MAX} 个值", f"at most {VALUES_MAX} values")
        return tuple(values)

    def _range(self) -> CellTest:
        if not self._fact.type.is_number:
            raise BadCell("区间只能用于数字", "a range is of numbers only", _example(self._fact))
        first = self._tokens[self._at][1]
        self._at += 1
        low = self._value()
        self._expect("..")
        high = self._value()
        last = self._peek()
        if last not in ("]", ")"):
            raise BadCell("区间以 ] 或 ) 结束", "a range ends with ] or )", _example(self._fact))
        self._at += 1
        return CellTest(f"{first}{last}", (low, high))

    def _value(self) -> Scalar:
        if self._at >= len(self._tokens):
            raise BadCell("后面缺少值", "a value is missing at the end", _example(self._fact))
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "op" or (kind == "word" and text in _KEYWORDS):
            raise BadCell(f"“{text}”的位置应是一个值", f'a value is expected instead of "{text}"', _example(self._fact))
        return _atom(kind, text, self._fact)

    def _expect(self, wanted: str) -> None:
        if self._peek() != wanted:
            found = self._peek() or "…"
            raise BadCell(f"“{found}”的位置应是 {wanted}", f'{wanted} is expected instead of "{found}"',
                          _example(self._fact))
        self._at += 1

    def _peek(self) -> str | None:
        """The sign or word that comes next; a quoted text is neither."""
        if self._at >= len(self._tokens):
            return None
        kind, text = self._tokens[self._at]
        return text if kind != "text" else f'"{text}"'


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = list[tuple[str, str]](), 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadCell(f"第 {at + 1} 个字符处写法不对", f"not understood at character {at + 1}")
        kind = str(match.lastgroup)
        found.append((kind, match[kind][1:-1] if kind == "text" else match[kind]))
        at = match.end()
    return found


def _atom(kind: str, text: str, trait: RuleTrait) -> Scalar:
    """A value of the trait's type."""
    if trait.type is TraitType.INSTANT:
        return _instant(text)
    if trait.type.is_number:
        if kind == "text":
            raise BadCell(f"“{text}”是文字，这一列是数字", f'"{text}" is a text, the column is of numbers',
                          _example(trait))
        if not _WHOLE.fullmatch(text):
            raise BadCell(f"“{text}”不是整数", f'"{text}" is no whole number', _example(trait))
        if abs(number := int(text)) > NUMBER_MAX:
            raise BadCell(f"{text} 太大，最大 {NUMBER_MAX}", f"{text} is too large: at most {NUMBER_MAX}")
        return number
    if '"' in text and "'" in text:
        raise BadCell("文字里不能同时有单双引号", "a text cannot have both kinds of quotes")
    if trait.values and text not in trait.values:
        known = "、".join(trait.values)
        raise BadCell(f"“{text}”不是这一列的值", f'"{text}" is no value of the column',
                      Words(f"可用的有：{known}", f"known: {', '.join(trait.values)}"))
    return text


def _instant(text: str) -> int:
    if not _INSTANT.fullmatch(text):
        raise BadCell(f"“{text}”不是带时区的时间", f'"{text}" is no time with its offset',
                      Words("例：>= 2026-11-11T00:00+08:00", "for example >= 2026-11-11T00:00+08:00"))
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if at.year not in _YEARS:
            raise ValueError(text)
        return int(at.astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        raise BadCell(f"没有 {text} 这个时间", f"there is no such time as {text}") from None


def _flag(written: Scalar, trait: RuleTrait) -> bool:
    if trait.type is not TraitType.FLAG:
        raise BadCell("这一列不是“是/否”", "the column is not yes or no", _example(trait))
    if isinstance(written, bool):
        return written
    raise BadCell(f"“{written}”不是 true 或 false", f'"{written}" is not true or false')


def _example(trait: RuleTrait) -> Words:
    told = {TraitType.NUMBER: "> 5", TraitType.MONEY: ">= 20000", TraitType.INSTANT: ">= 2026-11-11T00:00+08:00",
            TraitType.FLAG: "true"}.get(trait.type, 'in ["a", "b"]')
    return Words(f"例：{told}", f"for example {told}")

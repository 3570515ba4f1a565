"""What a cell of a decision table asks, in words for people who do not write blueprints."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from orderloom.blueprint.cells import CellTest, ConditionCell, Scalar
from orderloom.domain.rule import RuleTrait, TraitType
from orderloom.domain.words import Words

_SIGNS = {">": "＞", ">=": "≥", "<": "＜", "<=": "≤"}


def cell_words(cell: ConditionCell, trait: RuleTrait, zone: str) -> Words:
    """The cell in words, both languages; empty for one that asks nothing. Instants by the clock of the zone."""
    said = [_test(test, trait, ZoneInfo(zone)) for test in cell.tests]
    return Words("，且 ".join([one.zh for one in said]), " and ".join([one.en for one in said]))


def _test(test: CellTest, trait: RuleTrait, zone: ZoneInfo) -> Words:
    said = [_value(value, trait, zone) for value in test.values]
    listed = Words("、".join([one.zh for one in said]), ", ".join([one.en for one in said]))
    if test.op in _SIGNS:
        return Words(f"{_SIGNS[test.op]} {listed.zh}", f"{test.op} {listed.en}")
    if test.op not in ("==", "!=", "in", "not in"):
        low, high = said
        return Words(f"{low.zh} {'≤' if test.op[0] == '[' else '＜'} 值 {'≤' if test.op[1] == ']' else '＜'} {high.zh}",
                     f"{test.op[0]}{low.en} … {high.en}{test.op[1]}")
    is_many, is_not = len(said) > 1, test.op in ("!=", "not in")
    if trait.type is TraitType.TEXTS:
        return Words(f"{'不含' if is_not else '含'} {listed.zh}{' 之一' if is_many and not is_not else ''}",
                     f"{'has none of' if is_not else 'has'} {listed.en}")
    if is_not:
        return Words(f"不是 {listed.zh}", f"not {listed.en}")
    return Words(f"{listed.zh} 之一" if is_many else listed.zh, f"one of {listed.en}" if is_many else listed.en)


def _value(value: Scalar, trait: RuleTrait, zone: ZoneInfo) -> Words:
    if isinstance(value, bool):
        return Words("是" if value else "否", "yes" if value else "no")
    if trait.type is TraitType.INSTANT:
        said = datetime.fromtimestamp(int(value), zone).strftime("%Y-%m-%d %H:%M")
        return Words(said, said)
    text = str(value) or "（空）"
    return Words(text, str(value) or "(empty)")

"""Check what decision tables mean: places, columns, ids, and every cell, read and tried on values of its type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from orderloom.blueprint.cell_text import read_cell
from orderloom.blueprint.cells import BadCell, ConditionCell, render, try_cell
from orderloom.blueprint.outcomes import bad_outcome, read_outcome
from orderloom.blueprint.rules import COLUMNS_MAX, ROWS_MAX, RULES_MAX, RowEntry, TableEntry
from orderloom.domain.finding import Finding, unknown
from orderloom.domain.rule import RulePlace
from orderloom.domain.rule_places import PLACES
from orderloom.domain.words import Words

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SEE = Words("对照 docs/rules.md 修改", "see docs/rules.md")
Read = dict[str, ConditionCell]


def check_rules(rules: Sequence[TableEntry]) -> Iterator[Finding]:
    """Return everything that is wrong with the tables, each with its file, row and column."""
    if len(rules) > RULES_MAX:
        yield _finding(rules[RULES_MAX], "name", f"最多 {RULES_MAX} 条规则", f"at most {RULES_MAX} rules")
    for name, count in Counter(rule.name for rule in rules).items():
        if count > 1:
            rule = next(rule for rule in rules if rule.name == name)
            yield _finding(rule, "name", f"“{name}”重复", f'"{name}" is there twice')
    for rule in rules[:RULES_MAX]:
        yield from _table(rule)


def file_of(rule: TableEntry) -> str:
    """The file that a rule stands in."""
    return f"rules/{rule.name}.yaml"


def _table(rule: TableEntry) -> Iterator[Finding]:
    if not NAME.fullmatch(rule.name):
        yield _name(rule, "name", rule.name)
    if len(rule.rows) > ROWS_MAX:
        yield _finding(rule, "rows", f"最多 {ROWS_MAX} 行", f"at most {ROWS_MAX} rows")
        return
    place = PLACES.get(rule.place)
    if place is None:
        yield unknown(file_of(rule), "place", Words("决策点", "place"), rule.place, PLACES)
        return
    if rule.hit not in place.hits:
        yield _finding(rule, "hit", f"这个决策点只能用 {'、'.join(place.hits)}",
                       f"the place takes {', '.join(place.hits)} only")
    yield from _columns(rule, place)
    yield from _ids(rule)
    cells = list[Read | None]()
    for index, row in enumerate(rule.rows):
        read, wrong = _row(rule, place, f"rows[{index}]", row)
        yield from wrong
        cells.append(None if wrong else read)
    yield from _dead(rule, place, cells)


def _columns(rule: TableEntry, place: RulePlace) -> Iterator[Finding]:
    known = {"when": [trait.name for trait in place.traits], "then": [one.name for one in place.outcomes]}
    words = {"when": Words("特征", "trait"), "then": Words("结果", "outcome")}
    for key, columns in (("when", rule.when), ("then", rule.then)):
        if len(columns) > COLUMNS_MAX:
            yield _finding(rule, key, f"最多 {COLUMNS_MAX} 列", f"at most {COLUMNS_MAX} columns")
        for at, name in enumerate(columns):
            if name not in known[key]:
                yield unknown(file_of(rule), f"{key}[{at}]", words[key], name, known[key])
            elif columns.index(name) < at:
                yield _finding(rule, f"{key}[{at}]", f"列“{name}”重复", f'the column "{name}" is there twice')
    for outcome in place.outcomes:
        if outcome.default is None and outcome.name not in rule.then:
            yield _finding(rule, "then", f"缺少结果列“{outcome.name}”",
                           f'the outcome column "{outcome.name}" is missing')


def _ids(rule: TableEntry) -> Iterator[Finding]:
    ids = [row.id for row in rule.rows]
    for index, id in enumerate(ids):
        if not NAME.fullmatch(id):
            yield _name(rule, f"rows[{index}].id", id)
        elif ids.index(id) < index:
            yield _finding(rule, f"rows[{index}].id", f"行编号“{id}”重复", f'the row id "{id}" is there twice')


def _row(rule: TableEntry, place: RulePlace, at: str, row: RowEntry) -> tuple[Read, list[Finding]]:
    """The cells of a row that could be read, and what is wrong with the others."""
    found, read = list[Finding](), Read()
    for key, cells, columns in (("when", row.when, rule.when), ("then", row.then, rule.then)):
        found += [unknown(file_of(rule), f"{at}.{key}.{name}", Words("列", "column"), name, columns)
                  for name in cells if name not in columns]
    for name, written in row.when.items():
        trait = place.trait(name) if name in rule.when else None
        if trait is None:
            continue
        try:
            read[name] = read_cell(written, trait)
            try_cell(read[name], trait)
        except BadCell as bad:
            found.append(_told(rule, f"{at}.when.{name}", row, bad))
    for outcome in place.outcomes:
        if (wrong := bad_outcome(outcome, row.then.get(outcome.name))) is not None:
            found.append(_told(rule, f"{at}.then.{outcome.name}", row, wrong))
    return read, found


def _dead(rule: TableEntry, place: RulePlace, rows: Sequence[Read | None]) -> Iterator[Finding]:
    """Rows that can never decide: where the first hit does, those behind a row that asks for no more; else those that
    say the very same. Of a row that is broken nothing is said."""
    sound = [(index, {name: render(cell, trait) for name, cell in row.items()
                      if cell.tests and (trait := place.trait(name))},
              [read_outcome(one, rule.rows[index].then.get(one.name)) for one in place.outcomes])
             for index, row in enumerate(rows) if row is not None]
    for at, (index, asked, stated) in enumerate(sound):
        for before, wider, said in sound[:at]:
            is_same = wider == asked and said == stated
            is_behind = rule.hit == "first" and wider.items() <= asked.items()
            if is_same or is_behind:
                ids = rule.rows[index].id, rule.rows[before].id
                yield _finding(rule, f"rows[{index}]", f"第 {index + 1} 行“{ids[0]}”永远轮不到：“{ids[1]}”已包含它",
                               f'row "{ids[0]}" can never decide: "{ids[1]}" before it takes all of it')
                break


def _told(rule: TableEntry, at: str, row: RowEntry, bad: BadCell) -> Finding:
    column = at.rpartition(".")[2]
    return Finding(file_of(rule), at, Words(f"行“{row.id}”列“{column}”：{bad.reason.zh}",
                                            f'row "{row.id}", column "{column}": {bad.reason.en}'), bad.mend or _SEE)


def _name(rule: TableEntry, place: str, name: str) -> Finding:
    return Finding(file_of(rule), place, Words(f"“{name}”不能作名字", f'"{name}" cannot be a name'),
                   Words("小写英文字母、数字、下划线，最多 64 个", "lower-case letters, digits and _, at most 64"))


def _finding(rule: TableEntry, place: str, zh: str, en: str) -> Finding:
    return Finding(file_of(rule), place, Words(zh, en), _SEE)

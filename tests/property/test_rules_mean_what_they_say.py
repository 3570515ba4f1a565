"""A decision table that our check accepts is answered by the engine as a plain reading of the table answers it."""

from __future__ import annotations

import datetime as dt
import operator
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.blueprint.check_rules import check_rules
from orderloom.blueprint.compile_rules import compile_rules
from orderloom.blueprint.rules import RowEntry, TableEntry
from orderloom.domain.words import Words

COLUMNS = ("paid", "quantity", "paid_at", "channel", "province", "skus")
NUMBERS = st.integers(-3, 6) | st.sampled_from([2**53 - 1, -(2**53) + 1, 10**15])
TEXTS = st.sampled_from(["taobao", "jd", "浙江省", "A-1", "a b", "it's", '5"', "", "null", "true", "$", "a\\b", "5"])
SIZES = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne}
Asked = tuple[str, Any]


def number(column: str, value: int) -> str:
    if column != "paid_at":
        return str(value)
    return dt.datetime.fromtimestamp(value % 4_000_000_000, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def text(value: str) -> str:
    return f"'{value}'" if '"' in value else f'"{value}"'


@st.composite
def asked(draw: st.DrawFn, column: str) -> tuple[str, list[Asked]]:
    """A cell as it is written, and as it is to be read: several tests, all of which hold."""
    written, tests = [], list[Asked]()
    for _ in range(draw(st.integers(1, 2))):
        if column in ("paid", "quantity", "paid_at"):
            numbers = draw(st.lists(NUMBERS, min_size=1, max_size=3))
            if column == "paid_at":
                numbers = [n % 4_000_000_000 for n in numbers]
            said = [number(column, n) for n in numbers]
            kind = draw(st.sampled_from([*SIZES, "in", "not in", "between"]))
            if kind == "between":
                numbers, said = [numbers[0], numbers[-1]], [said[0], said[-1]]
                written.append(f"[{said[0]}..{said[1]})")
            elif kind in SIZES:
                written.append(f"{kind} {said[0]}")
            else:
                written.append(f"{kind} [{', '.join(said)}]")
            tests.append((kind, numbers))
        else:
            values = draw(st.lists(TEXTS, min_size=1, max_size=3))
            kind = draw(st.sampled_from(["==", "!=", "in", "not in"]))
            many = kind in ("in", "not in")
            written.append(f"{kind} [{', '.join(map(text, values))}]" if many else f"{kind} {text(values[0])}")
            tests.append((kind, values))
    return " and ".join(written), tests


def holds(tests: list[Asked], value: Any) -> bool:
    for kind, values in tests:
        if value is None:
            return False
        if isinstance(value, list):
            named = values if kind in ("in", "not in") else values[:1]
            right = bool(set(value) & set(named)) is (kind in ("==", "in"))
        elif kind == "between":
            right = values[0] <= value < values[1]
        elif kind in SIZES:
            right = SIZES[kind](value, values[0])
        else:
            right = (value in values) is (kind == "in")
        if not right:
            return False
    return True


ROW = st.fixed_dictionaries({}, optional={column: asked(column) for column in COLUMNS})
TRAITS = st.fixed_dictionaries({
    "paid": st.none() | NUMBERS, "quantity": NUMBERS, "paid_at": st.none() | NUMBERS.map(lambda n: n % 4_000_000_000),
    "channel": TEXTS, "province": st.none() | TEXTS, "skus": st.lists(TEXTS, max_size=3),
})


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=6), st.lists(TRAITS, min_size=1, max_size=5),
       st.sampled_from(["first", "every"]))
def test_a_table_decides_as_it_reads(
    rows: list[dict[str, tuple[str, list[Asked]]]], orders: list[dict[str, Any]], hit: Any,
) -> None:
    table = TableEntry("random", "review", Words("随机", "random"), COLUMNS, ("gift",), tuple(
        RowEntry(f"r{n}", when={name: cell for name, (cell, _) in row.items()}, then={"gift": f"G{n}"})
        for n, row in enumerate(rows)), hit=hit)
    bad = {int(found.place[5:].partition("]")[0]) for found in check_rules([table])}
    kept = [n for n in range(len(rows)) if n not in bad]
    if not kept:
        return
    accepted = msgspec.structs.replace(table, rows=tuple(table.rows[n] for n in kept))
    assert not list(check_rules([accepted]))
    [rule] = compile_rules([accepted]).at("review")
    for traits in orders:
        plain = [f"r{n}" for n in kept if all(holds(tests, traits[name]) for name, (_, tests) in rows[n].items())]
        decision = rule.decide(traits, 1)
        told = [*(row.row for row in decision.rows), *decision.candidates] if decision else []
        assert told == plain
        assert decision is None or len(decision.rows) == (1 if hit == "first" else len(plain))

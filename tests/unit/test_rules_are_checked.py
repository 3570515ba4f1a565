"""What a seller writes into a decision table is understood as meant, or told with file, row, column and mend."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import zen

from orderloom.blueprint.cell_text import read_cell
from orderloom.blueprint.cells import BadCell, render, try_cell
from orderloom.blueprint.check import check_folder
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.diff import diff
from orderloom.blueprint.explain import explain
from orderloom.blueprint.load import BadBlueprint, from_document, load_texts, read_folder, to_document
from orderloom.domain.rule_places import PLACES, REVIEW

DEFAULT = Path(__file__).resolve().parents[2] / "blueprints" / "default"
HEAD = "name: more\nplace: review\ntitle: {zh: 更多, en: More}\nwhen: [paid, channel, skus]\nthen: [gift, units]\n"
GOOD = HEAD + "rows:\n  - {id: a, when: {paid: '> 5'}, then: {gift: MUG}}\n"


def texts(more: str) -> dict[str, str]:
    return {**read_folder(DEFAULT), "rules/more": more}


def found(tmp_path: Path, more: str) -> dict[str, str]:
    """RulePlace and English reason of every mistake, with its line."""
    for name, text in texts(more).items():
        file = tmp_path / f"{name}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    told = check_folder(tmp_path)
    assert all(one.file == "rules/more.yaml" and one.line and one.reason.zh and one.mend.zh for one in told)
    return {one.place: f"{one.reason.en} | {one.mend.en}" for one in told}


@pytest.mark.parametrize("column, written, meant", [
    ("paid", "> 5", "$ > 5"), ("paid", 5, "$ == 5"), ("paid", "-3", "$ == -3"),
    ("paid", "[1..5)", "$ >= 1 and $ < 5"), ("paid", "> 5 and <= 9", "$ > 5 and $ <= 9"),
    ("channel", "taobao", '$ == "taobao"'), ("channel", "in [taobao, 'a b']", '$ in ["taobao", "a b"]'),
    ("channel", "taobao, jd", '$ in ["taobao", "jd"]'), ("province", "!= 浙江省", '$ != null and $ != "浙江省"'),
    ("skus", "not in [A-1]", '$ != null and not(some($, # in ["A-1"]))'),
    ("channel", '"it\'s"', '$ == "it\'s"'), ("channel", "'5\"'", "$ == '5\"'"), ("channel", "a\\b", '$ == "a\\b"'),
    ("paid_at", ">= 2026-11-11T00:00+08:00", "$ >= 1794326400"), ("paid", "", ""), ("paid", None, ""),
])
def test_what_a_person_writes_is_said_to_the_engine_as_meant(column: str, written: object, meant: str) -> None:
    trait = PLACES[REVIEW].trait(column)
    assert trait is not None
    cell = read_cell(written, trait)  # type: ignore[arg-type]
    assert render(cell, trait) == meant
    try_cell(cell, trait)


@pytest.mark.parametrize("column, written, why", [
    ("paid", "> > 5", "instead of \">\""), ("paid", '"680.5"', "is a text"), ("paid", "680.5", "no whole number"),
    ("paid", "[5..1]", "no value can satisfy"), ("paid", "> 5 and < 6 and < 3", "no value can satisfy"),
    ("channel", 'in ["a', "not understood at character 5"), ("channel", "> 5", "numbers only"),
    ("payment", "codd", "no value of the column"), ("paid", 2**53, "too large"), ("paid", 10**30, "no whole number"),
    ("paid_at", ">= 2026-11-11", "no time with its offset"), ("paid_at", ">= 0001-01-01T00:00Z", "no such time"),
    ("paid_at", "2026-13-01T00:00Z", "no such time"), ("paid", "5 5", "not expected there"), ("paid", "in []", "value"),
    ("paid", True, "not yes or no"), ("paid", "null", "value"), ("paid", "> 5 or < 3", "not expected"),
    ("channel", "import('http')", "not understood|not expected"), ("channel", "x" * 3_000_000, "longer than"),
    ("paid", "in [" + "1," * 300 + "1]", "at most 200"), ("channel", "$root", ""),
])
def test_what_the_engine_would_take_for_no_match_is_refused(column: str, written: object, why: str) -> None:
    trait = PLACES[REVIEW].trait(column)
    assert trait is not None
    if not why:  # a word as any other: it stands in quotes and names nothing
        assert render(read_cell(written, trait), trait) == '$ == "$root"'  # type: ignore[arg-type]
        return
    with pytest.raises(BadCell) as bad:
        read_cell(written, trait)  # type: ignore[arg-type]
    assert any(part in str(bad.value) for part in why.split("|"))


def test_the_engine_still_has_the_trap_that_cells_are_tried_for() -> None:
    trait = PLACES[REVIEW].trait("paid")
    assert trait is not None
    with pytest.raises(RuntimeError):
        zen.evaluate_unary_expression("> > 5", {"$": 6})
    with pytest.raises(RuntimeError):
        zen.evaluate_unary_expression("($ != null and $ != 5)", {"$": 6})


def test_every_mistake_of_a_table_is_told_at_once_with_row_and_column(tmp_path: Path) -> None:
    told = found(tmp_path, HEAD.replace("[paid, channel, skus]", "[paid, chanel, paid]") + """rows:
  - {id: a, when: {paid: '> > 5'}, then: {gift: MUG, units: 0}}
  - {id: a, when: {provnce: x}, then: {unit: 1}}
  - {id: B, then: {gift: MUG, units: many}}
""")
    assert '"channel"' in told["when[1]"] and "twice" in told["when[2]"]
    assert told["rows[0].when.paid"].startswith('row "a", column "paid":')
    assert "from 1 to" in told["rows[0].then.units"] and "must not be empty" in told["rows[1].then.gift"]
    assert "unknown column" in told["rows[1].when.provnce"] and '"units"' in told["rows[1].then.unit"]
    assert "twice" in told["rows[1].id"] and "cannot be a name" in told["rows[2].id"]
    assert "no whole number" in told["rows[2].then.units"]


@pytest.mark.parametrize("hit, rows, dead", [
    ("first", "{id: a, then: {gift: M}}, {id: b, when: {paid: '> 5'}, then: {gift: N}}", "rows[1]"),
    ("first", "{id: a, when: {paid: '>5'}, then: {gift: M}}, {id: b, when: {paid: '> 5', channel: x}, then: {gift: N}}",
     "rows[1]"),
    ("every", "{id: a, when: {paid: '> 5'}, then: {gift: M}}, {id: b, when: {paid: '>5'}, then: {gift: M, units: 1}}",
     "rows[1]"),
    ("every", "{id: a, then: {gift: M}}, {id: b, when: {paid: '> 5'}, then: {gift: N}}", ""),
])
def test_a_row_that_can_never_decide_is_refused(tmp_path: Path, hit: str, rows: str, dead: str) -> None:
    told = found(tmp_path, f"{HEAD}hit: {hit}\nrows: [{rows}]\n")
    assert set(told) == ({dead} if dead else set())


@pytest.mark.parametrize("change, place", [
    (("place: review", "place: revew"), "place"), (("name: more", "name: other"), "name"),
    (("hit: first", "hit: collect"), "hit"), (("[gift, units]", "[units]"), "then"),
    (("rows:", "function: 'x'\nrows:"), "function"), (("when: {paid: '> 5'}", "when: {paid: [5]}"), "rows[0].when"),
    (("rows:\n  - {id: a, when: {paid: '> 5'}, then: {gift: MUG}}", "rows: []"), "rows"),
])
def test_a_table_of_another_shape_is_refused_at_its_place(
    tmp_path: Path, change: tuple[str, str], place: str,
) -> None:
    told = found(tmp_path, (GOOD + "hit: first\n").replace(*change))
    assert any(at.startswith(place) for at in told), told


def test_too_many_rows_are_refused_and_not_tried(tmp_path: Path) -> None:
    rows = "".join(f"  - {{id: r{n}, when: {{paid: {n}}}, then: {{gift: M}}}}\n" for n in range(600))
    assert "at most 500" in found(tmp_path, f"{HEAD}rows:\n{rows}")["rows"]


def test_rules_in_one_file_are_sent_to_a_file_each() -> None:
    with pytest.raises(BadBlueprint, match=r"rules/NAME\.yaml"):
        load_texts("default", {**read_folder(DEFAULT), "rules": "rules: []"})


def test_rules_are_stored_compared_and_explained_as_the_rest_of_a_blueprint() -> None:
    before = load_texts("default", texts(GOOD))
    after = load_texts("default", texts(GOOD.replace("> 5", "> 6")))
    assert from_document(to_document(before)) == before
    assert [str(one) for one in diff(before, after)] == ["~ rules.more.rows.a.when.paid: > 5 → > 6"]
    assert "**更多** More `more`: at review (审单送赠品), first hit" in explain(compile_blueprint(before))


def test_a_blueprint_of_before_rules_is_read_and_asks_nothing() -> None:
    old = load_texts("old", {name: text for name, text in read_folder(DEFAULT).items() if "rules" not in name})
    assert "rules" not in to_document(old)
    assert compile_blueprint(old, is_stored=True).rules.at(REVIEW) == ()


def test_the_rules_that_are_shipped_are_off() -> None:
    rules = compile_blueprint(load_texts("default", read_folder(DEFAULT))).rules
    assert {rule.name for rule in rules.every} >= {"gifts", "merge"} and not rules.asked


def test_a_decision_names_its_rows_those_that_lost_and_what_was_seen_and_costs_little() -> None:
    rows = "".join(f"  - {{id: r{n}, when: {{paid: '> {n * 100}', channel: 'in [taobao, jd]'}}, then: {{gift: M}}}}\n"
                   for n in range(20, 0, -1))
    [rule] = compile_blueprint(load_texts("default", texts(f"{HEAD}rows:\n{rows}"))).rules.at(REVIEW)
    traits = {"paid": 250, "channel": "jd", "skus": ["A"], "total": 1}
    decision = rule.decide(traits, 7)
    assert decision is not None and decision.version == 7
    assert [row.row for row in decision.rows] == ["r2"] and decision.candidates == ("r1",)
    assert decision.rows[0].outcome == {
        "gift": "M", "units": 1, "once_per_buyer": False, "keep": 0, "waits": False}
    assert decision.traits == {"paid": 250, "channel": "jd"}
    assert rule.decide({**traits, "paid": None}, 7) is None and rule.decide({**traits, "channel": None}, 7) is None
    began = time.process_time()
    for _ in range(1_000):
        rule.decide(traits, 7)
    assert time.process_time() - began < 0.2, "20 rows are decided in some 10 us, not in the 150 of `create_decision`"

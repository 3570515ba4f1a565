"""A blueprint that would go wrong is refused before it runs, with the file, the line, the reason and the mend."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec
import pytest
import yaml

from orderloom.blueprint.check import check_folder
from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.diff import diff, removed_stages
from orderloom.blueprint.duration import seconds, spell
from orderloom.blueprint.load import (
    BadBlueprint,
    digest,
    from_document,
    load_folder,
    load_texts,
    read_folder,
    to_document,
)
from orderloom.blueprint.schema import Blueprint

DEFAULT = Path(__file__).parents[2] / "blueprints" / "default"


@cache
def default() -> Blueprint:
    return load_folder(DEFAULT)


@cache
def compiled() -> CompiledBlueprint:
    return compile_blueprint(default())


def texts() -> dict[str, str]:
    return read_folder(DEFAULT)


def broken(tmp_path: Path, file: str, old: str, new: str) -> Path:
    """Write the shipped blueprint with one text replaced."""
    for name, text in texts().items():
        if name == file:
            assert old in text, old
            text = text.replace(old, new, 1)
        (tmp_path / f"{name}.yaml").parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    return tmp_path


def test_the_shipped_blueprint_may_run() -> None:
    assert check_folder(DEFAULT) == ()


PAID = "    on: {fact: paid}\n    to: paid\n    do: [allocate, assign, dispatch]"

VARIANTS = [
    ("lifecycle/new", "initial: awaiting_payment", "initial: awaiting_paymnt", "initial", '"awaiting_payment"'),
    ("lifecycle/blocked", "phase: blocked", "phase: bloked", "stages[0].phase", '"blocked"'),
    ("lifecycle/ready", "owner: warehouse", "owner: warehous", "stages[2].owner", '"warehouse"'),
    ("lifecycle/ready", "time_limit: 2h", "time_limit: soon", "stages[0].time_limit", "90s"),
    ("lifecycle/blocked", "case: short_stock", "case: short_stok", "stages[0].case", '"short_stock"'),
    ("lifecycle/blocked", "    case: short_stock\n", "", "stages[0].case", "name a case"),
    ("lifecycle/new", PAID, PAID.replace("to: paid", "to: payed"), "transitions[5].to", '"paid"'),
    ("lifecycle/new", PAID, PAID.replace("fact: paid", "fact: paidd"), "transitions[5].on.fact", '"paid"'),
    ("lifecycle/new", PAID, PAID.replace("fact: paid", "event: paid"), "transitions[5].on", "fact"),
    ("lifecycle/new", PAID, PAID.replace("assign", "asign"), "transitions[5].do[1]", '"assign"'),
    ("lifecycle/failed", "open_case:parcel_lost", "open_case:parcel_lst", "transitions", '"parcel_lost"'),
    ("lifecycle/failed", "open_case:parcel_lost", "open_case", "transitions", "open_case:<…>"),
    ("lifecycle/blocked", "by: [operations, ware", "by: [operatons, ware", "transitions[2].by", '"operations"'),
    ("lifecycle/new", "when: payment == 'cod'", "when: paymnt == 'cod'", "transitions[1].when", '"payment"'),
    ("lifecycle/new", "when: payment == 'cod'", "when: payment ==", "transitions[1].when", "for example"),
    ("lifecycle/new", "when: payment == 'cod'", "when: payment > 5", "transitions[1].when", "for example"),
    ("lifecycle/new", "when: payment == 'cod'", "when: total + 1", "transitions[1].when", "for example"),
    ("lifecycle/new", "when: payment == 'cod'", "when: len(map([1..9], #)) > 1", "transitions[1].when", "for example"),
    ("lifecycle/new", "when: payment == 'cod'", "wen: payment == 'cod'", "transitions[1].wen", '"when"'),
    ("lifecycle/cancelled", "    leads_to: [completed, returned]\n", "", "transitions", "leads_to of cancelled"),
    ("lifecycle/new", "    when: is_fulfilled_elsewhere\n", "", "transitions[1]", "earlier one a when"),
    ("lifecycle/new", "deadline: reservation_expired", "deadline: reserve", "transitions[6].on.deadline", "expired"),
    ("lifecycle/ready", "name: elsewhere", "name: Else Where", "stages[1].name", "lower-case"),
    ("formulas", "sum(price * quantity) -", "sum(price * quantty) -", "formulas[0].expr", "docs/blueprint.md"),
    ("formulas", "+ freight + tax", "+ freight / 2", "formulas[0].expr", "docs/blueprint.md"),
    ("formulas", "+ freight + tax", "+ freight +", "formulas[0].expr", "docs/blueprint.md"),
    ("formulas", "tolerance: 1", "tolerance: 0", "formulas[0].tolerance", "docs/blueprint.md"),
    ("formulas", "tolerance: 1", "tolerance: 0.01", "formulas[0].tolerance", "docs/blueprint.md"),
    ("formulas", "hold: amount_mismatch", "hold: amount_mismach", "formulas[0].hold", '"amount_mismatch"'),
    ("formulas", "compare: at_most", "compare: atmost", "formulas[2].compare", '"at_most"'),
    ("formulas", "freight: {zh: 运费", "frieght: {zh: 运费", "formulas[0].terms", '"freight"'),
    ("cases/money", "severity: high", "severity: hgih", "cases[0].severity", '"high"'),
    ("cases/landing", "kind: unknown_status", "kind: unknown_sku", "cases[0]", "docs/blueprint.md"),
    ("holds", "blocks: [reserve, assign, dispatch]", "blocks: [reserv]", "holds[0].blocks", '"reserve"'),
    ("holds", "release: [finance, administrator]", "release: []", "holds[0]", "docs/blueprint.md"),
    ("deadlines", "after: 15m", "after: 15 min", "deadlines[0].after", "90s"),
    ("deadlines", "catch_up: fire_all", "catch_up: fire_al", "deadlines[0].catch_up", '"fire_all"'),
    ("deadlines", "exempt_payments: [cod]", "exempt_payments: [cash]", "deadlines[0].exempt_payments", "cod"),
    ("sourcing", "candidates_max: 3", "candidates_max: 0", "candidates_max", "docs/blueprint.md"),
    ("publish", "campaign_percent: 30", "campaign_percent: 130", "default.campaign_percent", "docs/blueprint.md"),
    ("desk", "show: [number, phase, limit", "show: [number, phase, limt", "columns[0].show[2]", '"limit"'),
    ("desk", "show: [number, phase, limit", "show: [phase, limit", "columns[0].show", "add number"),
    ("desk", "show: [number, phase, limit", "show: [number, number", "columns[0].show", "take out"),
    ("desk", "- roles: [finance]\n    show", "- roles: [finanse]\n    show", "columns[2].roles", '"finance"'),
    ("words", "  lost: {zh: 丢失, en: Lost}\n", "", "milestones", "docs/blueprint.md"),
]


@pytest.mark.parametrize(("file", "old", "new", "place", "mend"), VARIANTS)
def test_a_mistake_is_refused_with_its_place_and_its_mend(
    tmp_path: Path, file: str, old: str, new: str, place: str, mend: str
) -> None:
    findings = check_folder(broken(tmp_path, file, old, new))
    matching = [f for f in findings if f.file == f"{file}.yaml" and f.place.startswith(place) and mend in f.mend.en]
    assert matching, [str(finding) for finding in findings]
    assert all(f.line > 0 and f.reason.zh and f.mend.zh for f in matching)
    with pytest.raises(BadBlueprint):
        compile_blueprint(load_folder(tmp_path))


def test_a_time_that_the_hub_cannot_watch_is_refused_to_who_writes_it_and_runs_where_it_is_published(
    tmp_path: Path
) -> None:
    folder = broken(tmp_path, "deadlines", "name: waybill_missing", "name: waybil_missing")
    [finding] = check_folder(folder)
    assert (finding.file, finding.line) == ("deadlines.yaml", 27) and "waybill_missing" in finding.mend.en
    compile_blueprint(load_folder(folder))


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("sourcing", "may_split: true", "may_split: true\nmay_split: false", 4),
        ("sourcing", "may_split: true", "may_split: [", 6),
        ("holds", "type: fraud", "type: fraud\n    typ: x", 36),
        ("cases/landing", "severity: high", "severity: 3", 11),
        ("lifecycle/held", "when: hold ==", "wen: hold ==", 7),
    ],
)
def test_a_slip_of_the_pen_is_found_on_its_line(tmp_path: Path, file: str, old: str, new: str, line: int) -> None:
    findings = check_folder(broken(tmp_path, file, old, new))
    assert findings and findings[0].file == f"{file}.yaml"
    assert findings[0].line == line, str(findings[0])


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    folder = broken(tmp_path, "lifecycle/blocked", "phase: blocked", "phase: bloked")
    file = folder / "formulas.yaml"
    file.write_text(file.read_text("utf-8").replace("tolerance: 1", "tolerance: 0"), "utf-8")
    assert {finding.file for finding in check_folder(folder)} == {"lifecycle/blocked.yaml", "formulas.yaml"}


def test_a_stage_that_nothing_reaches_and_one_that_nothing_leaves_are_refused() -> None:
    lifecycle = default().lifecycle
    lonely = msgspec.structs.replace(lifecycle.stages[4], name="lonely")
    trap = msgspec.structs.replace(lifecycle.stages[4], name="trap")
    into = msgspec.structs.replace(lifecycle.transitions[8], source="short", to="trap", when="total > 1")
    closed = tuple(t for t in lifecycle.transitions if t.source != "*" and "*" not in t.source)
    stages = (*lifecycle.stages, lonely, trap)
    changed = msgspec.structs.replace(lifecycle, stages=stages, transitions=(*closed, into))
    with pytest.raises(BadBlueprint) as refused:
        compile_blueprint(msgspec.structs.replace(default(), lifecycle=changed))
    reasons = " ".join(finding.reason.en for finding in refused.value.findings)
    assert '"lonely" can never be reached' in reasons
    assert 'no final stage can be reached from "trap"' in reasons


def test_a_missing_file_is_named() -> None:
    some = {name: text for name, text in texts().items() if name != "holds"}
    with pytest.raises(BadBlueprint, match=r"holds\.yaml"):
        load_texts("default", some)


def as_one_file(name: str) -> str:
    """The entries of a folder's files as one file, which may be written so, too."""
    entries: dict[str, list[object]] = {}
    for file, text in texts().items():
        if file.startswith(f"{name}/"):
            data = yaml.safe_load(text.replace("on: {", "'on': {"))
            for key in data:
                entries[key] = entries.get(key, []) + data[key] if isinstance(data[key], list) else data[key]
    return yaml.safe_dump(entries, allow_unicode=True)


def test_a_list_in_one_file_is_the_same_blueprint_as_a_folder_of_its_parts() -> None:
    whole = {name: text for name, text in texts().items() if "/" not in name or name.startswith("rules/")}
    whole |= {name: as_one_file(name) for name in ("lifecycle", "cases")}
    one, parts = load_texts("default", whole), default()
    assert sorted(map(str, one.lifecycle.transitions)) == sorted(map(str, parts.lifecycle.transitions))
    assert diff(one, parts) == () and one.lifecycle.initial == parts.lifecycle.initial


def test_a_list_that_is_written_twice_is_refused() -> None:
    with pytest.raises(BadBlueprint, match=r"cases\.yaml.*keep one"):
        load_texts("default", {**texts(), "cases": "cases: []"})


def test_a_lifecycle_in_parts_has_one_beginning_stages_in_the_file_of_their_phase_and_rules_in_one(
    tmp_path: Path
) -> None:
    twice = {**texts(), "lifecycle/ready": "initial: paid\n" + texts()["lifecycle/ready"]}
    with pytest.raises(BadBlueprint, match=r"lifecycle/ready\.yaml.*named twice"):
        load_texts("default", twice)
    [finding] = check_folder(broken(tmp_path, "lifecycle/blocked", "phase: blocked", "phase: ready"))
    assert (finding.file, finding.place, finding.line) == ("lifecycle/blocked.yaml", "stages[0].phase", 7)
    (tmp_path / "lifecycle" / "blockd.yaml").write_text("stages: []\n", "utf-8")
    assert any("blocked" in found.mend.en and found.file == "lifecycle/blockd.yaml" for found in check_folder(tmp_path))


def test_rules_that_compete_stand_in_one_file_where_their_order_can_be_read(tmp_path: Path) -> None:
    first = texts()["lifecycle/new"].split("  # Payment.")[0].rsplit("  - from", 1)[1]
    folder = broken(tmp_path, "lifecycle/ready", "transitions:\n", "transitions:\n  - from" + first)
    torn = [f for f in check_folder(folder) if "which goes first" in f.reason.en]
    assert {(f.file, f.place, f.line) for f in torn} == {("lifecycle/ready.yaml", "transitions[0]", 39)}


def test_what_the_database_keeps_is_the_same_blueprint() -> None:
    stored = msgspec.json.encode(to_document(default()))
    again = from_document(msgspec.json.decode(stored))
    assert again == default() and digest(again) == digest(default())


def test_comments_and_spacing_make_no_new_version_and_a_changed_word_does() -> None:
    spaced = {name: "# note\n" + text.replace("[release, no", "[ release,  no") for name, text in texts().items()}
    assert digest(load_texts("default", spaced)) == digest(default())
    other = {**texts(), "publish": texts()["publish"].replace("30", "31")}
    assert digest(load_texts("default", other)) != digest(default())


def test_a_person_sees_what_a_new_version_changes() -> None:
    other = texts()
    other["lifecycle/ready"] = other["lifecycle/ready"].replace("time_limit: 4h", "time_limit: 6h")
    other["holds"] = other["holds"].split("  - type: change_pending")[0]
    changes = [str(change) for change in diff(default(), load_texts("default", other))]
    assert "~ lifecycle.stages.picking.time_limit: 4h → 6h" in changes
    assert len(changes) == 2 and changes[1].startswith("- holds.change_pending: {")
    assert diff(default(), load_folder(DEFAULT)) == ()


def test_a_removed_stage_is_named_so_that_its_orders_are_mapped_first() -> None:
    lifecycle = default().lifecycle
    fewer = msgspec.structs.replace(lifecycle, stages=tuple(s for s in lifecycle.stages if s.name != "packing"))
    assert removed_stages(default(), msgspec.structs.replace(default(), lifecycle=fewer)) == ("packing",)


def test_times_of_a_channel_go_before_the_general_one() -> None:
    other = {**texts()}
    other["deadlines"] = other["deadlines"].replace("after: 15m\n", "after: 15m\n    channels: {taobao: 1h30m}\n", 1)
    blueprint = compile_blueprint(load_texts("default", other))
    assert blueprint.deadline("reservation", "taobao").after_seconds == 5_400
    assert blueprint.deadline("reservation", "amazon").after_seconds == 900
    assert blueprint.deadline("reservation").is_exempt("cod")
    assert not blueprint.deadline("reservation").is_exempt("unpaid")


def test_the_trades_own_figures_are_the_defaults() -> None:
    blueprint = compiled()
    after = {name: blueprint.deadline(name).after_seconds for name in ("reservation", "downstream_missing")}
    assert after == {"reservation": 900, "downstream_missing": 90}
    assert blueprint.deadline("ship_times_differ").after_seconds == 180
    assert blueprint.publish.within_seconds == 15
    assert blueprint.case("amount_mismatch").owner == "finance"
    assert blueprint.hold("amount_mismatch").blocks == {"reserve", "assign", "dispatch"}


@pytest.mark.parametrize(("text", "total"), [("90s", 90), ("15m", 900), ("1h30m", 5400), ("3d", 259_200)])
def test_durations_are_read_and_spelt_alike(text: str, total: int) -> None:
    assert seconds(text) == total and spell(total) in (text, "1m30s")


@pytest.mark.parametrize("text", ["", "0m", "15", "m", "1.5h", "-3d", "15m junk"])
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(text) + "$"):
        seconds(text)


@pytest.mark.parametrize("text", ["on", "off", "yes", "no", "12:30", "0x10", "1e3"])
def test_words_stay_words_in_the_files(text: str) -> None:
    other = {**texts(), "words": texts()["words"].replace("zh: 丢失", f"zh: {text}")}
    assert load_texts("default", other).words.milestones["lost"].zh == text

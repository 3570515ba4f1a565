"""Mistakes in notification rules that would leave people untold: found when the blueprint is loaded, with the line."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from orderloom.blueprint.check import check_folder
from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.diff import diff
from orderloom.blueprint.load import load_folder, load_texts, read_folder
from orderloom.carried import BLUEPRINT
from orderloom.domain.notify.rule import Occasion, first_due, tells
from orderloom.testing.clock import STORY_BEGINS

FILE = "notifications.yaml"


def broken(folder: Path, old: str, new: str) -> list[tuple[int, str, str]]:
    """(line, place, what is told) of every finding, after one change of the default rules."""
    copy = folder / "blueprint"
    copytree(BLUEPRINT, copy)
    text = (copy / FILE).read_text("utf-8")
    assert old in text, old
    (copy / FILE).write_text(text.replace(old, new, 1), "utf-8")
    return [(f.line, f.place, str(f)) for f in check_folder(copy)]


def default() -> CompiledBlueprint:
    return compile_blueprint(load_folder(BLUEPRINT))


@pytest.mark.parametrize(("old", "new", "place", "said"), [
    ("{severities: [critical]}", "{severities: [kritical]}", "rules[0].when.case.severities", "critical"),
    ("who: [owner, administrator]", "who: [owner, administrater]", "rules[0].who", "administrator"),
    ("template: case", "template: cas", "rules[0].template", "case"),
    ("after: 10m, who", "after: ten, who", "rules[0].escalate[0].after", "90s"),
    ("订单：{order}", "订单：{ordr}", "templates[0].text.zh", "order"),
    ("订单：{order}", "订单：{order.__class__}", "templates[0].text.zh", "{order}"),
    ("未关闭的异常单 {count} 张", "{mend} 张", "rules[4].template", "mend"),
    ("cut: [mend, kind]", "cut: [mend, kid]", "templates[0].cut", "kind"),
    ('from: "22:00"', 'from: "25:00"', "rules[1].quiet.from", "22:00"),
    ('to: "08:00"', 'to: "22:00"', "rules[1].quiet", "never quiet"),
    ('to: "08:00"}', 'to: "08:00", zone: Asia/Peking}', "rules[1].quiet.zone", "Asia/Shanghai"),
    ('to: "08:00"}', f'to: "08:00", zone: {"a" * 300}}}', "rules[1].quiet.zone", "Asia/Shanghai"),
    ('to: "08:00"}', 'to: "08:00", zone: Asia}', "rules[1].quiet.zone", "Asia/Shanghai"),
    ("per: 10m", "per: 10 minutes", "rules[1].throttle.per", "90s"),
    ("{backlog: {over: 50}}", "{backlog: {over: 50}, case: {}}", "rules[4].when", "backlog"),
    ("{case: {severities: [high]}}", "{lifecycle: [complted]}", "rules[1].when.lifecycle", "completed"),
    ("{case: {severities: [high]}}", "{case: {kinds: [oversolt]}}", "rules[1].when.case.kinds", "oversold"),
    ("{case: {severities: [high]}}", "{case: {areas: [stok]}}", "rules[1].when.case.areas", "stock"),
    ("name: grave_case", "name: critical_case", "rules[0]", "twice"),
    ("throttle: {at_most: 6, per: 10m}", "throtle: {at_most: 6, per: 10m}", "rules[1].throtle", "throttle"),
])
def test_a_slip_in_a_rule_is_told_with_its_place_and_the_word_that_was_meant(
    tmp_path: Path, old: str, new: str, place: str, said: str,
) -> None:
    findings = broken(tmp_path, old, new)
    told = [text for line, p, text in findings if p == place and text.startswith(f"{FILE}:{line} ")]
    assert any(said in text for text in told), findings


def test_a_group_that_holds_itself_is_refused_and_not_opened_for_ever(tmp_path: Path) -> None:
    circle = "recipients:\n" + "".join(
        f"  - {{name: {a}, title: {{zh: x, en: x}}, members: [{b}]}}\n" for a, b in (("one", "two"), ("two", "one")))
    findings = broken(tmp_path, "templates:\n", circle + "templates:\n")
    assert {place for _, place, _ in findings} == {"recipients[0].members", "recipients[1].members"}


def test_a_blueprint_of_before_there_were_rules_runs_and_tells_nobody() -> None:
    texts = {name: text for name, text in read_folder(BLUEPRINT).items() if name != "notifications"}
    before = load_texts("before", texts)
    assert compile_blueprint(before).notifications.rules == {}
    changed = {d.place.partition(".")[0] for d in diff(before, load_folder(BLUEPRINT))}
    assert changed - {"name"} == {"notifications"}


def test_critical_and_grave_cases_backlogs_untaken_cases_and_tokens_are_told_by_default() -> None:
    rules = default().notifications.rules
    case = {"severity": "critical", "told": {}, "names": frozenset({"oversold"}), "subject": "c", "at": STORY_BEGINS}
    told = [name for name, rule in rules.items() if any(
        tells(rule, Occasion(trigger, **case)) for trigger in ("case", "not_taken"))]  # type: ignore[arg-type]
    assert told == ["critical_case", "not_taken"]
    wait = first_due(rules["not_taken"], Occasion("not_taken", **case)) - STORY_BEGINS  # type: ignore[arg-type]
    assert wait.total_seconds() == 7_200 and rules["backlog"].over == 50
    assert {rule.trigger for rule in rules.values()} == {"case", "not_taken", "backlog", "token_ends"}


def test_every_kind_of_case_is_told_of_by_some_rule_when_nobody_takes_it() -> None:
    blueprint = default()
    for kind in blueprint.cases.values():
        occasion = Occasion(
            "not_taken", "c", STORY_BEGINS, frozenset({kind.kind}), kind.severity, {}, kind.area, kind.owner)
        assert any(tells(rule, occasion) for rule in blueprint.notifications.rules.values()), kind.kind


def test_repeated_steps_are_written_once_and_done_as_often_as_they_say() -> None:
    steps = default().notifications.rules["critical_case"].steps
    assert [s.after_seconds for s in steps] == [0, 600, 600, 600, 600] and steps[-1].by == ("voice",)

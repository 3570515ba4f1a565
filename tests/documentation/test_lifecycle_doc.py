"""The written lifecycle is the one that runs: a reader of the page is not misled."""

from __future__ import annotations

import re
from pathlib import Path

from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.explain import explain
from orderloom.blueprint.load import load_folder
from orderloom.domain.draft import MILESTONES
from orderloom.domain.lifecycle import ACTIONS, EFFECTS, FACTS
from orderloom.domain.traits import TRAIT_SAMPLES

ROOT = Path(__file__).parents[2]
BLUEPRINT = compile_blueprint(load_folder(ROOT / "blueprints" / "default"))


def test_the_page_is_what_the_blueprint_says_today() -> None:
    written = (ROOT / "docs" / "lifecycle.md").read_text("utf-8")
    regenerate = "run: python -m orderloom.blueprint.explain blueprints/default > docs/lifecycle.md"
    assert written == explain(BLUEPRINT), regenerate


def test_every_stage_and_every_rule_is_on_the_page() -> None:
    page = explain(BLUEPRINT)
    graph = BLUEPRINT.lifecycle.graph
    for stage in graph.stages:
        assert f"**{stage.title.zh}** {stage.title.en} `{stage.name}`" in page
        assert stage.customer.zh in page
    rules = page.split("## Rules")[1].split("## Deadlines")[0]
    assert [int(n) for n in re.findall(r"^\| (\d+) \|", rules, re.MULTILINE)] == list(range(len(graph.transitions)))


def test_the_diagram_draws_only_stages_that_exist() -> None:
    diagram = explain(BLUEPRINT).split("```")[1]
    drawn = set(re.findall(r"^  (\w+) -->", diagram, re.MULTILINE)) | set(re.findall(r"--> (\w+)", diagram))
    assert drawn == {stage.name for stage in BLUEPRINT.lifecycle.graph.stages} | {"any"}


def test_the_language_page_names_every_trait_fact_action_and_effect() -> None:
    page = (ROOT / "docs" / "blueprint.md").read_text("utf-8")
    triggers = [fact for fact in FACTS if fact not in MILESTONES]
    missing = [word for word in (*TRAIT_SAMPLES, *triggers, *ACTIONS, *EFFECTS) if not re.search(rf"\b{word}\b", page)]
    assert missing == []

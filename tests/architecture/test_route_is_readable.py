"""A newcomer can follow one order through few files, each named after its stage, none of them a maze."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from orderloom.application import commands
from orderloom.domain.lifecycle import EFFECTS as LIFECYCLE_EFFECTS
from orderloom.route import BESIDE, EFFECTS, STAGES, VERBS, Stage

SOURCE = Path(__file__).resolve().parents[2] / "src" / "orderloom"
FILES_MAX = 12
PURE = [s for s in (*STAGES, *BESIDE) if s.transaction == "the batch's" and s.verb != "translate"]


def test_one_order_is_followed_through_at_most_twelve_files() -> None:
    files = {"route.py", *(stage.module for stage in STAGES)}
    assert len(files) <= FILES_MAX, sorted(files)


@pytest.mark.parametrize("stage", [*STAGES, *BESIDE], ids=lambda s: s.verb)
def test_the_map_leads_to_files_that_are_there(stage: Stage) -> None:
    file = SOURCE / stage.module
    assert file.is_file(), f"{stage.verb}: no {stage.module}"
    assert ast.get_docstring(ast.parse(file.read_text("utf-8"))), f"{stage.module} does not say what it is for"


@pytest.mark.parametrize("stage", STAGES, ids=lambda s: s.verb)
def test_a_stage_is_in_the_file_that_bears_its_name(stage: Stage) -> None:
    assert Path(stage.module).stem == stage.verb


@pytest.mark.parametrize("stage", PURE, ids=lambda s: s.verb)
def test_a_stage_that_decides_neither_waits_nor_asks_anybody(stage: Stage) -> None:
    tree = ast.parse((SOURCE / stage.module).read_text("utf-8"))
    waits = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.AsyncFunctionDef | ast.Await | ast.AsyncWith)]
    assert waits == [], f"{stage.module} waits at {waits}"
    names = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert not [n for n in names if n.startswith(("orderloom.adapters", "psycopg", "httpx2"))], names


def test_every_command_is_answered_by_a_verb_on_the_map() -> None:
    assert set(commands.AnyCommand.__args__) == VERBS.keys()
    modules = {s.module for s in (*STAGES, *BESIDE)}
    for kind, verb in VERBS.items():
        file = Path(inspect.getsourcefile(verb) or "").relative_to(SOURCE)
        assert str(file) in modules, f"{kind.__name__} is answered in {file}, which is not on the map"


def test_every_effect_that_a_blueprint_may_name_is_done_by_the_route() -> None:
    assert EFFECTS.keys() == LIFECYCLE_EFFECTS.keys()

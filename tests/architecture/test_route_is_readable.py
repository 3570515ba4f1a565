"""A newcomer can follow one order through few files, each named after its stage, none of them a maze."""

from __future__ import annotations

import ast
import inspect
import textwrap
from pathlib import Path

import pytest

from orderloom.application import commands
from orderloom.domain.lifecycle import EFFECTS as LIFECYCLE_EFFECTS
from orderloom.domain.lifecycle import NOT_DONE
from orderloom.route import ALONE, BESIDE, EFFECTS, LEGS, VERBS, Leg

SOURCE = Path(__file__).resolve().parents[2] / "src" / "orderloom"
PURE = [s for s in (*LEGS, *BESIDE) if s.transaction == "the batch's" and s.verb not in ("sort", "translate")]

@pytest.mark.parametrize("stage", [*LEGS, *BESIDE], ids=lambda s: s.verb)
def test_the_map_leads_to_files_that_are_there(stage: Leg) -> None:
    file = SOURCE / stage.module
    assert file.is_file(), f"{stage.verb}: no {stage.module}"
    assert ast.get_docstring(ast.parse(file.read_text("utf-8"))), f"{stage.module} does not say what it is for"


@pytest.mark.parametrize("stage", LEGS, ids=lambda s: s.verb)
def test_a_stage_is_in_the_file_that_bears_its_name(stage: Leg) -> None:
    assert Path(stage.module).stem == stage.verb


@pytest.mark.parametrize("stage", PURE, ids=lambda s: s.verb)
def test_a_stage_that_decides_neither_waits_nor_asks_anybody(stage: Leg) -> None:
    tree = ast.parse((SOURCE / stage.module).read_text("utf-8"))
    waits = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.AsyncFunctionDef | ast.Await | ast.AsyncWith)]
    assert waits == [], f"{stage.module} waits at {waits}"
    names = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert not [n for n in names if n.startswith(("orderloom.adapters", "psycopg", "httpx2"))], names


def test_every_command_is_answered_by_a_verb_on_the_map() -> None:
    assert set(commands.AnyCommand.__args__) == VERBS.keys()
    modules = {s.module for s in (*LEGS, *BESIDE)}
    for kind, verb in VERBS.items():
        file = Path(inspect.getsourcefile(verb) or "").relative_to(SOURCE)
        assert str(file) in modules, f"{kind.__name__} is answered in {file}, which is not on the map"


def test_every_effect_that_a_blueprint_may_name_is_done_by_the_route() -> None:
    assert EFFECTS.keys() == LIFECYCLE_EFFECTS.keys()


def test_an_effect_is_struck_out_nowhere_but_where_the_reader_is_told_of_it() -> None:
    strikes = set()
    for file in sorted((SOURCE / "application").rglob("*.py")) + sorted((SOURCE / "domain").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                compared = [n for n in ast.walk(node) if isinstance(n, ast.Compare)]
                strikes |= {f"{file.name}: {node.name}" for n in compared if ast.unparse(n.left).endswith(".verb")}
    assert strikes == {"lifecycle.py: first_effects", "lifecycle_check.py: _effects"}
    told = {name for left in NOT_DONE for name in left.effects}
    assert {"reserve", "notify"} <= told <= EFFECTS.keys() and all(left.when and left.why for left in NOT_DONE)


def test_an_effect_that_may_end_before_it_began_says_when() -> None:
    told = {name for left in NOT_DONE for name in left.effects}
    written = {name: effect for name, effect in EFFECTS.items() if effect.__name__ != "<lambda>"}
    ending = {name for name, effect in written.items()
              if any(isinstance(node, ast.Return) and node.value is None
                     for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(effect)))))}
    assert ending <= told, "an early return of an effect is told in NOT_DONE"


def test_an_effect_that_does_nothing_is_said_to_do_nothing() -> None:
    nothing = (lambda journey, _: None).__code__.co_code
    idle = {name for name, effect in EFFECTS.items() if effect.__code__.co_code == nothing}
    assert idle == {name for left in NOT_DONE if left.when == "always" for name in left.effects}


def _parts(*names: str) -> set[str]:
    """Modules of the application that these need, and these."""
    seen: set[str] = set()
    todo = list(names)
    while todo:
        file = SOURCE / "application" / f"{todo[-1]}.py"
        if todo.pop() in seen or not file.is_file():
            continue
        seen.add(file.stem)
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("orderloom.application"):
                todo += [*(node.module or "").split(".")[2:3], *[alias.name for alias in node.names]]
    return seen


def test_nothing_is_done_that_is_not_on_the_map() -> None:
    legs = [Path(leg.module).stem for leg in (*LEGS, *BESIDE) if leg.module.startswith("application/")]
    on_it = _parts(*legs, *ALONE, "handle")
    every = {file.stem for file in (SOURCE / "application").glob("*.py")} - {"__init__"}
    assert sorted(every - on_it) == [], "put the verb on the map: route.py, ALONE"
    assert [name for name in ALONE if name not in every] == []

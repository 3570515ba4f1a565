"""What the code and the connectors name is in the shipped catalogues: no case fails to open when it is needed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.domain.phase import AXES

ROOT = Path(__file__).parents[2]
PROBLEMS = {"Problem", "Unfit"}
OPENERS = {"open_case", "case"}
HOLDERS = {"hold", "lift"}


@cache
def default() -> CompiledBlueprint:
    return compile_blueprint(load_folder(ROOT / "blueprints" / "default"))


def called_with(names: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the place and the first text argument of every call of a function that is named so."""
    for folder in ("application", "blueprint", "domain"):
        for file in (ROOT / "src" / "orderloom" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in names:
                    for argument in [*node.args[:1], *(k.value for k in node.keywords if k.arg == "code")]:
                        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                            yield f"{file.relative_to(ROOT)}:{node.lineno}", argument.value


def dictionary(field: str) -> Iterator[tuple[str, str]]:
    """Yield the place and value of a field in every connector's status dictionary."""
    for file in sorted((ROOT / "src" / "orderloom" / "adapters").rglob("statuses.yaml")):
        yield from _found(f"{file.parent.name}/statuses.yaml", yaml.safe_load(file.read_text("utf-8")), field)


def _found(place: str, value: Any, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == field and isinstance(inner, str) and inner:
                yield place, inner
            yield from _found(f"{place} {key}", inner, field)


def test_every_problem_of_a_message_has_a_kind_of_case() -> None:
    named = list(called_with(PROBLEMS))
    assert len(named) > 10
    assert [(place, code) for place, code in named if code not in default().cases] == []


def test_every_case_that_the_code_opens_is_in_the_catalogue() -> None:
    assert [(place, kind) for place, kind in called_with(OPENERS) if kind not in default().cases] == []


def test_every_hold_that_the_code_or_a_connector_asks_for_is_in_the_catalogue() -> None:
    named = [*called_with(HOLDERS), *dictionary("hold")]
    assert [(place, type) for place, type in named if type not in default().holds] == []


def test_every_payment_word_of_a_connector_is_on_the_payment_axis() -> None:
    named = list(dictionary("payment"))
    assert len(named) > 20
    assert [(place, value) for place, value in named if value not in AXES["payment"]] == []

"""What a seller or a connector's author may set does something: no field is only loaded, checked and drawn."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import msgspec
import pytest

from orderloom.adapters import manifests
from orderloom.blueprint import schema
from orderloom.blueprint.load import load_folder
from orderloom.domain.words import DEADLINES

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = ROOT / "blueprints" / "default"
SOURCE = ROOT / "src" / "orderloom"
NO_READERS = {f"blueprint/{name}.py" for name in ("schema", "load", "check", "compile", "explain", "graph", "diff")}
"""Files that carry a field on, or show it, and do nothing by it; `compile` and `graph` may give it another name."""
RENAMED = {
    "StageEntry.time_limit": "limit_seconds", "TransitionEntry.source": "sources", "TransitionEntry.on": "triggers",
    "TransitionEntry.do": "effects", "TransitionEntry.by": "roles", "TransitionEntry.when": "step",
    "FormulaEntry.expr": "terms", "FormulaEntry.when": "applies", "CaseEntry.time_limit": "limit_seconds",
    "HoldEntry.expires": "expires_seconds", "DeadlineEntry.after": "after_seconds",
    "DeadlineEntry.channels": "deadline", "DeadlineEntry.exempt_payments": "is_exempt",
    "PublishFile.within": "within_seconds", "PublishFile.reserved_percent": "shown",
}
"""What compiled structs call it, or the method that answers by it."""
STRUCTS = [
    kind for kind in vars(schema).values()
    if isinstance(kind, type) and issubclass(kind, schema.Shape) and kind not in (schema.Shape, schema.Blueprint)
] + [manifests.Manifest, manifests.Pull, manifests.Rate]


@cache
def _read() -> frozenset[str]:
    """Names that some expression reads as an attribute, in every file that does something."""
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        if str(file.relative_to(SOURCE)) not in NO_READERS:
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                    found.add(node.attr)
    return frozenset(found)


@pytest.mark.parametrize(
    "field", [f"{kind.__name__}.{field.name}" for kind in STRUCTS for field in msgspec.structs.fields(kind)])
def test_what_can_be_set_is_read_by_something_that_acts_on_it(field: str) -> None:
    assert RENAMED.get(field, field.partition(".")[2]) in _read(), f"{field}: give it a reader or remove it"


def test_every_kind_of_case_that_is_shipped_is_opened_by_something() -> None:
    acts = "\n".join(file.read_text("utf-8") for file in SOURCE.rglob("*.py"))
    rules = "\n".join(file.read_text("utf-8") for file in DEFAULT.rglob("*.yaml") if file.parent.name != "cases")
    never = [case.kind for case in load_folder(DEFAULT).cases
             if f'"{case.kind}"' not in acts and not re.search(rf"\b{case.kind}\b", rules)]
    assert never == [], "a person would wait for a case that nothing opens"


def test_every_time_that_a_blueprint_may_watch_is_asked_for_by_something() -> None:
    asked = {
        node.args[0].value
        for file in (SOURCE / "application").rglob("*.py") for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "deadline"
        and isinstance(node.args[0], ast.Constant)
    }
    assert asked == set(DEADLINES)


def test_a_field_without_a_reader_is_noticed() -> None:
    assert "limit_seconds" in _read() and "overlap_that_nobody_reads" not in _read()
    assert set(RENAMED) <= {f"{kind.__name__}.{f.name}" for kind in STRUCTS for f in msgspec.structs.fields(kind)}

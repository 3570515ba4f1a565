"""A new connector's folder decides alone how it takes part in the rehearsed world: the world's own files name none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import orderloom.rehearsal
from orderloom.adapters.manifests import manifests

WORLD = sorted(Path(orderloom.rehearsal.__file__).parent.glob("*.py"))
WORDS = frozenset({"email", "files", "generic", "hook", "manual", "voice", "webhook"})
"""Names that are words, too: they may stand in a sentence, and in code only where they are no name of a connector."""


def said_in_code(tree: ast.AST) -> Iterator[str]:
    """What a file imports, and what its strings say but for sentences about the code."""
    sentences = {id(node.value) for node in ast.walk(tree)
                 if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in sentences:
            yield node.value
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", WORLD, ids=lambda path: path.name)
def test_a_connector_takes_part_in_the_world_without_being_named_there(path: Path) -> None:
    names, text = frozenset(manifests()), path.read_text("utf-8")
    anywhere = re.findall(r"[a-z0-9]+(?:_[a-z0-9]+)*", text.lower())
    assert not {word for word in anywhere for name in names - WORDS if name in (word, *word.split("_"))}
    code = {word for said in said_in_code(ast.parse(text)) for word in re.findall(r"\w+", said)}
    assert not names & code


def test_the_usual_world_is_led_by_one_system_and_one_carrier() -> None:
    from_folders = orderloom.rehearsal.platforms
    leading = [name for name, part in from_folders.PARTS.items() if part.is_leading]
    assert leading == [from_folders.SYSTEM, from_folders.ROAD]
    assert all(from_folders.PARTS[name].is_usual for name in leading)

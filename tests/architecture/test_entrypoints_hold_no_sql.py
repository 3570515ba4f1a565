"""Who asks for something parses, calls a verb and shows the answer: what is kept is never touched from there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ENTRYPOINTS = Path(__file__).resolve().parents[2] / "src" / "orderloom" / "entrypoints"
OF_THE_DATABASE = {"execute", "executemany", "copy", "pool", "transaction", "begin", "shelf"}
"""Names by which a connection, or the pool of them, would be used."""


@pytest.mark.parametrize("file", sorted(ENTRYPOINTS.rglob("*.py")), ids=lambda f: str(f.relative_to(ENTRYPOINTS)))
def test_no_entrypoint_speaks_to_the_database_by_itself(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    found = [f"{node.lineno}: .{node.attr}" for node in ast.walk(tree)
             if isinstance(node, ast.Attribute) and node.attr in OF_THE_DATABASE]
    assert found == [], "ask a port: bootstrap/ports.py"


def test_no_statement_lies_beside_an_entrypoint() -> None:
    assert list(ENTRYPOINTS.rglob("*.sql")) == []

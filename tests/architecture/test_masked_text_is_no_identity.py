"""Every place that looks at who a receiver is, is known here with what it does about one that the platform hides."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from orderloom.adapters.manifests import manifests
from orderloom.domain.contract import TOKENS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "orderloom"
PERSONS = {"receiver", "person", "buyer", "consignee"}
PARTS = {"name", "phone", "detail", "token"}
READERS = {
    "adapters/vault.py": "makes no index, merge key or digest of masked text",
    "application/translate.py": "takes masked text apart into nothing, cipher text becomes the token",
    "application/masking.py": "hides what is hidden already once more",
    "domain/contract.py": "refuses where stars would be printed; no digits of a masked phone",
    "application/accept_address.py": "proposes regions of an address in one text; nothing is looked up by it",
    "application/jobs/erase_texts.py": "takes these texts out of others; one with stars takes nothing else out",
    "application/queries/compose_paper.py": "makes no label of a receiver that the platform hides",
    "application/entered_problems.py": "refuses stars where a person types an order",
    "application/queries/export_columns.py": "writes what may be seen into a file, stars as stars",
    "application/queries/paper.py": "prints what may be seen for people who pack, stars as stars",
    "domain/cleaning.py": "says what is hidden",
    "domain/paper/label.py": "prints what queries/compose_paper.py has let through",
    "domain/limits.py": "lengths only",
    "entrypoints/cli/orders.py": "shows it, masked by us anyway",
    "entrypoints/cli/works.py": "shows it, masked by us anyway",
    "entrypoints/http/api/erasures.py": "looks up a number that an administrator typed; masked ones have no index",
    "entrypoints/http/api/entering.py": "splits what a person pasted while typing an order; nothing is looked up by it",
    "entrypoints/http/api/order_commands.py": "takes what a person typed in clear, and no stars",
}
INDEXES = {"name_index", "phone_index"}
KINDS = {"name", "phone", "buyer", "place", "token"}
MAKERS = {"adapters/vault.py", "entrypoints/http/api/search.py", "entrypoints/http/api/erasures.py",
          "entrypoints/cli/erasure.py"}
"""Of what a person typed in clear to look for, and of what is sealed."""


def touching(tree: ast.AST) -> bool:
    """Whether the code reads a part of a person."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in PARTS:
            continue
        whose = getattr(node.value, "id", getattr(node.value, "attr", ""))
        if whose in PERSONS or (node.attr == "phone" and whose != "settings"):
            return True
    return False


def files() -> dict[str, ast.AST]:
    """Everything inside the hub; connectors get a person only in bodies that `contract.py` has let through."""
    rooms = ("domain", "application", "entrypoints", "adapters/db")
    found = [*SOURCE.glob("adapters/*.py"), *(file for room in rooms for file in (SOURCE / room).rglob("*.py"))]
    return {str(file.relative_to(SOURCE)): ast.parse(file.read_text("utf-8")) for file in found}


def makes_index(node: ast.AST) -> bool:
    """Whether the code makes a blind index of a part of a person."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    first = node.args[0] if node.args else None
    is_named = isinstance(first, ast.Constant) and first.value in KINDS
    return node.func.attr in INDEXES or (node.func.attr == "index" and is_named)


def test_nobody_looks_at_a_person_who_is_not_known_here() -> None:
    looking = sorted(name for name, tree in files().items() if touching(tree))
    assert looking == sorted(READERS), "say here what it does with a receiver that the platform hides"


def test_indexes_of_people_are_made_in_one_place() -> None:
    made = {name for name, tree in files().items() if any(map(makes_index, ast.walk(tree)))}
    assert made == MAKERS


@pytest.mark.parametrize("name", sorted(manifests()))
def test_a_target_that_prints_labels_takes_tokens_or_is_never_given_stars(name: str) -> None:
    for kind in ("work", "label"):
        fields = manifests()[name].outbound.get(kind)
        if kind not in manifests()[name].capabilities:
            continue
        assert fields is not None, f"{name} {kind}: without a contract nothing says whether it takes a token"
        cut = [token for token in TOKENS if fields.get(token) is not None and (fields[token] or 0) < 200]
        assert cut == [], f"{name} {kind}: a token has up to 4000 signs"

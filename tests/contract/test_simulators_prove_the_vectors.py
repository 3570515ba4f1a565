"""Each platform's own signature vectors in its simulator's code, not the client's: two would have to err alike.

A simulator module proves one by `prove(vector)`, where `vector` is an entry of the folder's `samples/vectors.json`.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from orderloom.adapters.manifests import folders

VECTORS = [
    pytest.param(path.parent.name, path.name, vector, id=f"{path.name}/{n} {vector['name']}")
    for path in folders()
    if (path / "samples" / "vectors.json").is_file()
    for n, vector in enumerate(json.loads((path / "samples" / "vectors.json").read_text("utf-8")))
]


@pytest.mark.parametrize(("family", "name", "vector"), VECTORS)
def test_the_simulator_computes_what_the_platform_published(family: str, name: str, vector: dict[str, Any]) -> None:
    simulator = import_module(f"orderloom.adapters.{family}.{name}.simulator")
    assert hasattr(simulator, "prove"), "docs/simulators.md: a simulator whose platform signs has prove(vector)"
    assert simulator.prove(vector) == vector["expect"]

"""Runs the platform's own signature vectors, `samples/vectors.json` of a folder, against the folder's recipes.

Each is {name, recipe, given, params, expect}: `recipe` is the place of a recipe in the file (`calls.main.sign`,
`push.verify.0.recipe`, with the choice behind it where a setting chooses), `given` the names it stands on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderloom.adapters.kit.notes import DeclarationNotes, Place
from orderloom.adapters.kit.paths import look

FILE = "vectors.json"


def run_vectors(folder: Path, notes: DeclarationNotes) -> int:
    """How many vectors there are; notes those that a recipe does not reproduce."""
    file = folder / "samples" / FILE
    if not file.is_file():
        return 0
    vectors = json.loads(file.read_text("utf-8"))
    for vector in vectors:
        place: Place = tuple(int(step) if step.isdecimal() else step for step in str(vector["recipe"]).split("."))
        recipe = notes.recipes.get(place)
        if recipe is None:
            notes.wrong(place, f"{FILE}: {vector.get('name')}: 没有这个配方 / there is no such recipe")
        elif (made := recipe.sign(getter(vector))) != vector["expect"]:
            notes.wrong(place, f"{FILE}: {vector.get('name')}: 签名不符，应为 / the platform's signature is "
                               f"{vector['expect']}, not {made}")
    return len(vectors)


def getter(vector: Mapping[str, Any]) -> Any:
    """The names of a vector, as a recipe asks for them."""
    given: Mapping[str, Any] = vector.get("given", {})

    def get(dotted: str) -> Any:
        if dotted.endswith("_said"):
            return vector.get(dotted.removesuffix("_said"), vector.get("params", {}))
        return look(given, dotted) if dotted not in given else given[dotted]

    return get



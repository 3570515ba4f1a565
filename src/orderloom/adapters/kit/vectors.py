"""Runs the platform's own signature vectors, `samples/vectors.json` of a folder, against the folder's recipes.

Each is {name, recipe, given, params, expect}: `recipe` is the place of a recipe in the file (`calls.main.sign`,
`push.verify.0.recipe`, with the choice behind it where a setting chooses), `given` the names it stands on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from orderloom.adapters.kit.notes import DeclarationNotes, Place
from orderloom.adapters.kit.paths import look

FILE = "vectors.json"
SHOWN_MAX = 500


class Vector(msgspec.Struct, frozen=True):
    """What a platform published: names that a recipe stands on, and the signature of them. `query`, `send` and
    `headers` are told where they differ from `params`, all of what leaves."""

    name: str
    recipe: str
    expect: str
    given: dict[str, Any] = {}
    params: dict[str, Any] = {}
    query: dict[str, Any] | None = None
    send: dict[str, Any] | None = None
    headers: dict[str, Any] | None = None


def run_vectors(folder: Path, notes: DeclarationNotes) -> int:
    """How many vectors there are; notes those that a recipe does not reproduce."""
    file = folder / "samples" / FILE
    if not file.is_file():
        return 0
    try:
        vectors = msgspec.json.decode(file.read_bytes(), type=list[Vector])
    except msgspec.DecodeError as error:
        notes.wrong((), f"{FILE}: 无法读取 / cannot be read: {error}")
        return 0
    for vector in vectors:
        place: Place = tuple(int(step) if step.isdecimal() else step for step in vector.recipe.split("."))
        recipe = notes.recipes.get(place)
        if recipe is None:
            known = "; known: " + ", ".join(".".join(map(str, one)) for one in notes.recipes)
            notes.wrong(place, f"{FILE}: {vector.name}: 没有这个配方 / there is no such recipe{known}")
        elif not notes.is_sound(place):
            continue  # its own mistake is told already
        elif (made := recipe.sign(getter(vector))) != vector.expect:
            notes.wrong(place, f"{FILE}: {vector.name}: 签名不符，应为 / the platform's signature is "
                               f"{vector.expect}, not {made}; 所签文字 / what was digested: "
                               f"{recipe.message(getter(vector))[:SHOWN_MAX]!r}")
    return len(vectors)


def getter(vector: Vector) -> Any:
    """The names of a vector, as a recipe asks for them."""

    def get(dotted: str) -> Any:
        if dotted.endswith("_said"):
            told = {"query": vector.query, "send": vector.send, "headers": vector.headers}
            beside = told.get(dotted.removesuffix("_said"))
            return vector.params if beside is None else beside
        return look(vector.given, dotted) if dotted not in vector.given else vector.given[dotted]

    return get

"""Runs the platform's own signature vectors, `samples/vectors.json` of a folder, against the folder's recipes.

Each is {name, recipe, given, params, expect}: `recipe` is the place of a recipe in the file (`calls.main.sign`,
`push.verify.0.recipe`, with the choice behind it where a setting chooses), `given` the names it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from orderloom.adapters.kit.notes import DeclarationNotes, Place, Signs
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
    """How many vectors there are; notes those that a recipe does not reproduce, and recipes that only a vector reads
    and none does."""
    vectors = read_vectors(folder / "samples" / FILE, notes)
    try_vectors(vectors, notes)
    proven = {vector.recipe for vector in vectors}
    for place in notes.recipes:
        if place[0] == "recipes" and ".".join(map(str, place)) not in proven:
            notes.wrong(place, f"{FILE} 没有它的签名 / no signature of samples/{FILE} proves it, and nothing else "
                               "uses it")
    return len(vectors)


def read_vectors(file: Path, notes: DeclarationNotes) -> list[Vector]:
    """The vectors of a file, none where there is no file; notes a file that cannot be read."""
    if not file.is_file():
        return []
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[Vector])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        notes.wrong((), f"{FILE}: 无法读取 / cannot be read: {error}")
        return []


def try_vectors(vectors: Iterable[Vector], notes: DeclarationNotes) -> None:
    """Notes the vectors that the noted recipes do not reproduce."""
    for vector in vectors:
        place: Place = tuple(int(step) if step.isdecimal() else step for step in vector.recipe.split("."))
        recipe = notes.recipes.get(place)
        if recipe is None:
            known = "; known: " + ", ".join(".".join(map(str, one)) for one in notes.recipes)
            notes.wrong(place, f"{FILE}: {vector.name}: 没有这个配方 / there is no such recipe{known}")
        elif not notes.is_sound(place):
            continue  # its own mistake is told already
        elif (made := _made(recipe, vector)) != vector.expect:
            notes.wrong(place, f"{FILE}: {vector.name}: 签名不符，应为 / the platform's signature is "
                               f"{vector.expect}, not {made}; 所签文字 / what was digested: "
                               f"{recipe.message(getter(vector))[:SHOWN_MAX]!r}")


def _made(recipe: Signs, vector: Vector) -> str:
    try:
        return recipe.sign(getter(vector))
    except ValueError as error:
        return str(error)


def getter(vector: Vector) -> Any:
    """The names of a vector, as a recipe asks for them."""

    def get(dotted: str) -> Any:
        if dotted.endswith("_said"):
            told = {"query": vector.query, "send": vector.send, "headers": vector.headers}
            beside = told.get(dotted.removesuffix("_said"))
            return vector.params if beside is None else beside
        return look(vector.given, dotted) if dotted not in vector.given else vector.given[dotted]

    return get

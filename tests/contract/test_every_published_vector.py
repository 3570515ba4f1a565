"""Every published signature is made by the engine and, separately, by the code of a simulator.

`vectors/published.json` names all 68, what each signs and the folder that it belongs to, whose `samples/vectors.json`
has it with its recipe. Where there is no connector, recipe and vector stand in `vectors/without_folder.*`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import copy
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec
import pytest

from orderloom.adapters.kit.load import load_folder
from orderloom.adapters.kit.notes import BadConnector, DeclarationNotes
from orderloom.adapters.kit.shared import with_shared
from orderloom.adapters.kit.signing import Recipe, UnreadableKey, compile_recipe
from orderloom.adapters.kit.vectors import Vector, getter, try_vectors
from orderloom.adapters.manifests import ADAPTERS, folders
from orderloom.blueprint.plain import read
from tests.support import without_folder

VECTORS = Path(__file__).with_name("vectors")
COUNT = 68
PUBLISHED: list[dict[str, str]] = json.loads((VECTORS / "published.json").read_text("utf-8"))
IN_FOLDERS = [f"{path.parent.name}/{path.name}" for path in folders() if (path / "samples" / "vectors.json").is_file()]
ELSEWHERE = ""
PARAMS = ("params", "query", "send", "headers")


class Kept(NamedTuple):
    """A folder's declaration as data, its vectors, and the code of its simulator."""

    said: Any
    vectors: tuple[dict[str, Any], ...]
    prove: Callable[[dict[str, Any]], str]

    def recipe(self, place: str) -> dict[str, Any]:
        """The recipe at a place, as it is written."""
        at = self.said
        for step in place.split("."):
            if step.isdecimal() and not isinstance(at, list):
                continue  # one of several, where there is only one
            at = at[int(step)] if step.isdecimal() else at[step]
        return dict(at)


@cache
def kept(folder: str) -> Kept:
    """What a folder has; for none, what stands beside this test."""
    if not folder:
        declared, file, prove = VECTORS / "without_folder.yaml", VECTORS / "without_folder.json", without_folder.prove
    else:
        path = ADAPTERS / folder
        declared, file = path / "connector.yaml", path / "samples" / "vectors.json"
        prove = import_module(f"orderloom.adapters.{folder.replace('/', '.')}.simulator").prove
    vectors = tuple(json.loads(file.read_text("utf-8")))
    said = with_shared(read(declared.read_text("utf-8"))[0], DeclarationNotes(folder, {}))
    return Kept(said, vectors, prove)


def compiled(recipe: dict[str, Any], vector: Vector) -> Recipe | None:
    """The recipe as the engine compiles it, which knows the names that the vector gives; None: refused."""
    notes = DeclarationNotes("vectors", {})
    made = compile_recipe(recipe, (), {name.partition(".")[0] for name in vector.given}, notes)
    return None if notes.mistakes else made


def digested(recipe: Recipe, vector: Vector) -> str:
    """Key and text of a digest; what a platform prints as the signed text is in one of both."""
    get = getter(vector)
    return (b"".join(part(get) for part in recipe.key) + b"\n\n" + recipe.message(get)).decode()


def test_all_of_them_are_there_and_none_twice() -> None:
    assert len(PUBLISHED) == len({one["id"] for one in PUBLISHED}) == COUNT
    assert {one["folder"] for one in PUBLISHED} - {ELSEWHERE} <= set(IN_FOLDERS)


@pytest.mark.parametrize("one", PUBLISHED, ids=lambda one: one["id"])
def test_the_published_signature_is_made_by_the_engine_and_by_code_of_its_own(one: dict[str, str]) -> None:
    folder, wanted = kept(one["folder"]), unquote(one["expect"])
    found = [vector for vector in folder.vectors if vector["expect"] == wanted]
    assert found, f"{one['folder'] or VECTORS}: no vector has this signature"
    for said in found:
        vector = msgspec.convert(said, Vector)
        recipe = compiled(folder.recipe(vector.recipe), vector)
        assert recipe is not None and recipe.sign(getter(vector)) == wanted
        assert one["signs"] in digested(recipe, vector)
        assert folder.prove(said) == wanted


@pytest.mark.parametrize("folder", [*IN_FOLDERS, ELSEWHERE], ids=lambda folder: folder or "without a folder")
def test_a_changed_letter_of_a_recipe_or_of_a_vector_is_noticed(folder: str) -> None:
    of_recipe: dict[str, list[Vector]] = {}
    for said in kept(folder).vectors:
        of_recipe.setdefault(said["recipe"], []).append(msgspec.convert(said, Vector))
    for place, vectors in of_recipe.items():
        recipe = {key: one for key, one in kept(folder).recipe(place).items() if key != "into"}
        for what, changed in changes(recipe):
            assert not all(_still_good(changed, vector) for vector in vectors), f"{place}{what} may be wrong unseen"
        for vector in vectors:
            told = msgspec.to_builtins(vector)
            for what, changed in changes({key: told[key] for key in ("expect", "given", *PARAMS) if told[key]}):
                is_good = _still_good(recipe, msgspec.convert(told | changed, Vector))
                assert not is_good or _leaves_out(recipe, what), f"{place}: {vector.name}{what} says nothing"


def _leaves_out(recipe: dict[str, Any], what: str) -> bool:
    """Whether a changed value is a parameter that the recipe leaves out on purpose: the vector shows that it does."""
    step, name = what.partition(" = ")[0].removeprefix(".").split(".", 1)
    lists = [part for part in recipe["of"] if isinstance(part, dict) and "params" in part]
    return step in PARAMS and all(name in one.get("except", ()) or name not in one.get("only", [name]) for one in lists)


def _still_good(recipe: dict[str, Any], vector: Vector) -> bool:
    made = compiled(recipe, vector)
    try:
        return made is not None and made.sign(getter(vector)) == vector.expect
    except UnreadableKey:
        return False


def changes(said: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Copies of a piece of data in each of which one text has one letter more."""
    if isinstance(said, str):
        yield f"{place} = {said}", f"{said}x"
    for step in said if isinstance(said, dict) else range(len(said)) if isinstance(said, list) else ():
        for what, inner in changes(said[step], f"{place}.{step}"):
            other = copy(said)
            other[step] = inner
            yield what, other


def test_a_recipe_that_nothing_uses_and_no_vector_proves_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "channels" / "acme"
    folder.mkdir(parents=True)
    (folder / "connector.yaml").write_text(
        "connector: 1\nname: acme\nfamily: channels\ntitle: {zh: 甲, en: Acme}\nzone: Asia/Shanghai\n"
        "recipes:\n  old: {recipe: {of: [$api], digest: md5}}\n", "utf-8")
    with pytest.raises(BadConnector, match=r"connector\.yaml:7: recipes\.old\.recipe: .*nothing else uses it"):
        load_folder(folder)


def test_a_secret_that_cannot_be_read_is_told_without_telling_it() -> None:
    notes = DeclarationNotes("acme/connector.yaml", {})
    said = {"of": ["$id"], "digest": "hmac-sha256", "key": ["$secret"], "key_form": "base64"}
    compile_recipe(said, ("calls", "main", "sign"), {"id", "secret"}, notes)
    try_vectors([Vector("it", "calls.main.sign", "x", {"id": "1", "secret": "hunter2hunter"})], notes)
    assert "the key is no base64" in str(notes.mistakes[0]) and "hunter2" not in str(notes.mistakes[0])


def test_a_wrong_signature_in_a_folder_is_told_when_it_is_loaded() -> None:
    notes = DeclarationNotes("acme/connector.yaml", {})
    compile_recipe({"of": ["$secret"], "digest": "md5"}, ("calls", "main", "sign"), {"secret"}, notes)
    try_vectors([Vector("it", "calls.main.sign", "nonsense", {"secret": "s"})], notes)
    assert [mistake.place for mistake in notes.mistakes] == ["calls.main.sign"]

"""Whether a proof proves anything: without a secret in it anybody makes it, and what it leaves out anybody alters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from orderloom.adapters.kit.notes import DeclarationNotes, Place
from orderloom.adapters.kit.schema import ConnectorBlock, PushBlock, VerifyBlock
from orderloom.adapters.kit.signing import names_in

IN_BODY = frozenset({"raw_body", "data", "form"})
"""Names of the body of a push, and of what stands in it."""
NO_SECRET = "没有用到保密的凭证，谁都能伪造 / no credential with secret: true is in it: anybody could make it"


def secrets_of(said: ConnectorBlock) -> Mapping[str, frozenset[str]]:
    """Names that are secret, each with the secret credentials of which one must be set for it to be so."""
    secret = frozenset(key for key, one in said.credentials.items() if one.secret)
    made = {key: secret & _roots(one) for key, one in said.names.items()}
    return {**{key: frozenset({key}) for key in secret}, **{key: some for key, some in made.items() if some}}


def check_recipes(place: Place, secrets: Collection[str], notes: DeclarationNotes) -> None:
    """Note the recipes at a place, or chosen there, that no secret is in."""
    for at, recipe in notes.recipes.items():
        if at[:len(place)] == place and notes.is_sound(at) and not _roots([f"${one}" for one in recipe.names]) & {
                *secrets}:
            notes.wrong(at, NO_SECRET)


def check_word(said: Any, place: Place, secrets: Collection[str], notes: DeclarationNotes) -> None:
    """Note a word that is to be secret and is not."""
    if not _roots(said) & {*secrets}:
        notes.wrong(place, NO_SECRET)


def proofs_of(said: PushBlock) -> list[tuple[Place, VerifyBlock]]:
    """The ways in which a push is proven, each with its place in the file."""
    if isinstance(said.verify, list):
        return [(("push", "verify", number), one) for number, one in enumerate(said.verify)]
    return [(("push", "verify"), said.verify)]


def leaves_body_out(said: VerifyBlock) -> bool:
    """Whether a recipe, or one of several, holds neither the body nor anything of it."""
    beside = _roots(said.params)
    return any(not (_roots(recipe) | beside) & IN_BODY for recipe in _ways(said.recipe))


def _ways(recipe: Any) -> Iterator[Any]:
    """The recipes of a list, or of a choice."""
    for one in recipe if isinstance(recipe, list) else [] if recipe is None else [recipe]:
        yield from one["of"].values() if "choose" in one else (one,)


def _roots(said: Any) -> frozenset[str]:
    """The names that stand in a value or a recipe."""
    return frozenset(name.partition(".")[0] for name in names_in(msgspec.to_builtins(said)))

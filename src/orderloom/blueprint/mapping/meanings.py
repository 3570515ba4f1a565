"""What words mean: word tables of a mapping, and the status dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.blueprint.mapping.casts import Cast
from orderloom.blueprint.mapping.check import Notes, near
from orderloom.blueprint.mapping.follow import as_text
from orderloom.blueprint.mapping.scope import Scope, Unfit
from orderloom.blueprint.mapping.statuses import TAKE_FLAGS, TAKES, Dictionary
from orderloom.domain.shown import shown


def by_values(table: Mapping[str, Any], block: Mapping[str, Any]) -> Cast:
    """What the word table says of a value; a word that it lacks takes `otherwise`, else it is a problem."""
    has_otherwise, otherwise = "otherwise" in block, block.get("otherwise")

    def meaning(value: Any, scope: Scope) -> Any:
        if value is None and "" not in table:
            return None
        word = as_text(value)
        if word in table:
            return table[word]
        if has_otherwise:
            return otherwise
        told = shown(word)
        raise Unfit(
            "unknown_value", f"值“{told}”不在映射的 values 表中，请补充", f"add {told!r} to the values of the mapping"
        )

    return meaning


def by_dictionary(dictionary: Dictionary, take: str) -> Cast:
    """What the dictionary says of a word under `take`; an unknown word is a problem that all its messages share."""
    table = {word: getattr(entry, take) or None for word, entry in dictionary.items()}
    table = {word: False if take in TAKE_FLAGS and meant is None else meant for word, meant in table.items()}

    def meaning(value: Any, scope: Scope) -> Any:
        word = value if value.__class__ is str else as_text(value)
        if word in table:
            return table[word]
        if value is None:
            return None
        told = shown(word)
        zh, en = f"请在状态字典中加入“{told}”的含义", f"add the meaning of {told!r} to the status dictionary"
        raise Unfit("unknown_status", zh, en, f"status:{scope.account_code}:{word}")

    return meaning


def check_words(
    block: Mapping[str, Any], name: str, words: tuple[str, ...], dictionaries: Mapping[str, Dictionary], notes: Notes,
    place: str,
) -> None:  # fmt: skip
    """Every word that a rule can come to by itself must be one of those that the field `name` takes."""
    if "as" in block:
        notes.wrong(f"{place}.as", f"{name} takes a word of its own: leave out as")
    said = [block[key] for key in ("const", "otherwise") if key in block]
    if isinstance(block.get("values"), dict):
        said += block["values"].values()
    take = block.get("take", name)
    if take in TAKES and take not in TAKE_FLAGS:
        said += [getattr(entry, take) for entry in dictionaries.get(str(block.get("dictionary")), {}).values()]
    for word in said:
        if word not in (None, "") and word not in words:
            notes.wrong(place, f"{word!r} is not known{near(str(word), words)}")

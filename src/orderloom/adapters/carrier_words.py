"""Read what a platform calls the carriers: `carriers.yaml` in the folder of the connector that tells it of parcels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from orderloom.adapters.kit.notes import BadConnector, DeclarationMistake
from orderloom.blueprint.mapping.check import near
from orderloom.blueprint.plain import BadFile, read
from orderloom.domain.carriers import CODES

FILE = "carriers.yaml"
WORD_LENGTH_MAX = 80


class BrokenWords(BadConnector):
    """A `carriers.yaml` cannot be used: `mistakes` says why, each with file, line and how to mend it."""


class CarrierWords(msgspec.Struct, frozen=True):
    """A platform's words by our code; `other` is its word for a carrier that it does not list, "" when it has none."""

    words: Mapping[str, str] = {}
    other: str = ""

    def of(self, code: str) -> str:
        """What the platform is told: its own word, else the one for another carrier, else our code."""
        return self.words.get(code) or self.other or code


@cache
def carrier_words(folder: Path) -> CarrierWords:
    """The words of a connector's folder, read once; none when it has no such file. Raises BrokenWords."""
    return words_of(folder)


def words_of(folder: Path) -> CarrierWords:
    """The same, as they stand now."""
    file = folder / FILE
    if not file.is_file():
        return CarrierWords()
    return read_words(file.read_text("utf-8", "surrogateescape"), f"{folder.name}/{FILE}")


def read_words(text: str, place: str) -> CarrierWords:
    """The words in a YAML text. Raises BrokenWords."""
    try:
        data, lines = read(text)
    except BadFile as error:
        raise BrokenWords([DeclarationMistake(place, error.line, "", str(error))]) from error
    wrong: list[DeclarationMistake] = []

    def note(path: tuple[str | int, ...], reason: str) -> None:
        wrong.append(DeclarationMistake(place, lines.get(path, 1), ".".join(map(str, path)), reason))

    block = data if isinstance(data, dict) else {}
    if block.get("carriers") != 1:
        note((), "the first line must be carriers: 1")
    for key in block.keys() - {"carriers", "other", "words"}:
        note((key,), f"is not known{near(key, ('carriers', 'other', 'words'))}")
    words = block.get("words", {})
    if not isinstance(words, dict):
        note(("words",), "a block of our code and the platform's word is expected")
        words = {}
    for code, word in words.items():
        if code not in CODES:
            note(("words", code), f"is no carrier of ours{near(code, CODES)}")
        _check(("words", code), word, note)
    if "other" in block:
        _check(("other",), block["other"], note)
    if wrong:
        raise BrokenWords(wrong)
    return CarrierWords(words, block.get("other", ""))


def _check(path: tuple[str | int, ...], word: Any, note: Any) -> None:
    if not isinstance(word, str):
        note(path, f"a text is expected, not {word!r}: put it between quotes")
    elif not word.strip() or len(word) > WORD_LENGTH_MAX:
        note(path, f"1 to {WORD_LENGTH_MAX} characters are expected")

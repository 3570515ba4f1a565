"""The mistakes of a `connector.yaml`, each with file, line, place, reason and the nearest known word."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

import msgspec

from orderloom.blueprint.mapping.check import near

Place = tuple[str | int, ...]


class Signs(Protocol):
    """What makes a signature of the names that are given."""

    def sign(self, get: Callable[[str], Any]) -> str: ...

    def message(self, get: Callable[[str], Any]) -> bytes: ...

    @property
    def names(self) -> frozenset[str]: ...


class DeclarationMistake(msgspec.Struct, frozen=True):
    """One thing wrong. `place` is a dotted path; `line` counts from 1."""

    file: str
    line: int
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.place or 'file'}: {self.reason}"


class BadConnector(ValueError):
    """The declaration cannot be used; `mistakes` says why, place by place."""

    def __init__(self, mistakes: Collection[DeclarationMistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


class DeclarationNotes:
    """The mistakes found so far in one file."""

    def __init__(self, file: str, lines: Mapping[Place, int]) -> None:
        self.file, self._lines = file, lines
        self.mistakes: list[DeclarationMistake] = []
        self.recipes: dict[Place, Signs] = {}
        """The signing recipes found, by place, for the platform's vectors to be tried on."""

    def wrong(self, place: Place, reason: str) -> None:
        """Note a mistake; its line is that of the place, or of the nearest one around it."""
        at: Place = ()
        for step in place:
            if (*at, step) in self._lines:
                at = (*at, step)
            elif step != 0:  # one alone counts as a list of one
                break
        self.mistakes.append(DeclarationMistake(self.file, self._lines.get(at, 1), ".".join(map(str, place)), reason))

    def unknown(self, place: Place, word: str, known: Collection[str], deeper: str = "") -> None:
        """Note a word that is not in its closed set; `deeper` is a block within in which it would be known."""
        hint = near(word, known)
        if deeper and "did you mean" not in hint:
            hint = f"; 应写在 {deeper} 里 / it belongs into {deeper}"
        self.wrong(place, f"“{word}”无此用法 / “{word}” is not known{hint}")

    def is_sound(self, place: Place) -> bool:
        """Whether no mistake was found at a place or in it."""
        at = ".".join(map(str, place))
        return not any(one.place == at or one.place.startswith(f"{at}.") for one in self.mistakes)

    def raise_any(self) -> None:
        """Raise BadConnector when there is a mistake."""
        if self.mistakes:
            raise BadConnector(self.mistakes)

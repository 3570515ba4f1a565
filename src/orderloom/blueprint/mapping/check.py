"""Mistakes of a mapping: each names its file, line, document, field and reason, and suggests the nearest known word."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

NAMED_MAX = 40
"""Of a longer list of known words only a near one is named."""


class Mistake(msgspec.Struct, frozen=True):
    """One thing wrong with a mapping or a status dictionary.."""

    file: str
    line: int
    document: str
    field: str
    reason: str

    def __str__(self) -> str:
        place = " ".join(part for part in (self.document, self.field) if part)
        return f"{self.file}:{self.line}: {place}: {self.reason}"


class Wrong(ValueError):
    """What a part of a mapping says cannot be understood; the text is the reason."""


class Notes:
    """Where the reading of a file stands, and the mistakes found so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.document = ""
        self.mistakes: list[Mistake] = []
        self._line = 1

    def at(self, container: Any, key: Any) -> None:
        """Remember the line of `container[key]`: later mistakes without a line of their own stand there."""
        self._line = getattr(container, "lines", {}).get(key, self._line)

    def wrong(self, field: str, reason: str) -> None:
        """Note a mistake at the current line."""
        self.mistakes.append(Mistake(self.file, self._line, self.document, field, reason))

    def block(self, value: Any, field: str) -> Mapping[str, Any]:
        """`value` when it is a block of names, else a mistake and an empty block."""
        if isinstance(value, dict):
            return value
        self.wrong(field, f"a block of names is expected, not {value!r}")
        return {}

    def known(self, block: Mapping[str, Any], names: Collection[str], field: str) -> None:
        """Every key of `block` must be one of `names`."""
        for key in block:
            if key not in names:
                self.at(block, key)
                self.wrong(f"{field}.{key}" if field else key, f"is not known{near(key, names)}")


def is_of(word: Any, names: Collection[str]) -> bool:
    """Whether something is one of the known names; a block or a list is none."""
    return isinstance(word, str) and word in names


def near(word: str, names: Collection[str]) -> str:
    """A hint such as "; did you mean total?" when a known name is close."""
    close = get_close_matches(word, list(names), n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known: {', '.join(sorted(names))}" if len(names) < NAMED_MAX else ""

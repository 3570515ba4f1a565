"""Where an entry of a blueprint was written: one file for a list, or the files of a folder, one after another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from orderloom.blueprint.plain import Path as Place
from orderloom.domain.finding import Finding


class Part(NamedTuple):
    """A file: its name without `.yaml`, the line of each place in it, and how many entries of each list are before."""

    file: str
    lines: Mapping[Place, int]
    before: Mapping[str, int]


class Origin:
    """The files that one part of a blueprint was written in."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[Part] = []
        self._counts: dict[str, int] = {}

    def add(self, file: str, data: Any, lines: Mapping[Place, int]) -> None:
        """The next file, with what stands in it."""
        self.parts.append(Part(file, lines, dict(self._counts)))
        for key, entries in data.items() if isinstance(data, Mapping) else ():
            if isinstance(entries, list):
                self._counts[key] = self._counts.get(key, 0) + len(entries)

    def located(self, finding: Finding) -> Finding:
        """The finding with the file, the line and the place in that file; its own place counts through all files."""
        part, place = self._part(finding.place)
        return msgspec.structs.replace(
            finding, file=f"{part.file if part else self.name}.yaml", place=place,
            line=line_of(part.lines, place) if part else 0)

    def file_of(self, key: str, index: int) -> str:
        """The name of the file in which an entry of a list stands, counted through all files."""
        part, _ = self._part(f"{key}[{index}]")
        return part.file if part else self.name

    def _part(self, place: str) -> tuple[Part | None, str]:
        if len(self.parts) < 2:
            return (self.parts[0] if self.parts else None), place
        match = _ENTRY.match(place)
        if match is None:
            key = re.split(r"[.\[]", place, maxsplit=1)[0]
            return next((part for part in self.parts if (key,) in part.lines), None), place
        key, index = match[1], int(match[2])
        part = [p for p in self.parts if p.before.get(key, 0) <= index][-1]
        return part, f"{key}[{index - part.before.get(key, 0)}]{place[match.end():]}"


_ENTRY = re.compile(r"(\w+)\[(\d+)\]")


def line_of(lines: Mapping[Place, int], place: str) -> int:
    """Return the line of a place such as `stages[3].phase`, or of what encloses it; 0 when not known."""
    path: list[str | int] = [int(n) if n else w for n, w in re.findall(r"\[(\d+)\]|([^.\[\]]+)", place)]
    while path:
        line = lines.get(tuple(path))
        if line:
            return line
        path.pop()
    return 0

"""Reads docs/cli-answers.md and cli-shapes.md and says where an answer differs; it knows nothing of the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROW = re.compile(r"^\| ((?:`[a-z -]+`(?:, )?)+) \| `([^`]+)` \|$", re.MULTILINE)
COMMAND = re.compile(r"`([a-z -]+)`")
SILENT = re.compile(r"^\| `([a-z-]+)` \| ([a-z][^`|]+) \|$", re.MULTILINE)
SHAPE = re.compile(r"^- `(\w+)` `(\{.*\})`$", re.MULTILINE)
PLAIN: dict[str, type | tuple[type, ...]] = {
    "text": str, "int": int, "bool": bool, "number": (int, float), "instant": str, "day": str, "null": type(None),
}


class Page:
    """The documented answers: command → notation, and the named shapes."""

    def __init__(self) -> None:
        part = (DOCS / "cli-answers.md").read_text("utf-8").split("## Answers")[1]
        self.commands = {
            command: answer for commands, answer in ROW.findall(part) for command in COMMAND.findall(commands)}
        self.silent = dict(SILENT.findall(part))
        self.shapes = dict(SHAPE.findall((DOCS / "cli-shapes.md").read_text("utf-8")))

    def differences(self, value: Any, kind: str, place: str = "$") -> Iterator[str]:
        """Where the value is not what the notation says."""
        if kind.endswith("?"):
            if value is None:
                return
            kind = kind[:-1]
        if kind == "any":
            return
        if kind in PLAIN:
            if not isinstance(value, PLAIN[kind]) or (isinstance(value, bool) and kind != "bool"):
                yield f"{place}: {value!r} is no {kind}"
            elif kind == "instant":
                datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        elif kind.startswith("["):
            yield from self._list(value, kind[1:-1], place)
        elif kind.startswith("{text: "):
            yield from self._names(value, kind[7:-1], place)
        else:
            yield from self._object(value, self.shapes[kind], place)

    def _list(self, value: Any, kind: str, place: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{place}: no list"
            return
        for index, one in enumerate(value):
            yield from self.differences(one, kind, f"{place}[{index}]")

    def _names(self, value: Any, kind: str, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place}: no object"
            return
        for name, one in value.items():
            yield from self.differences(one, kind, f"{place}.{name}")

    def _object(self, value: Any, text: str, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place}: no object"
            return
        fields = dict(_fields(text))
        for name in value.keys() - {field.rstrip("?") for field in fields}:
            yield f"{place}.{name}: not documented"
        for field, kind in fields.items():
            name = field.rstrip("?")
            if name in value:
                yield from self.differences(value[name], kind, f"{place}.{name}")
            elif not field.endswith("?"):
                yield f"{place}.{name}: missing"


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Names and notations of `{a: X, b?: {text: Y}}`: commas inside brackets part nothing."""
    depth, start, inner = 0, 0, text[1:-1]
    for at, sign in enumerate(f"{inner},"):
        depth += (sign in "{[") - (sign in "}]")
        if sign == "," and depth == 0:
            name, _, kind = inner[start:at].strip().partition(": ")
            yield name, kind
            start = at + 1

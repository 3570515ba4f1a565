"""YAML text to plain data that remembers its lines: keys are always text, and no word turns into a truth or a date."""

from __future__ import annotations

import re
from typing import Any

import yaml

from orderloom.blueprint.tree import compose

_BYTES_MAX = 1_000_000
_DEPTH_MAX = 40
_PLACES_MAX = 200_000
"""An alias stands for all below its anchor: aliases of aliases make much of little."""
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")


class Block(dict[str, Any]):
    """A block of names with the line of each."""

    lines: dict[str, int]


class Items(list[Any]):
    """A list with the line of each element."""

    lines: dict[int, int]


class Unparsed(ValueError):
    """The text is no YAML, or says one name twice; `line` says where."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def parse(text: str) -> Any:
    """Data of a YAML text. Only true and false are truths: NO, ON and 2026-01-01 are texts. Raises `Unparsed`."""
    if len(text) > _BYTES_MAX:
        raise Unparsed(1, f"longer than {_BYTES_MAX} characters")
    try:
        node = compose(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Unparsed(mark.line + 1 if mark else 1, str(getattr(error, "problem", error))) from error
    return _Builder().build(node, 0) if node is not None else None


class _Builder:
    """Makes data of nodes, and counts them."""

    def __init__(self) -> None:
        self._places = 0

    def build(self, node: yaml.Node, depth: int) -> Any:
        self._places += 1
        line = node.start_mark.line + 1
        if depth > _DEPTH_MAX:
            raise Unparsed(line, "nested too deeply")
        if self._places > _PLACES_MAX:
            raise Unparsed(line, "too much once its aliases are written out")
        if isinstance(node, yaml.MappingNode):
            return self._block(node, depth)
        if isinstance(node, yaml.SequenceNode):
            items = Items(self.build(child, depth + 1) for child in node.value)
            items.lines = {at: child.start_mark.line + 1 for at, child in enumerate(node.value)}
            return items
        assert isinstance(node, yaml.ScalarNode)
        return _scalar(node)

    def _block(self, node: yaml.MappingNode, depth: int) -> Block:
        block = Block()
        block.lines = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise Unparsed(line, "a name is expected before the colon")
            built = self.build(value, depth + 1)
            if key.value == "<<":
                if not isinstance(built, Block):
                    raise Unparsed(line, "a block of names is expected behind <<")
                for name, inherited in built.items():
                    block.setdefault(name, inherited)
                continue
            if key.value in block.lines:
                raise Unparsed(line, f"{key.value} is said twice (first in line {block.lines[key.value]})")
            block[key.value] = built
            block.lines[key.value] = line
        return block


def _scalar(node: yaml.ScalarNode) -> str | int | bool | None:
    text: str = node.value
    if node.style:  # quoted, or a block of text
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if text in ("true", "false"):
        return text == "true"
    return None if text in ("", "~", "null") else text

"""YAML text to plain data that remembers its lines: keys are always text, and no word turns into a truth or a date."""

from __future__ import annotations

import re
from typing import Any

import yaml

_BYTES_MAX = 1_000_000
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
        raise Unparsed(0, f"longer than {_BYTES_MAX} characters")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Unparsed(mark.line + 1 if mark else 0, str(getattr(error, "problem", error))) from error
    return _build(node, 0) if node is not None else None


def _build(node: yaml.Node, depth: int) -> Any:
    if depth > 40:
        raise Unparsed(node.start_mark.line + 1, "nested too deeply")
    if isinstance(node, yaml.MappingNode):
        return _block(node, depth)
    if isinstance(node, yaml.SequenceNode):
        items = Items(_build(child, depth + 1) for child in node.value)
        items.lines = {at: child.start_mark.line + 1 for at, child in enumerate(node.value)}
        return items
    return _scalar(node)


def _block(node: yaml.MappingNode, depth: int) -> Block:
    block = Block()
    block.lines = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise Unparsed(line, "a name is expected before the colon")
        if key.value == "<<":
            for name, inherited in _build(value, depth + 1).items():
                block.setdefault(name, inherited)
            continue
        if key.value in block.lines:
            raise Unparsed(line, f"{key.value} is said twice (first in line {block.lines[key.value]})")
        block[key.value] = _build(value, depth + 1)
        block.lines[key.value] = line
    return block


def _scalar(node: yaml.Node) -> str | int | bool | None:
    text: str = node.value
    if getattr(node, "style", None) is not None:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if text in ("true", "false"):
        return text == "true"
    return None if text in ("", "~", "null") else text

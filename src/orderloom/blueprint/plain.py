"""Read the blueprint's YAML: plain data plus the line of every entry; a key that stands twice is refused.

YAML 1.1 reads `on` as true and 1:30 as ninety; here only `true` and `false` are flags, and numbers are decimal.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from orderloom.blueprint.tree import compose

SIZE_MAX = 1_000_000
DEPTH_MAX = 12
PLACES_MAX = 200_000
"""An alias stands for all below its anchor: aliases of aliases make much of little."""

Path = tuple[str | int, ...]


class BadFile(ValueError):
    """The text is not plain data: why, in both languages. `line` counts from 1."""

    def __init__(self, zh: str, en: str, line: int) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en, self.line = zh, en, line


_FLAG = re.compile(r"true|false")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_NOTHING = re.compile(r"~|null|")


def read(text: str) -> tuple[Any, dict[Path, int]]:
    """Return the data and the line of each place in it. Raises BadFile."""
    if len(text) > SIZE_MAX:
        raise BadFile(f"超过 {SIZE_MAX} 字", f"longer than {SIZE_MAX} characters", 1)
    try:
        node = compose(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise BadFile("不是合法的 YAML，请检查这一行的缩进、引号与冒号",
                      f"not YAML, look at the line's indent, quotes and colons: {problem}",
                      mark.line + 1 if mark else 1) from error
    lines: dict[Path, int] = {}
    return (None if node is None else _build(node, (), lines)), lines


def _build(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    line = lines[path] = node.start_mark.line + 1
    if len(path) > DEPTH_MAX:
        raise BadFile(f"嵌套超过 {DEPTH_MAX} 层", f"nested deeper than {DEPTH_MAX}", line)
    if len(lines) > PLACES_MAX:
        raise BadFile("别名展开后内容过多", "too much once its aliases are written out", line)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*path, i), lines) for i, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        built: dict[str, Any] = {}
        for key_node, child in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise BadFile("冒号前应为一个名称", "a name is expected before the colon", key_node.start_mark.line + 1)
            key = str(key_node.value)
            if key in built:
                raise BadFile(f'"{key}" 写了两次', f'"{key}" stands twice', key_node.start_mark.line + 1)
            built[key] = _build(child, (*path, key), lines)
        return built
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node)


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style not in (None, ""):  # quoted, or a block of text
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    if _FLAG.fullmatch(text):
        return text == "true"
    return None if _NOTHING.fullmatch(text) else text

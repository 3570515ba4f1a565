"""YAML text to its tree of nodes: parsed in C, as quick as the language's own loader, and never deeper than is safe.

The loader that is all in C walks into as many brackets as a text has until the process dies of it, and the one that is
all in Python takes four times as long.
"""

from __future__ import annotations

import yaml
from yaml.composer import Composer, ComposerError

DEPTH_MAX = 100
"""Far deeper than any file of ours is allowed to be."""
NODES_MAX = 200_000
"""Far more than any of them has."""


class _Composer(Composer, yaml.CSafeLoader):
    """C tells what comes next, Python puts it together. No node gets a tag: nobody reads one."""

    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        Composer.__init__(self)
        self._depth = self._nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node with all below it. Raises ComposerError when there is no end to it."""
        self._nodes += 1
        if self._depth > DEPTH_MAX or self._nodes > NODES_MAX:
            problem = "nested too deeply" if self._depth > DEPTH_MAX else f"more than {NODES_MAX} values"
            raise ComposerError(problem=problem, problem_mark=getattr(self.peek_event(), "start_mark", None))
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def resolve(self, *_: object) -> str:
        """The tag of a node that was given none."""
        return ""

    def descend_resolver(self, *_: object) -> None:
        """No tag depends on where a node stands."""

    ascend_resolver = descend_resolver


def compose(text: str) -> yaml.Node | None:
    """The root of the tree, None of an empty text. Raises yaml.YAMLError, mostly with a `problem_mark`."""
    try:
        composer = _Composer(text)
    except UnicodeEncodeError as error:  # bytes of a file that were no UTF-8, kept as they were by `surrogateescape`
        mark = yaml.Mark("", 0, text.count("\n", 0, error.start), 0, None, 0)
        raise ComposerError(problem="文件不是 UTF-8 编码 / the file is not UTF-8", problem_mark=mark) from error
    try:
        return composer.get_single_node()
    finally:
        composer.dispose()

"""Which lines of the hub are executed while one order goes its way, told by Python itself."""

from __future__ import annotations

import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

SOURCE = Path(__file__).resolve().parents[2] / "src" / "orderloom"
NOT_OURS = ("simulat", "order_book", "trade_book")
"""The platforms' side of the wire, which plays somebody else's program."""


class Trace:
    """Lines by file, relative to the source; what a library executes is not counted."""

    def __init__(self) -> None:
        self.lines: defaultdict[str, set[int]] = defaultdict(set)
        self._known: dict[str, str] = {}

    @contextmanager
    def on(self) -> Iterator[None]:
        """Take down what is executed within the block, in this thread and in those that begin there."""
        before = sys.gettrace()
        sys.settrace(self._called)
        threading.settrace(self._called)
        try:
            yield
        finally:
            sys.settrace(before)
            threading.settrace(before)  # type: ignore[arg-type]

    def rooms(self) -> Counter[str]:
        """How many files of each room were entered."""
        return Counter(name.split("/")[0] if "/" in name else "." for name in self.lines)

    def told(self) -> str:
        """The figures, for whoever runs the test."""
        most = sorted(self.lines.items(), key=lambda item: -len(item[1]))
        return (f"{len(self.lines)} files, {sum(map(len, self.lines.values()))} lines; by room "
                + ", ".join(f"{room} {count}" for room, count in self.rooms().most_common())
                + "; most: " + ", ".join(f"{name} {len(lines)}" for name, lines in most[:12]))

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        name = self._name(frame.f_code.co_filename)
        if not name:
            return None
        self.lines[name].add(frame.f_lineno)
        return self._stepped

    def _stepped(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            self.lines[self._name(frame.f_code.co_filename)].add(frame.f_lineno)
        return self._stepped

    def _name(self, file: str) -> str:
        known = self._known.get(file)
        if known is None:
            path = Path(file)
            name = path.relative_to(SOURCE).as_posix() if path.is_relative_to(SOURCE) else ""
            name = "" if any(word in name for word in NOT_OURS) else name
            known = self._known[file] = "" if name.startswith(("testing/", "rehearsal/")) else name
        return known

"""How many bytes of bodies a process holds at once: what comes beyond is told to come again, not kept in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from orderloom.entrypoints.http.kit.problem import Problem

BYTES_MAX = 64 << 20
SMALL_BYTES = 64 << 10
"""So much of each body is not counted: a genuine webhook gets in however many big ones stand in the door."""


class Room:
    """Counts the bytes of big bodies between the first byte read and the answer."""

    def __init__(self, bytes_max: int = BYTES_MAX) -> None:
        self._left = bytes_max

    @contextmanager
    def share(self) -> Iterator[Share]:
        """A request's share of the room, given back when the block ends."""
        share = Share(self)
        try:
            yield share
        finally:
            self._left += share.held

    def take(self, size: int) -> None:
        """Count bytes. Raises Problem `busy` when there is no room for them."""
        if size > self._left:
            raise Problem("busy", "同时到达的大消息太多，请稍后重发 | too many big bodies at once: send it again soon",
                          retry_after=2)
        self._left -= size


class Share:
    """What one request holds."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._size = 0
        self.held = 0

    def grow(self, size: int) -> None:
        """So many more bytes were read. Raises Problem `busy`."""
        self._size += size
        more = max(self._size - SMALL_BYTES, 0) - self.held
        if more > 0:
            self._room.take(more)
            self.held += more

"""What the hub and its reading process say to each other: length-led messages, packed."""

from __future__ import annotations

import os
import select
import struct
from typing import Any, BinaryIO

import msgspec

from orderloom.adapters.spreadsheets.look import Looked

LENGTH = struct.Struct(">I")
MESSAGE_BYTES_MAX = 64 << 20
CHUNK_BYTES = 1 << 18


class Ask(msgspec.Struct, frozen=True):
    """Read these files as one: (name shown, path as the system spells it), under the account's settings."""

    files: list[tuple[str, bytes]]
    settings: dict[str, Any]
    zone: str
    code: str
    is_look: bool = False
    """Tell how the first one would be read, and nothing that is in its rows."""
    is_peek: bool = False
    """Tell its first rows, too."""


class Step(msgspec.Struct, frozen=True, tag="step"):
    """So many rows were read."""

    rows: int


class Piece(msgspec.Struct, frozen=True, tag="piece"):
    """One item, and what is wrong with it."""

    topic: str
    body: bytes
    event_id: str
    context: list[tuple[str, str]]
    problem: tuple[str, str, str] | None = None
    """Code, place, mend."""
    rows: int = 0


class End(msgspec.Struct, frozen=True, tag="end"):
    """Nothing more comes of these files."""

    rows: int
    encoding: str
    unfit: str


Told = Step | Piece | End | Looked
_encode = msgspec.msgpack.Encoder().encode
ask_of = msgspec.msgpack.Decoder(Ask).decode
told_of = msgspec.msgpack.Decoder(Told).decode


def write(out: BinaryIO, message: Ask | Told) -> None:
    """Write one message."""
    raw = _encode(message)
    out.write(LENGTH.pack(len(raw)) + raw)


class Stream:
    """Reads messages from a pipe, and gives up when nothing comes for a while."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe, self._buffer, self._at = pipe, bytearray(), 0
        self._poll = select.poll()
        self._poll.register(pipe, select.POLLIN | select.POLLHUP)

    def next(self, seconds_max: float) -> bytes | None:
        """The next message's bytes, or None at the end. Raises TimeoutError when nothing is said for so long."""
        while (raw := self._taken()) is None:
            if not self._poll.poll(seconds_max * 1_000):
                raise TimeoutError
            chunk = os.read(self._pipe.fileno(), CHUNK_BYTES)
            if not chunk:
                return None
            del self._buffer[: self._at]
            self._at = 0
            self._buffer += chunk
        return raw or None

    def _taken(self) -> bytes | None:
        start = self._at + LENGTH.size
        if len(self._buffer) < start:
            return None
        size = LENGTH.unpack_from(self._buffer, self._at)[0]
        if size > MESSAGE_BYTES_MAX:
            return b""
        if len(self._buffer) < start + size:
            return None
        self._at = start + size
        return bytes(self._buffer[start : self._at])


def read(source: BinaryIO) -> bytes | None:
    """The next message's bytes, or None at the end of the stream."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    raw = source.read(size) if size <= MESSAGE_BYTES_MAX else b""
    return raw if len(raw) == size else None

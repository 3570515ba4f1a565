"""What the hub and its reading process say to each other: length-led messages, packed."""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

import msgspec

LENGTH = struct.Struct(">I")
MESSAGE_BYTES_MAX = 64 << 20


class Ask(msgspec.Struct, frozen=True):
    """Read these files as one: (name shown, path as the system spells it), under the account's settings."""

    files: list[tuple[str, bytes]]
    settings: dict[str, Any]
    zone: str
    code: str


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


class End(msgspec.Struct, frozen=True, tag="end"):
    """Nothing more comes of these files."""

    rows: int
    encoding: str
    refused: str


Told = Step | Piece | End
_encode = msgspec.msgpack.Encoder().encode
ask_of = msgspec.msgpack.Decoder(Ask).decode
told_of = msgspec.msgpack.Decoder(Told).decode


def write(out: BinaryIO, message: Ask | Told) -> None:
    """Write one message."""
    raw = _encode(message)
    out.write(LENGTH.pack(len(raw)) + raw)


def read(source: BinaryIO) -> bytes | None:
    """The next message's bytes, or None at the end of the stream."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    raw = source.read(size) if size <= MESSAGE_BYTES_MAX else b""
    return raw if len(raw) == size else None

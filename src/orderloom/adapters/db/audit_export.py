"""Writes the event log as JSON lines that can be verified without the product; the format is in docs/audit.md."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from orderloom.adapters.db.audit import SUBJECTS, LogReader
from orderloom.adapters.notary import read_public_key, to_line
from orderloom.application.verify import Head
from orderloom.domain.log import Entry

FORMAT = 2
_encode = msgspec.json.Encoder().encode


async def export_lines(reader: LogReader, home: Path, at: datetime) -> AsyncIterator[bytes]:
    """Head, checkpoints, orders and events, subjects and theirs, one JSON object a line, as of one moment. Facts are
    text, not nested."""
    await reader.begin()
    key = read_public_key(home)
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw) if key else b""
    yield _line(type="orderloom-log", format=FORMAT, at=at.isoformat(), public_key=base64.b64encode(raw).decode())
    async for one in reader.checkpoints():
        yield b'{"type":"checkpoint",' + to_line(one)[1:]
    async for head in reader.heads():
        yield _head("order", head)
    async for xid, entry in reader.numbered_entries():
        yield _event("event", "order_id", xid, entry)
    async for head in reader.heads(SUBJECTS):
        yield _head("subject", head)
    async for xid, entry in reader.numbered_entries(SUBJECTS):
        yield _event("subject_event", "subject_id", xid, entry)


def _head(kind: str, head: Head) -> bytes:
    return _line(type=kind, id=head.order_id, number=head.number, event_count=head.event_count,
                 event_head=head.event_head.hex())


def _event(kind: str, key: str, xid: int, entry: Entry) -> bytes:
    return _line(**{"type": kind, "xid": xid, key: entry.order_id}, seq=entry.seq, kind=entry.kind,
                 at=entry.at.isoformat(), actor=entry.actor, message_id=entry.message_id, blueprint=entry.blueprint,
                 facts=entry.facts, hash=entry.hash.hex())


def _line(**fields: Any) -> bytes:
    return _encode(fields) + b"\n"

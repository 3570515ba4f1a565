"""The log of facts: canonical JSON, one row an event, chained by hash so that one changed byte shows.

The chain: hash(n) = SHA-256(hash(n-1) ‖ head line ‖ facts), where the head line names order, position, kind, instant,
actor, message and blueprint version. The first event's predecessor is the order's id. Facts are canonical JSON: the
field order is the struct's own, so equal facts are equal bytes.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from hashlib import sha256

import msgspec

from orderloom.domain.event import AnyEvent, Event

_encode = msgspec.json.Encoder().encode
_iso = lru_cache(maxsize=256)(datetime.isoformat)
_kinds: dict[type, str] = {}
_decoder = msgspec.json.Decoder(AnyEvent)


class Entry(msgspec.Struct, frozen=True):
    """A row of the event log."""

    order_id: str
    seq: int
    kind: str
    at: datetime
    actor: str
    message_id: str | None
    blueprint: int
    facts: str
    hash: bytes


def kind_of(event: Event) -> str:
    """The event's tag, as stored and shown."""
    kind = _kinds.get(type(event))
    if kind is None:
        kind = _kinds[type(event)] = str(type(event).__struct_config__.tag)
    return kind


def encode(event: Event) -> str:
    """Canonical JSON of the facts."""
    return _encode(event).decode()


def decode(facts: str) -> AnyEvent:
    """The event that `encode` wrote."""
    event: AnyEvent = _decoder.decode(facts)
    return event


def chain(
    previous: bytes,
    order_id: str,
    seq: int,
    kind: str,
    at: datetime,
    actor: str,
    message_id: str | None,
    blueprint: int,
    facts: str,
) -> bytes:
    """Hash of an event over its predecessor's; for the first event pass the order's id as bytes."""
    head = f"{order_id}|{seq}|{kind}|{_iso(at)}|{actor}|{message_id or ''}|{blueprint}\n"
    return sha256(previous + head.encode() + facts.encode()).digest()

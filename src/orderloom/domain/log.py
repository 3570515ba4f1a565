"""The log of facts: canonical JSON, one row an event, chained by hash so that one changed byte shows.

The chain: hash(n) = SHA-256(hash(n-1) ‖ head line ‖ facts), where the head line names order, position, kind, instant,
actor, message and blueprint version. The first event's predecessor is the order's id. Facts are canonical JSON: the
field order is the struct's own, so equal facts are equal bytes. What is a field's default is left out; hashes are over
the stored text, so facts of before, which spell every default, stay what they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from orderloom.domain.event import AnyEvent, Event
from orderloom.domain.order import Claim, Hold, Line, StockBinding

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


def told(facts: str) -> dict[str, Any]:
    """The facts as people and programs are told them: with every default of the parts spelled, in the fields' order."""
    spelled: dict[str, Any] = msgspec.json.decode(facts)
    for name, fields in _PARTS.items():
        part = spelled.get(name)
        if isinstance(part, list):
            spelled[name] = [_whole(one, fields) for one in part]
        elif part is not None:
            spelled[name] = _whole(part, fields)
    return spelled


def _whole(part: Any, fields: Mapping[str, Any]) -> Any:
    """A part with its defaults; a number (of a hold that is named only) is itself."""
    if not isinstance(part, dict):
        return part
    return {name: part.get(name, default) for name, default in fields.items()} | part


def defaults(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """The fields that may be left out of a struct's text, and what they mean then."""
    return {
        f.encode_name: f.default if f.default_factory is msgspec.NODEFAULT else f.default_factory()
        for f in msgspec.structs.fields(struct) if not f.required
    }


_PARTS: Mapping[str, Mapping[str, Any]] = {
    name: dict.fromkeys(part.__struct_encode_fields__) | msgspec.json.decode(msgspec.json.encode(defaults(part)))
    for name, part in (("lines", Line), ("claims", Claim), ("holds", StockBinding), ("hold", Hold))
}
"""By the field of a fact under which such parts stand."""


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
    return _hash(previous, order_id, seq, kind, at, actor, message_id, blueprint, facts.encode())


def entry_of(
    event: Event, previous: bytes, order_id: str, seq: int, at: datetime, actor: str, message_id: str | None,
    blueprint: int,
) -> Entry:
    """The row that an event becomes, chained to its predecessor's hash; for the first pass the order's id as bytes."""
    facts, kind = _encode(event), kind_of(event)
    head = _hash(previous, order_id, seq, kind, at, actor, message_id, blueprint, facts)
    return Entry(order_id, seq, kind, at, actor, message_id, blueprint, facts.decode(), head)


def _hash(
    previous: bytes, order_id: str, seq: int, kind: str, at: datetime, actor: str, message_id: str | None,
    blueprint: int, facts: bytes,
) -> bytes:
    head = f"{order_id}|{seq}|{kind}|{_iso(at)}|{actor}|{message_id or ''}|{blueprint}\n"
    return sha256(previous + head.encode() + facts).digest()

"""What happened to an order: facts in past tense, appended and hash-chained, from which the state is folded.

The chain: hash(n) = SHA-256(hash(n-1) ‖ head line ‖ facts), where the head line names order, position, kind, instant,
actor, message and blueprint version. The first event's predecessor is the order's id. Facts are canonical JSON: the
field order is the struct's own, so equal facts are equal bytes.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from hashlib import sha256

import msgspec

from orderloom.domain.order import Claim, Hold, Line, StockHold, WorkItem


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event"):
    """Base of all facts."""


class OrderRecorded(Event, frozen=True, tag="order_recorded"):
    """An order became known, with all that its channel said of it."""

    number: str
    account_id: int
    external_id: str
    revision: datetime
    placed_at: datetime
    received_at: datetime
    currency: str
    total: int
    freight: int
    discount: int
    tax: int
    payment: str
    paid: int
    native: str
    lines: tuple[Line, ...]
    stage: str
    receiver: str
    province: str = ""
    country: str = ""
    paid_at: datetime | None = None
    parent_external_id: str = ""
    source_zone: str = "UTC"
    source_placed_at: str = ""
    note: str = ""
    is_fulfilled_elsewhere: bool = False
    flags: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


class OrderAmended(Event, frozen=True, tag="order_amended"):
    """A newer revision of the order came from its channel."""

    revision: datetime
    currency: str
    total: int
    freight: int
    discount: int
    tax: int
    payment: str
    paid: int
    native: str
    lines: tuple[Line, ...]
    receiver: str
    province: str = ""
    country: str = ""
    paid_at: datetime | None = None
    note: str = ""
    flags: tuple[str, ...] = ()


class ReceiverChanged(Event, frozen=True, tag="receiver_changed"):
    """The receiver was corrected; the clear values are kept encrypted beside the order, here is their digest."""

    receiver: str
    province: str
    country: str
    reason: str


class MilestoneClaimed(Event, frozen=True, tag="milestone_claimed"):
    """One or more systems said that milestones were reached."""

    claims: tuple[Claim, ...]


class StageMoved(Event, frozen=True, tag="stage_moved"):
    """The order entered another stage of its lifecycle because of `cause` (fact, action or deadline)."""

    stage: str
    cause: str


class MoneyRecorded(Event, frozen=True, tag="money_recorded"):
    """Money came in or went back, once per key; `amount` is signed minor units from the seller's view."""

    key: str
    kind: str
    amount: int
    currency: str
    said_at: datetime


class Candidate(msgspec.Struct, frozen=True, omit_defaults=True):
    """A warehouse that was looked at for an order and what it passed or failed."""

    warehouse_id: int
    score: int
    distance_km: int
    verdict: str
    missing: tuple[tuple[int, int], ...] = ()
    """(sku, units short)."""


class StockHeld(Event, frozen=True, tag="stock_held"):
    """Units were reserved or allocated, with the routing decision that chose the warehouses."""

    holds: tuple[StockHold, ...]
    candidates: tuple[Candidate, ...]
    rule: str
    expires_at: datetime | None = None


class StockConverted(Event, frozen=True, tag="stock_converted"):
    """Reservations became allocations when the order was paid."""

    holds: tuple[int, ...]


class StockReleased(Event, frozen=True, tag="stock_released"):
    """Held units went back to sale."""

    holds: tuple[int, ...]
    reason: str


class StockShort(Event, frozen=True, tag="stock_short"):
    """The order could not be filled; nothing was held."""

    missing: tuple[tuple[int, int], ...]
    candidates: tuple[Candidate, ...]
    rule: str


class WorkAssigned(Event, frozen=True, tag="work_assigned"):
    """Fulfilment work was given to a warehouse; `is_queued` when its system is told at once."""

    seq: int
    number: str
    warehouse_id: int
    account_id: int | None
    items: tuple[WorkItem, ...]
    is_queued: bool = True


class WorkMoved(Event, frozen=True, tag="work_moved"):
    """Fulfilment work changed its state or what was agreed with the warehouse."""

    seq: int
    state: str
    negotiation: str
    native: str = ""


class ParcelShipped(Event, frozen=True, tag="parcel_shipped"):
    """A parcel left the warehouse: its units are out of stock and the waybill is known."""

    no: int
    work_seq: int
    carrier: str
    waybill: str
    at: datetime
    holds: tuple[int, ...]


class ParcelTracked(Event, frozen=True, tag="parcel_tracked"):
    """The carrier told news of a parcel."""

    no: int
    state: str
    heard_at: datetime
    delivered_at: datetime | None = None


class ParcelNamed(Event, frozen=True, tag="parcel_named"):
    """The waybill of a parcel that had left without one became known."""

    no: int
    carrier: str
    waybill: str


class ParcelAnnounced(Event, frozen=True, tag="parcel_announced"):
    """An account was told of a parcel: the channel its waybill, the tracking service to watch it."""

    no: int
    to: str


class HoldPlaced(Event, frozen=True, tag="hold_placed"):
    """The order may not go on until this hold is released."""

    hold: Hold


class HoldReleased(Event, frozen=True, tag="hold_released"):
    """A hold was lifted."""

    no: int
    reason: str


class OrderCancelled(Event, frozen=True, tag="order_cancelled"):
    """The order is not to be fulfilled any more."""

    reason: str


AnyEvent = (
    OrderRecorded
    | OrderAmended
    | ReceiverChanged
    | MilestoneClaimed
    | StageMoved
    | MoneyRecorded
    | StockHeld
    | StockConverted
    | StockReleased
    | StockShort
    | WorkAssigned
    | WorkMoved
    | ParcelShipped
    | ParcelTracked
    | ParcelNamed
    | ParcelAnnounced
    | HoldPlaced
    | HoldReleased
    | OrderCancelled
)

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

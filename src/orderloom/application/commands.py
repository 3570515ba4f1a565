"""What can be asked of orders: every change enters `handle` as one of these, whoever asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.domain.address_proposal import Proposal
from orderloom.domain.draft import OrderDraft, Receiver, StockReport, TrackReport, WorkReport


class Sealed(msgspec.Struct, frozen=True):
    """A receiver made safe to store: cipher text, blind indexes and the few parts that are no personal data."""

    cipher: bytes
    digest: str
    name_index: bytes | None
    phone_index: bytes | None
    buyer_index: bytes | None
    merge_key: bytes | None
    last4: str
    country: str
    province: str
    city: str


class Seal(Protocol):
    """Makes a receiver safe to store."""

    def __call__(self, receiver: Receiver, buyer: str) -> Sealed: ...


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """Base: who asks, and the message that is the evidence (None for people and deadlines)."""

    actor: str
    message_id: str | None = None


class RecordOrder(Command, frozen=True, kw_only=True):
    """A channel stated an order."""

    account_id: int
    draft: OrderDraft
    sealed: Sealed
    received_at: datetime
    proposal: Proposal | None = None
    """What an unsure address probably means, without its personal part."""


class ConfirmWork(Command, frozen=True, kw_only=True):
    """A warehouse reported on fulfilment work."""

    account_id: int
    report: WorkReport


class TrackParcel(Command, frozen=True, kw_only=True):
    """A carrier reported on a waybill."""

    account_id: int
    report: TrackReport


class StateStock(Command, frozen=True, kw_only=True):
    """A system stated its stock figures."""

    account_id: int
    report: StockReport


class SettleDelivery(Command, frozen=True, kw_only=True):
    """A delivery about fulfilment work ended: `error` is empty when the target said yes."""

    order_id: str
    kind: str
    work_no: str
    error: str = ""
    message: str = ""


class FireDeadline(Command, frozen=True, kw_only=True):
    """A deadline came due; the condition is asked again before anything happens."""

    order_id: str
    kind: str
    subject: str
    due_at: datetime


class PlaceHold(Command, frozen=True, kw_only=True):
    """Somebody stops an order."""

    order_id: str
    type: str
    reason: str
    scope: str = "order"
    subject: str = ""
    expires_at: datetime | None = None


class ReleaseHold(Command, frozen=True, kw_only=True):
    """Somebody lifts a hold."""

    order_id: str
    hold_no: int
    reason: str


class CancelOrder(Command, frozen=True, kw_only=True):
    """Somebody cancels an order."""

    order_id: str
    reason: str


class AdjustReceiver(Command, frozen=True, kw_only=True):
    """Somebody corrects where an order goes."""

    order_id: str
    receiver: Receiver
    sealed: Sealed
    reason: str


class FindStock(Command, frozen=True, kw_only=True):
    """Stock came in: an order that was short tries again."""

    order_id: str


OrderCommand = (
    SettleDelivery | FireDeadline | PlaceHold | ReleaseHold | CancelOrder | AdjustReceiver | FindStock
)
AnyCommand = RecordOrder | ConfirmWork | TrackParcel | StateStock | OrderCommand


class Outcome(msgspec.Struct, frozen=True):
    """What became of a command: `order_id` when an order was touched, `refusal` with its facts when it was not done."""

    order_id: str | None = None
    refusal: str = ""
    facts: dict[str, str] = {}

"""What happened to an order: facts in past tense, appended and hash-chained, from which the state is folded.

How they are written and chained is in `domain/log.py`.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.domain.after_sale import AfterSale
from orderloom.domain.carriage import ServiceLooked
from orderloom.domain.erased import PersonErased as PersonErased
from orderloom.domain.fact import Event as Event
from orderloom.domain.gift_event import GiftsReviewed as GiftsReviewed
from orderloom.domain.order import Charge, Claim, Hold, Line, ParcelItem, StockBinding
from orderloom.domain.presale_event import PresaleMet as PresaleMet
from orderloom.domain.presale_event import PresaleTaken as PresaleTaken
from orderloom.domain.routing_event import PromiseMoved as PromiseMoved
from orderloom.domain.routing_event import ServiceChosen as ServiceChosen
from orderloom.domain.states import Negotiation, ParcelState, PaymentState, WorkState
from orderloom.domain.work_event import WorkAccepted as WorkAccepted
from orderloom.domain.work_event import WorkAssigned as WorkAssigned
from orderloom.domain.work_event import WorkMerged as WorkMerged
from orderloom.domain.work_event import WorkParted as WorkParted


class Stated(Event, frozen=True, kw_only=True):
    """What a channel states of an order, and may state anew with every revision: fields of `Order` of the same name."""

    revision: datetime
    currency: str
    total: int
    freight: int
    discount: int
    tax: int
    payment: PaymentState
    paid: int
    native: str
    lines: tuple[Line, ...]
    receiver: str
    province: str = ""
    country: str = ""
    city: str = ""
    is_masked: bool = False
    is_unsure: bool = False
    paid_at: datetime | None = None
    note: str = ""
    flags: tuple[str, ...] = ()
    charges: tuple[Charge, ...] = ()
    facts: dict[str, str | int | bool | None] = {}
    external_number: str = ""


class OrderRecorded(Stated, frozen=True, kw_only=True, tag="order_recorded"):
    """An order became known, with all that its channel said of it."""

    number: str
    account_id: int
    external_id: str
    placed_at: datetime
    received_at: datetime
    stage: str
    parent_external_id: str = ""
    source_zone: str = "UTC"
    source_placed_at: str = ""
    is_fulfilled_elsewhere: bool = False
    claims: tuple[Claim, ...] = ()


class OrderAmended(Stated, frozen=True, kw_only=True, tag="order_amended"):
    """A newer revision of the order came from its channel."""


class ReceiverChanged(Event, frozen=True, tag="receiver_changed"):
    """The receiver was corrected; the clear values are kept encrypted beside the order, here is their digest."""

    receiver: str
    province: str
    country: str
    reason: str
    city: str = ""


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
    services: tuple[ServiceLooked, ...] = ()


class StockBound(Event, frozen=True, tag="stock_held"):
    """Units were reserved or allocated, with the routing decision that chose the warehouses."""

    bindings: tuple[StockBinding, ...] = msgspec.field(name="holds")
    candidates: tuple[Candidate, ...]
    rule: str
    expires_at: datetime | None = None
    arm: str = ""


class StockConverted(Event, frozen=True, tag="stock_converted"):
    """Reservations became allocations when the order was paid."""

    bindings: tuple[int, ...] = msgspec.field(name="holds")


class StockSplit(Event, frozen=True, tag="stock_split"):
    """A part of what is bound goes its own way: `quantity` units of binding `no` are one of their own from now on."""

    no: int
    quantity: int
    into: int


class StockReleased(Event, frozen=True, tag="stock_released"):
    """Bound units went back to sale."""

    bindings: tuple[int, ...] = msgspec.field(name="holds")
    reason: str


class StockShort(Event, frozen=True, tag="stock_short"):
    """The order could not be filled; nothing was bound."""

    missing: tuple[tuple[int, int], ...]
    candidates: tuple[Candidate, ...]
    rule: str


class WorkMoved(Event, frozen=True, tag="work_moved"):
    """Fulfilment work changed its state or what was agreed with the warehouse."""

    seq: int
    state: WorkState
    negotiation: Negotiation
    native: str = ""


class ParcelShipped(Event, frozen=True, tag="parcel_shipped"):
    """A parcel left: its units are out of stock and the waybill is known.

    `items` empty: everything of the work. `id` is given when the parcel carries other orders too, or is known by its
    waybill; `state` is where it is by then. `work_seq` 0: the channel says so, and no stock of ours was in it.
    """

    no: int
    work_seq: int
    carrier: str
    waybill: str
    at: datetime
    bindings: tuple[int, ...] = msgspec.field(name="holds")
    items: tuple[ParcelItem, ...] = ()
    id: str = ""
    state: ParcelState = ParcelState.LABEL_READY
    told: tuple[str, ...] = ()
    heard_at: datetime | None = None
    delivered_at: datetime | None = None


class ParcelTracked(Event, frozen=True, tag="parcel_tracked"):
    """The carrier told news of a parcel."""

    no: int
    state: ParcelState
    heard_at: datetime
    delivered_at: datetime | None = None


class ParcelNamed(Event, frozen=True, tag="parcel_named"):
    """The waybill of a parcel that had left became known or was corrected; whoever knew the old one is told anew.

    `id` is the parcel that goes under this waybill, with `state` and times where it is by now.
    """

    no: int
    carrier: str
    waybill: str
    id: str = ""
    state: ParcelState = ParcelState.LABEL_READY
    shipped_at: datetime | None = None
    heard_at: datetime | None = None
    delivered_at: datetime | None = None


class ParcelAnnounced(Event, frozen=True, tag="parcel_announced"):
    """An account was told of a parcel: the channel its waybill, the tracking service to watch it."""

    no: int
    to: str


class ParcelReplaced(Event, frozen=True, tag="parcel_replaced"):
    """The goods of a parcel that does not arrive are sent again."""

    no: int
    reason: str


class ParcelWithdrawn(Event, frozen=True, tag="parcel_withdrawn"):
    """The channel took a shipment of its own back: nothing of what is to be sent is in it."""

    no: int


class HoldPlaced(Event, frozen=True, tag="hold_placed"):
    """The order may not go on until this hold is released."""

    hold: Hold


class HoldReleased(Event, frozen=True, tag="hold_released"):
    """A hold was lifted."""

    no: int
    reason: str


class AfterSaleHeard(Event, frozen=True, tag="after_sale_heard"):
    """The channel told how far one of the buyer's applications after the sale is."""

    after_sale: AfterSale


class AfterSaleDecided(Event, frozen=True, tag="after_sale_decided"):
    """The seller answered an application; `amount`: what of it is granted, where a person named it."""

    application: str
    decision: str
    reason: str
    amount: int | None = None


class DecisionAnswered(Event, frozen=True, tag="decision_answered"):
    """The channel took the seller's answer to an application, or refused it, or was never told it."""

    application: str
    decision_state: str
    why: str = ""


class OrderCancelled(Event, frozen=True, tag="order_cancelled"):
    """The order is not to be fulfilled any more."""

    reason: str


class ActionTaken(Event, frozen=True, tag="action_taken"):
    """Somebody took an action on the order, and why; what came of it are facts of their own."""

    action: str
    reason: str


AnyEvent = (
    OrderRecorded | OrderAmended | ReceiverChanged | MilestoneClaimed | StageMoved | MoneyRecorded | StockBound
    | PresaleTaken | PresaleMet | StockConverted | StockSplit | StockReleased | StockShort | WorkAssigned | WorkMoved
    | WorkAccepted | WorkMerged | WorkParted | ParcelShipped | ParcelTracked | ParcelNamed | ParcelAnnounced
    | ParcelReplaced | ParcelWithdrawn | HoldPlaced | HoldReleased | AfterSaleHeard | AfterSaleDecided
    | DecisionAnswered | GiftsReviewed | OrderCancelled | ActionTaken | PersonErased | ServiceChosen | PromiseMoved
)

"""What a source said, in the hub's own words: the shapes that `translate` hands to the rest of the route.

A draft is a claim and not yet a fact. Instants are aware UTC, money is integer minor units of `currency`,
quantities are integers in the source's unit (`unit` names it; empty means the base unit).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.domain.looked import Looked


class DraftLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a channel's order as the channel states it."""

    external_id: str
    sku_external: str
    quantity: int
    price: int
    title: str = ""
    unit: str = ""
    discount: int = 0
    amount: int | None = None
    """What the buyer pays for the line after every discount, when the source states it; else it is apportioned."""
    native: str = ""
    is_closed: bool = False
    """The channel closed the line: it must not ship."""
    is_disputed: bool = False
    """A refund is being asked for: the line is held until the dispute ends."""
    goods: int | None = None
    """Price times quantity before any discount, where the source states that and the price was worked out from it."""
    fulfilled: int | None = None
    """What the channel says is shipped already, by whomever, in the source's unit; None: it says nothing of it."""
    kind: str = ""
    """goods, service or virtual where the channel knows; empty: what the SKU is."""


class StatedCharge(msgspec.Struct, frozen=True, omit_defaults=True):
    """Money of the order that is on no line; `kind` is one of `ChargeKind`, `amount` as the buyer bears it."""

    kind: str
    amount: int
    tax: int = 0
    title: str = ""


class StatedRefund(msgspec.Struct, frozen=True, omit_defaults=True):
    """Money that the channel says it gave back, a positive amount under its own id."""

    external_id: str
    amount: int
    at: datetime | None = None


class StatedShipment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parcel that the channel knows of: its waybill, whoever sent it."""

    waybill: str
    carrier: str = ""
    at: datetime | None = None


class Receiver(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the parcel goes. `token` stands for the person where the platform masks the clear values (OAID)."""

    name: str = ""
    phone: str = ""
    country: str = "CN"
    province: str = ""
    city: str = ""
    district: str = ""
    detail: str = ""
    postcode: str = ""
    token: str = ""
    is_masked: bool = False
    is_unsure: bool = False
    """The address could not be split with confidence; the raw text is in `detail`."""


class Said(msgspec.Struct, frozen=True):
    """A system's statement that a milestone was reached, with its own word for it."""

    milestone: str
    native: str
    at: datetime


class OrderDraft(msgspec.Struct, frozen=True, omit_defaults=True):
    """A channel's order as of `revision`.

    `total` is what the buyer owes for the order as it stands now: freight, tax and charges included, discount taken
    off. `paid` is all that came in and `refunded` all that went back, so that what is kept is their difference.
    `payment` is a value of `PaymentState`. `facts` carries further mapped fields for the blueprint's formulas.
    """

    external_id: str
    revision: datetime
    placed_at: datetime
    currency: str
    total: int
    lines: tuple[DraftLine, ...]
    receiver: Receiver = Receiver()
    payment: str = "unpaid"
    paid: int = 0
    paid_at: datetime | None = None
    freight: int = 0
    discount: int = 0
    tax: int = 0
    said: tuple[Said, ...] = ()
    native: str = ""
    parent_external_id: str = ""
    """The order that this one was split off from in the channel's back office."""
    echo_of: str = ""
    """The number under which the source was given the order: ours, or another channel's; then it is no new one."""
    source_zone: str = "UTC"
    source_placed_at: str = ""
    buyer: str = ""
    note: str = ""
    hold: str = ""
    """A hold that the source asks for (`states.ChannelHold`), empty when none."""
    is_cancelled: bool = False
    is_test: bool = False
    is_revision_assumed: bool = False
    """The source does not say when it changed the order: `revision` is only when the message was received."""
    is_fulfilled_elsewhere: bool = False
    """The platform ships it from its own stock (Amazon FBA): it is recorded, and holds none of ours."""
    flags: tuple[str, ...] = ()
    facts: dict[str, str | int | bool | None] = {}
    external_number: str = ""
    """The number that the buyer knows the order by, where it is another than `external_id`."""
    charges: tuple[StatedCharge, ...] = ()
    refunded: int = 0
    """All that the channel says went back so far, where it states an amount; `refunds` name parts of it by id."""
    refunds: tuple[StatedRefund, ...] = ()
    shipments: tuple[StatedShipment, ...] = ()
    is_pickup: bool = False
    """The buyer fetches it: there is nobody to send to."""


class WorkLine(msgspec.Struct, frozen=True):
    """What a warehouse says of one line of the work."""

    sku: str
    quantity: int


class WorkReport(msgspec.Struct, frozen=True, omit_defaults=True):
    """A warehouse's word on fulfilment work: picked, packed, out, refused, cancelled."""

    work_no: str
    said: Said
    waybill: str = ""
    carrier: str = ""
    lines: tuple[WorkLine, ...] = ()
    reason: str = ""


class TrackEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One scan of a parcel: the carrier's code and text are kept, `milestone` is its meaning (empty: no step)."""

    code: str
    milestone: str
    at: datetime
    text: str = ""
    location: str = ""
    incident: str = ""
    """Why the parcel does not simply arrive, a word of `incident.Incident`."""
    blame: str = ""
    """Whom the carrier blames, a word of `incident.Blame`; empty: whoever usually is."""


class TrackReport(msgspec.Struct, frozen=True, omit_defaults=True):
    """A carrier's history of one waybill, oldest entry first."""

    carrier: str
    waybill: str
    entries: tuple[TrackEntry, ...]


class StockFigure(msgspec.Struct, frozen=True):
    """What a system says it has of one SKU. `meaning` is one of `states.StockMeaning`."""

    warehouse: str
    sku: str
    quantity: int
    meaning: str
    as_of: datetime


class StockReport(msgspec.Struct, frozen=True):
    """Stock figures of one system."""

    figures: tuple[StockFigure, ...]


class AfterSaleLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """Goods that an after-sale application is about: a line of the order by its id, or by SKU where that is all."""

    external_id: str = ""
    sku_external: str = ""
    quantity: int = 0
    """In the source's unit; 0: it says no number, all of the line is meant."""


class AfterSaleReport(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a buyer asks for after the sale, as the channel states it: a refund, return, exchange or cancellation.

    `kind` is one of `AfterSaleKind`, `state` of `AfterSaleState`. `lines` empty: the whole order is meant.
    """

    external_id: str
    order_external_id: str
    kind: str
    state: str
    revision: datetime
    currency: str = ""
    """Needed where an amount is stated."""
    amount: int | None = None
    """What is asked for or agreed; None: the source does not say."""
    refunded: int | None = None
    """What went back, where the source tells that apart; None: `amount`, once the state says that money went back."""
    refund_external_id: str = ""
    """The id under which the order itself states the money that went back, where it is another than `external_id`."""
    reason: str = ""
    """The buyer's reason in the channel's own words."""
    native: str = ""
    """The channel's own word for the state."""
    asked_at: datetime | None = None
    waybill: str = ""
    """The parcel in which the buyer sends the goods back."""
    carrier: str = ""
    lines: tuple[AfterSaleLine, ...] = ()


class Nothing(msgspec.Struct, frozen=True):
    """The message was understood and asks for no change (a ping, a topic that is not followed)."""

    reason: str


Draft = OrderDraft | WorkReport | TrackReport | StockReport | AfterSaleReport | Looked | Nothing


class Problem(msgspec.Struct, frozen=True):
    """Why a message cannot go on. `code` is a case kind; `field` and `value` say where; `mend` says how.

    `key` groups the messages that the same mending releases, such as `sku:TB01:M-001`.
    """

    code: str
    field: str
    value: str
    mend: str
    key: str = ""
    names: str = ""
    """The channel's id of a known order that the message is about though it is none of its statements."""
    order_id: str | None = None
    """The order of ours that this is."""


MILESTONES = (
    "placed",
    "paid",
    "allocated",
    "label_printed",
    "picked",
    "packed",
    "handed_over",
    "collected",
    "in_transit",
    "out_for_delivery",
    "delivered",
    "confirmed",
    "failed",
    "returning",
    "returned",
    "lost",
    "cancelled",
    "refunded",
)
"""Every step a system can claim of an order or parcel, in the order in which they usually come."""

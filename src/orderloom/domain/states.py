"""The closed words of the order family, each said once with its order: what the tables' CHECKs and the log may hold.

A member is its own text, so it is stored, sent and compared as such. `rank` is its place in the order of progress.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """A closed set of words; members stand in the order in which they usually come."""

    rank: int

    def __new__(cls, text: str) -> State:
        """A member, with its place among the others as `rank`."""
        made = str.__new__(cls, text)
        made._value_ = text
        made.rank = len(cls.__members__)
        return made


class PaymentState(State):
    """What the channel says of the money; `cod` is payment on delivery."""

    UNPAID = "unpaid"
    PARTIALLY_PAID = "partially_paid"
    COD = "cod"
    IN_DOUBT = "in_doubt"
    PAID = "paid"
    OVERCHARGED = "overcharged"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"

    @property
    def is_paid_up(self) -> bool:
        """Whether the buyer has paid and what is left of the order may go: a part of the money may have gone back."""
        return self in (PaymentState.PAID, PaymentState.OVERCHARGED, PaymentState.PARTIALLY_REFUNDED)

    @property
    def was_paid(self) -> bool:
        """Whether all the money once came in, whatever became of it."""
        return self.rank >= PaymentState.PAID.rank


class LineKind(State):
    """What a line sells: only goods take stock and work."""

    GOODS = "goods"
    SERVICE = "service"
    VIRTUAL = "virtual"


class BindingKind(State):
    """Units reserved for an unpaid order, allocated to a paid one, or sold before they are there (no unit is bound)."""

    RESERVATION = "reservation"
    ALLOCATION = "allocation"
    PRESALE = "presale"


class BindingState(State):
    """Whether a binding of stock stands still, gave its units back, or went out with them."""

    ACTIVE = "active"
    RELEASED = "released"
    CONSUMED = "consumed"


class WorkState(State):
    """How far a warehouse is with its work."""

    ALLOCATED = "allocated"
    RECALLING = "recalling"
    RELEASED = "released"
    PICKING = "picking"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"

    @property
    def is_ended(self) -> bool:
        """Whether the work binds no stock any more."""
        return self in (WorkState.HANDED_OVER, WorkState.CANCELLED)

    @property
    def is_forward(self) -> bool:
        """Whether the work goes on towards the door: neither called back nor cancelled."""
        return self not in (WorkState.RECALLING, WorkState.CANCELLED)


class Negotiation(State):
    """What was agreed with the warehouse's system about a piece of work."""

    NONE = "none"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ParcelState(State):
    """Where a parcel is; those that are trouble stand last."""

    LABEL_PENDING = "label_pending"
    LABEL_READY = "label_ready"
    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    PICKUP_READY = "pickup_ready"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"

    @property
    def is_final(self) -> bool:
        """Whether no later scan changes it."""
        return self in (ParcelState.DELIVERED, ParcelState.RETURNED, ParcelState.LOST)

    @property
    def is_trouble(self) -> bool:
        """Whether the parcel will not simply arrive."""
        return self.rank >= ParcelState.EXCEPTION.rank


class SubjectKind(State):
    """What a hold or a deadline can be about."""

    ORDER = "order"


class ChannelHold(State):
    """Holds that a channel places and lifts itself: what a mapping may say of an order, and no other."""

    CHANNEL_FORBIDS = "channel_forbids"
    REFUND_REQUESTED = "refund_requested"
    BUYER_CANCEL_REQUESTED = "buyer_cancel_requested"


class StockMeaning(State):
    """What a system's figure counts: units that lie there, those less what orders bind, or those that may be sold."""

    PHYSICAL = "physical"
    NET_OF_ORDERS = "net_of_orders"
    ATP = "atp"


class ChargeKind(State):
    """What a charge beyond goods, freight, discount and tax is for; its sign is the buyer's: a subsidy is negative."""

    GIFT_WRAP = "gift_wrap"
    COD_FEE = "cod_fee"
    DUTY = "duty"
    TIP = "tip"
    FEE = "fee"
    DEPOSIT = "deposit"
    SUBSIDY = "subsidy"
    ROUNDING = "rounding"


class AfterSaleKind(State):
    """What a buyer asks for after the sale."""

    REFUND_ONLY = "refund_only"
    RETURN_REFUND = "return_refund"
    EXCHANGE = "exchange"
    RESHIP = "reship"
    REPAIR = "repair"
    CANCEL = "cancel"


class AfterSaleState(State):
    """How far an application is; members stand in the order in which they outdo one another at the same instant."""

    ASKED = "asked"
    AGREED = "agreed"
    RETURNING = "returning"
    RECEIVED = "received"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REFUNDED = "refunded"
    DONE = "done"

    @property
    def is_ended(self) -> bool:
        """Whether nothing more is to come of it."""
        return self.rank >= AfterSaleState.REFUSED.rank

    @property
    def is_void(self) -> bool:
        """Whether it ended with nothing: the goods are the buyer's as they were."""
        return self in (AfterSaleState.REFUSED, AfterSaleState.WITHDRAWN)

"""The money of an order as it is shown, in minor units of the order's currency."""

from __future__ import annotations

from datetime import datetime

import msgspec


class ChargeView(msgspec.Struct, frozen=True):
    """Money of the order that is on no line, as the buyer bears it; `tax` is within `amount`."""

    kind: str
    title: str
    amount: int
    tax: int


class MoneyView(msgspec.Struct, frozen=True):
    """A payment, refund or fee; positive is money to the seller."""

    key: str
    kind: str
    amount: int
    currency: str
    said_at: datetime


class AfterSaleLineView(msgspec.Struct, frozen=True):
    """Goods of an application as the channel names them; no units: all of the line."""

    line: str
    sku_external: str
    quantity: int


class AfterSaleView(msgspec.Struct, frozen=True):
    """What the buyer asked for after the sale, as of the channel's newest word; the waybill is of the way back."""

    external_id: str
    kind: str
    state: str
    native: str
    revision: datetime
    asked_at: datetime | None
    reason: str
    currency: str
    amount: int | None
    refunded: int
    waybill: str
    carrier: str
    lines: list[AfterSaleLineView]
    message_id: str | None
    decision: str = ""
    """What the seller answered: granted or declined."""
    decision_amount: int | None = None
    decision_state: str = ""
    """How far the channel has heard of it: to_tell, told, refused, given_up, or past: it has told anew since."""

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

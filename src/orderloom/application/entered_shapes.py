"""What a person types of an order: the body of the API and of the form. Amounts are texts in the order's currency."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

Amount = Annotated[str, msgspec.Meta(max_length=20)]
LINES_MAX = 200
QUANTITY_MAX = 1_000_000


class EnteredLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line: our own code (or a spelling of the account's), units, the price of one, what comes off all of them."""

    sku: Annotated[str, msgspec.Meta(max_length=128)]
    quantity: int = 1
    price: Amount = "0"
    discount: Amount = "0"
    title: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    id: Annotated[str, msgspec.Meta(max_length=64)] = ""
    """Only where one code stands on several lines."""


class EnteredReceiver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it goes. A Chinese address may stand whole in `detail`: province, city and district are found in it."""

    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=64)] = ""
    detail: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    province: Annotated[str, msgspec.Meta(max_length=200)] = ""
    city: Annotated[str, msgspec.Meta(max_length=200)] = ""
    district: Annotated[str, msgspec.Meta(max_length=200)] = ""
    postcode: Annotated[str, msgspec.Meta(max_length=32)] = ""
    country: Annotated[str, msgspec.Meta(max_length=2)] = "CN"


class EnteredOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order as it is typed. `account` where there are several for manual orders; of a correction, `receiver` null
    keeps the receiver that is known."""

    Receiver: ClassVar[type[EnteredReceiver]] = EnteredReceiver
    lines: Annotated[list[EnteredLine], msgspec.Meta(max_length=LINES_MAX)]
    receiver: EnteredReceiver | None = None
    payment: Literal["unpaid", "cod", "paid"] = "unpaid"
    currency: Annotated[str, msgspec.Meta(max_length=3)] = "CNY"
    freight: Amount = "0"
    discount: Amount = "0"
    buyer: Annotated[str, msgspec.Meta(max_length=500)] = ""
    note: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    urgency: Literal["", "rush"] = ""
    placed_at: Annotated[str, msgspec.Meta(max_length=40)] = ""
    """When the buyer ordered, ISO 8601 with offset, where that is not now."""
    account: Annotated[str, msgspec.Meta(max_length=200)] = ""

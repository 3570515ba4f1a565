"""The orders of a simulated shop: what was bought, and everything that happened to it, with times and a revision.

Amounts are minor units. A platform's simulator turns an `Order` into the platform's own form when it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from orderloom.adapters.simulated.clock import whole
from orderloom.adapters.simulated.draw import number, share

UNPAID, PAID, PART_SHIPPED, SHIPPED, RECEIVED, CANCELLED = (
    "unpaid", "paid", "part_shipped", "shipped", "received", "cancelled")  # fmt: skip
PHASES = (UNPAID, PAID, PART_SHIPPED, SHIPPED, RECEIVED, CANCELLED)
ASKED, AGREED, SENT_BACK, REFUSED, REFUNDED, WITHDRAWN = (
    "asked", "agreed", "sent_back", "refused", "refunded", "withdrawn")  # fmt: skip
CLAIM_STATES = (ASKED, AGREED, SENT_BACK, REFUSED, REFUNDED, WITHDRAWN)
REFUND, RETURN, EXCHANGE = "refund", "return", "exchange"
ANSWERS: Mapping[str, tuple[str, str]] = {
    "refund": (REFUND, ASKED), "cancel": (REFUND, ASKED), "return": (RETURN, ASKED), "exchange": (EXCHANGE, ASKED),
    "receipt": (RETURN, SENT_BACK), "decline": ("", ASKED), "decline_receipt": (RETURN, SENT_BACK),
}
"""What a seller may answer: to which kind of application (any: ""), and in which state of it."""


class Change(NamedTuple):
    """One entry of the change log."""

    revision: int
    order_id: str
    what: str
    at: datetime


@dataclass(slots=True)
class Line:
    """One line. `discount` is its own, `part` its share of the order's; `amount` after the one, `due` after both."""

    place: int
    sku: str
    title: str
    quantity: int
    price: int
    discount: int
    part: int
    shipped: int = 0

    @property
    def amount(self) -> int:
        return self.price * self.quantity - self.discount

    @property
    def due(self) -> int:
        return self.amount - self.part

    @property
    def open(self) -> int:
        """Units that are still to be shipped."""
        return self.quantity - self.shipped


class Parcel(NamedTuple):
    """What was told of one parcel: units by the place of the line."""

    carrier: str
    waybill: str
    quantities: Mapping[int, int]
    at: datetime


@dataclass(slots=True)
class Claim:
    """An after-sale application of the buyer: `kind` refund, return or exchange; `amount` in minor units."""

    id: str
    order_id: str
    place: int
    kind: str
    quantity: int
    amount: int
    reason: str
    asked_at: datetime
    changed_at: datetime
    state: str = ASKED
    waybill: str = ""
    carrier: str = ""


@dataclass(slots=True)
class Rating:
    """What a buyer says of an order: stars 1-5 and words."""

    order_id: str
    place: int
    stars: int
    words: str
    at: datetime


@dataclass(slots=True)
class Order:
    """One order. `is_forbidden`: paid, and the platform does not let it be shipped. `parent`: what it was split off."""

    id: str
    purchase: Mapping[str, Any]
    lines: list[Line]
    placed_at: datetime
    changed_at: datetime
    revision: int = 0
    paid_at: datetime | None = None
    cancelled_at: datetime | None = None
    shipped_at: datetime | None = None
    received_at: datetime | None = None
    is_forbidden: bool = False
    parent: str = ""
    seller_note: str = ""
    parcels: list[Parcel] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    @property
    def phase(self) -> str:
        """One of PHASES."""
        if self.cancelled_at:
            return CANCELLED
        if self.received_at:
            return RECEIVED
        if any(line.shipped for line in self.lines):
            return PART_SHIPPED if any(line.open for line in self.lines) else SHIPPED
        return PAID if self.paid_at else UNPAID

    @property
    def goods(self) -> int:
        """After the lines' own discounts, before the order's."""
        return sum(line.amount for line in self.lines)

    @property
    def discount(self) -> int:
        return sum(line.part for line in self.lines)

    @property
    def freight(self) -> int:
        return int(self.purchase["freight"])

    @property
    def tax(self) -> int:
        return int(self.purchase["tax"])

    @property
    def total(self) -> int:
        """What the buyer pays."""
        return self.goods - self.discount + self.freight + self.tax

    @property
    def currency(self) -> str:
        return str(self.purchase["currency"])

    @property
    def buyer(self) -> str:
        return str(self.purchase["buyer"])

    @property
    def note(self) -> str:
        return str(self.purchase.get("note") or "")

    @property
    def receiver(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.purchase["receiver"]
        return found

    def claim(self, place: int) -> Claim | None:
        """The last application for a line that was not withdrawn."""
        return next((one for one in reversed(self.claims) if one.place == place and one.state != WITHDRAWN), None)


class OrderBook:
    """Orders by id and what happened to them. Every verb raises ValueError when it cannot be."""

    def __init__(self, is_id: Callable[[str], bool] = bool) -> None:
        self._is_id = is_id
        self.orders: dict[str, Order] = {}
        self.changes: list[Change] = []
        self.claims: dict[str, Claim] = {}
        self.ratings: list[Rating] = []

    def place(self, purchase: Mapping[str, Any]) -> Order:
        """A buyer orders; with `paid_at` it is paid as well."""
        key = str(purchase["external_id"])
        if key in self.orders or not self._is_id(key):
            raise ValueError(f"{key} is already placed or no order's id here")
        bought, at = purchase["lines"], whole(purchase["placed_at"])
        amounts = [line["price"] * line["quantity"] - line.get("discount", 0) for line in bought]
        lines = [
            Line(place, line["sku"], line["title"], line["quantity"], line["price"], line.get("discount", 0), part)
            for place, (line, part) in enumerate(zip(bought, share(purchase["discount"], amounts), strict=True))
        ]
        order = self.orders[key] = Order(key, purchase, lines, at, at)
        self.note(key, "created", at)
        if purchase.get("paid_at"):
            self.pay(key, purchase["paid_at"])
        return order

    def pay(self, key: str, at: datetime) -> None:
        """The buyer pays."""
        self._expect(key, UNPAID).paid_at = whole(at)
        self.note(key, "paid", at)

    def forbid(self, key: str, at: datetime, *, is_forbidden: bool = True) -> None:
        """The platform forbids (or allows again) to ship a paid order: risk review, a group that is not complete."""
        self._expect(key, PAID).is_forbidden = is_forbidden
        self.note(key, "forbidden" if is_forbidden else "allowed", at)

    def cancel(self, key: str, at: datetime) -> None:
        """It is closed; what was paid goes back."""
        order = self.orders[key]
        order.cancelled_at = whole(at)
        for claim in order.claims:
            if claim.state in (ASKED, AGREED, SENT_BACK):
                claim.state, claim.changed_at = REFUNDED, whole(at)
        self.note(key, "cancelled", at)

    def ship(self, key: str, quantities: Mapping[int, int] | None, carrier: str, waybill: str, at: datetime) -> Parcel:
        """A parcel leaves: units by the place of the line, or all that is open."""
        order = self._expect(key, PAID, PART_SHIPPED)
        chosen = dict(quantities or {line.place: line.open for line in order.lines if line.open})
        if order.is_forbidden or not chosen:
            raise ValueError(f"{key} is not to be shipped")
        for place, units in chosen.items():
            if not (0 <= place < len(order.lines) and 0 < units <= order.lines[place].open):
                raise ValueError(f"{key}: line {place} has no {units} to ship")
        for place, units in chosen.items():
            order.lines[place].shipped += units
        order.shipped_at = order.shipped_at or whole(at)
        parcel = Parcel(carrier, waybill, chosen, whole(at))
        order.parcels.append(parcel)
        self.note(key, "shipped", at)
        return parcel

    def receive(self, key: str, at: datetime) -> None:
        """The buyer confirms receipt."""
        self._expect(key, SHIPPED).received_at = whole(at)
        self.note(key, "received", at)

    def ask(self, key: str, place: int, at: datetime, kind: str = REFUND, reason: str = "不想要了") -> Claim:
        """The buyer asks for money or goods back for one line."""
        order = self.orders[key]
        line, claim_id = order.lines[place], str(number(f"claim{key}/{place}/{len(order.claims)}", 15) + 10**15)
        claim = Claim(claim_id, key, place, kind, line.quantity, line.due, reason, whole(at), whole(at))
        order.claims.append(claim)
        self.claims[claim_id] = claim
        self.note(key, "refund asked", at)
        return claim

    def move_claim(self, claim_id: str, state: str, at: datetime, carrier: str = "", waybill: str = "") -> None:
        """An application goes on: one of CLAIM_STATES; a parcel that is sent back has carrier and waybill."""
        claim = self.claims[claim_id]
        if state not in CLAIM_STATES or claim.state in (REFUNDED, WITHDRAWN):
            raise ValueError(f"{claim_id} is {claim.state} and cannot be {state}")
        claim.state, claim.changed_at = state, whole(at)
        claim.carrier, claim.waybill = carrier or claim.carrier, waybill or claim.waybill
        self.note(claim.order_id, state, at)

    def answer(self, claim_id: str, answer: str, state: str, at: datetime) -> Claim:
        """The seller answers an application, which then is in `state`: only what is asked, and while it is asked."""
        claim = self.claims[claim_id]
        kind, before = ANSWERS[answer]
        if kind not in ("", claim.kind) or claim.state != before:
            raise ValueError(f"{claim_id} is {claim.kind}, {claim.state}: not to be answered by {answer}")
        self.move_claim(claim_id, state, at)
        return claim

    def rate(self, key: str, stars: int, words: str, at: datetime, place: int = 0) -> None:
        """The buyer rates a line."""
        self.ratings.append(Rating(key, place, stars, words, whole(at)))

    def split(self, key: str, parts: Iterable[tuple[str, Iterable[int]]], at: datetime) -> list[Order]:
        """Somebody splits an order in the channel's back office: (new id, places of lines) each; the parent closes."""
        parent = self._expect(key, PAID)
        children = []
        for n, (child_id, places) in enumerate(parts):
            kept = list(places)
            bought = {
                **parent.purchase, "external_id": child_id, "paid_at": parent.paid_at,
                "lines": [parent.purchase["lines"][place] for place in kept],
                "discount": sum(parent.lines[place].part for place in kept),
                "freight": parent.freight if n == 0 else 0, "tax": parent.tax if n == 0 else 0,
            }  # fmt: skip
            child = self.place(bought)
            child.parent = key
            self.note(child_id, "split off", at)
            children.append(child)
        parent.cancelled_at = whole(at)
        self.note(key, "split", at)
        return children

    def note(self, key: str, what: str, at: datetime) -> None:
        """Write a change down: the order's time of change and the book's revision move."""
        order, at = self.orders[key], whole(at)
        self.changes.append(Change(len(self.changes) + 1, key, what, at))
        order.revision, order.changed_at = len(self.changes), at

    def between(self, start: datetime, end: datetime, by: str = "changed_at") -> list[Order]:
        """Orders whose `by` (changed_at, placed_at, paid_at …) lies in [start, end], oldest first."""
        found = [order for order in self.orders.values() if (at := getattr(order, by)) and start <= at <= end]
        return sorted(found, key=lambda order: (getattr(order, by), order.id))

    def claims_between(self, start: datetime, end: datetime, by: str = "changed_at") -> list[Claim]:
        """Applications whose `by` (changed_at, asked_at) lies in [start, end], oldest first."""
        found = [claim for claim in self.claims.values() if start <= getattr(claim, by) <= end]
        return sorted(found, key=lambda claim: (getattr(claim, by), claim.id))

    def _expect(self, key: str, *phases: str) -> Order:
        order = self.orders[key]
        if order.phase not in phases:
            raise ValueError(f"{key} is {order.phase}, not {' or '.join(phases)}")
        return order

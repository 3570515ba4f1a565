"""The base of a simulated channel: its book of orders, its shelf, its pages, and what buyers and tests do there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from orderloom.adapters.hiding import Hiding
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked
from orderloom.adapters.simulated.book import REFUND, Claim, OrderBook
from orderloom.adapters.simulated.clock import Now
from orderloom.adapters.simulated.paging import Pages
from orderloom.adapters.simulated.platform import Platform
from orderloom.adapters.simulated.pushes import Push, Pushes
from orderloom.adapters.simulated.receivers import is_masked
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shelf import Listing, Shelf

StockLine = tuple[Listing | None, str, int]
"""(offer or None, what the caller called it, units)."""


class ShopSimulator(Platform):
    """One shop. `shipments`: parcels told, by order; `stock`: figures told, by code; `hiding`: incomplete lists."""

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self.book = OrderBook(self.is_id)
        self.shelf = Shelf()
        self.hiding = Hiding()
        self.stock = self.shelf.stock
        self.shipments: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.decided: dict[str, list[str]] = defaultdict(list)
        """What the seller answered, by application."""
        self.pushes = Pushes(self.news)
        super().__init__(credentials, now, settings)
        self.pages = Pages(self.hiding, self.trouble)

    # What a platform's simulator may override

    def is_id(self, text: str) -> bool:
        """Whether an order could have this id here."""
        return bool(text)

    def line_id(self, order_id: str, place: int) -> str:
        """The platform's id of a line."""
        return f"{order_id}{place + 1:02d}"

    def status(self, external_id: str) -> str:
        """The platform's own status word of an order."""
        return self.book.orders[external_id].phase

    def news(self, external_id: str, topic: str) -> Push:
        """The push of an order as of now, signed by the simulator."""
        raise NotImplementedError("this channel does not push")

    # What buyers do

    def place(self, purchase: dict[str, Any]) -> None:
        """A buyer orders; with `paid_at` the order is paid as well."""
        self.book.place(purchase)
        for line in purchase["lines"]:
            if line["sku"]:
                self.list_sku(line["sku"])

    def pay(self, external_id: str, at: datetime) -> None:
        """The buyer pays."""
        self.book.pay(external_id, at)

    def cancel(self, external_id: str, at: datetime) -> None:
        """The order closes, with a refund if it was paid."""
        self.book.cancel(external_id, at)

    def forbid(self, external_id: str, at: datetime) -> None:
        """The platform forbids shipping the paid order."""
        self.book.forbid(external_id, at)

    def ask_refund(self, external_id: str, line: int, at: datetime, kind: str = REFUND) -> str:
        """The buyer asks for a refund (or `return`, `exchange`) of the line at index `line`; the application's id."""
        return self.book.ask(external_id, line, at, kind).id

    def move_claim(self, claim_id: str, state: str, at: datetime, carrier: str = "", waybill: str = "") -> None:
        """An after-sale application goes on (`book.CLAIM_STATES`)."""
        self.book.move_claim(claim_id, state, at, carrier, waybill)

    def finish(self, external_id: str, at: datetime) -> None:
        """The buyer confirms receipt of the shipped order."""
        self.book.receive(external_id, at)

    def rate(self, external_id: str, stars: int, words: str, at: datetime, line: int = 0) -> None:
        """The buyer rates a line."""
        self.book.rate(external_id, stars, words, at, line)

    # What sellers and tests do

    def list_sku(self, sku: str) -> None:
        """Put a SKU up for sale, so that its stock can be set before anybody ordered it."""
        self.shelf.put_up(sku)

    def list_again(self, sku: str) -> None:
        """Sell a SKU on one more item."""
        self.shelf.put_up(sku)
        self.shelf.put_up(sku, f"{sku} again")

    def meanwhile(self, *doings: Callable[[], object]) -> None:
        """Let each happen after one more page of orders was shown."""
        self.pages.meanwhile(*doings)

    @property
    def push_url(self) -> str:
        """Where pushes go."""
        return self.pushes.url

    @push_url.setter
    def push_url(self, url: str) -> None:
        self.pushes.url = url

    async def push(self, external_id: str, topic: str = "", times: int = 1) -> list[int]:
        """Send the order's push as of now, `times` over. Returns the answers' statuses."""
        return await self.pushes.push(external_id, topic, times)

    def queue(self, external_id: str, topic: str = "") -> None:
        """Keep the push of this moment back, to be sent by `drain`."""
        self.pushes.queue(external_id, topic)

    async def drain(self, seed: int, duplicates: int = 0) -> list[int]:
        """Send what was queued in an order drawn from `seed`, each with `duplicates` extra copies."""
        return await self.pushes.drain(seed, duplicates)

    # What a platform's calls use

    def is_masked(self, order_id: str) -> bool:
        """Whether the receiver of this order is masked: as the purchase says, or the settings, or its id."""
        said = self.book.orders[order_id].purchase.get("is_masked")
        return bool(said) if said is not None else is_masked(order_id, self.settings)

    def shown(self, orders: Iterable[Any]) -> list[Any]:
        """Without the orders that the source does not know of yet."""
        at = self.now()
        return [order for order in orders if self.hiding.is_there(order.id, at)]

    def ship(
        self, key: str, quantities: Mapping[int, int] | None, carrier: str, waybill: str, no: Callable[[str], Refused]
    ) -> None:
        """Take a parcel that is told; `no` makes the platform's refusal out of the reason."""
        if words := self.check_refusal(key):
            raise no(words)
        if key not in self.book.orders:
            raise no(f"{key} is unknown")
        try:
            parcel = self.book.ship(key, quantities, carrier, waybill, self.now())
        except ValueError as error:
            raise no(str(error)) from error
        lines = [{"external_line_id": self.line_id(key, place), "quantity": units}
                 for place, units in parcel.quantities.items()]  # fmt: skip
        self.shipments[key].append({"waybill": waybill, "carrier": carrier, "lines": lines})

    def claim_named(self, asked: Asked, name: str) -> Claim:
        """The application whose id stands in an argument, which must be there."""
        (key,) = self.need(asked, name)
        if key not in self.book.claims:
            raise self.no(why.NOT_FOUND, key)
        return self.book.claims[key]

    def decide(
        self, claim_id: str, answer: str, state: str, no: Callable[[str], Refused], amount: int | None = None
    ) -> Claim:
        """Take the seller's answer to an application (`book.ANSWERS`), which then is in `state`; `amount`: of the sum
        that is asked for, in minor units. `no` makes the platform's refusal out of the reason."""
        claim = self.book.claims.get(claim_id)
        if claim is None:
            raise no(f"{claim_id} is unknown")
        if words := self.check_refusal(claim_id):
            raise no(words)
        if amount is not None and not 0 < amount <= claim.amount:
            raise no(f"{amount} is not up to {claim.amount}")
        try:
            self.book.answer(claim_id, answer, state, self.now())
        except ValueError as error:
            raise no(str(error)) from error
        claim.amount = claim.amount if amount is None else amount
        self.decided[claim_id].append(answer)
        return claim

    def units(self, offer: Listing) -> int:
        """What is shown of an offer."""
        return self.stock.get(offer.name, 0)

    def put_stock(self, lines: Iterable[StockLine], *, is_change: bool = False) -> dict[str, str]:
        """Take figures, each by itself. Returns why some were refused, by what the caller called them."""
        refused: dict[str, str] = {}
        for offer, called, quantity in lines:
            words = self.check_refusal(offer.sku if offer else called)
            if offer is None or words:
                refused[called] = words or "not for sale"
                continue
            try:
                self.shelf.put(offer, quantity, is_change=is_change)
            except ValueError as error:
                refused[called] = str(error)
        return refused

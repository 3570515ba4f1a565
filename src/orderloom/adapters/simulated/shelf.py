"""What a simulated shop sells: the platform's own ids by the seller's code, and the stock that it was told."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from orderloom.adapters.simulated.draw import long_number


class Listing(NamedTuple):
    """One offer: the platform's ids of item and variant. `name` is the code, and "CODE again" for a further offer."""

    item: str
    variant: str
    sku: str
    name: str

    @property
    def id(self) -> str:
        """Both ids, by which pages know an offer."""
        return f"{self.item}/{self.variant}"


def drawn_ids(name: str) -> tuple[str, str]:
    """Ids of 12 and 13 digits that depend on the name alone."""
    return str(long_number(f"item{name}", 12)), str(long_number(f"sku{name}", 13))


class Shelf:
    """Offers by the platform's ids. `stock` is what was told last, by name."""

    def __init__(self, ids: Callable[[str], tuple[str, str]] | None = None) -> None:
        self.ids = ids or drawn_ids
        """The platform's own (item, variant) of a name; the same ones whenever it is asked."""
        self._offers: dict[str, list[Listing]] = {}
        self._places: dict[tuple[str, str], Listing] = {}
        self.stock: dict[str, int] = {}

    def put_up(self, sku: str, name: str = "", *, has_variants: bool = True) -> Listing:
        """Put a code up for sale (again, under another `name`); without variants the code stands on the item itself."""
        name = name or sku
        item, variant = self.ids(name)
        offer = Listing(item, variant if has_variants else "", sku, name)
        if (offer.item, offer.variant) not in self._places:
            self._places[offer.item, offer.variant] = offer
            self._offers.setdefault(sku, []).append(offer)
        return offer

    def offers(self, sku: str) -> list[Listing]:
        """Where a code is for sale."""
        return list(self._offers.get(sku, ()))

    def all(self) -> list[Listing]:
        """Every offer, by code."""
        return [offer for sku in sorted(self._offers) for offer in self._offers[sku]]

    def items(self) -> list[Listing]:
        """Every item once, by its first offer, however many variants it has."""
        return list({offer.item: offer for offer in reversed(self.all())}.values())[::-1]

    def at(self, item: str, variant: str = "") -> Listing | None:
        """The offer with these ids; a variant's id alone is enough where the platform takes it (`item` "")."""
        if item:
            return self._places.get((item, variant))
        return next((offer for offer in self._places.values() if offer.variant == variant), None)

    def put(self, offer: Listing, quantity: int, *, is_change: bool = False) -> int:
        """Set the stock of an offer, or change it by so much; ValueError when it would be below zero."""
        units = (self.stock.get(offer.name, 0) if is_change else 0) + quantity
        if units < 0:
            raise ValueError(f"{offer.name}: {units}")
        self.stock[offer.name] = units
        return units

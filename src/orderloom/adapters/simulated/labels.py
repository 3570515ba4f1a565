"""The waybills that a simulated carrier sells: one for each key of its caller, however often it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orderloom.adapters.simulated.draw import long_number


@dataclass(slots=True)
class Label:
    """One waybill. `told`: what the caller told of sender, receiver and parcel."""

    key: str
    waybill: str
    told: Mapping[str, Any]
    at: datetime
    is_cancelled: bool = False


class Labels:
    """Labels by the caller's key. `make` draws a waybill's number; `left`: how many more may be bought (None: any)."""

    def __init__(self, make: Callable[[str], str] | None = None) -> None:
        self._make = make or (lambda key: f"SIM{long_number(key, 12)}")
        self.sold: dict[str, Label] = {}
        self.left: int | None = None

    def buy(self, key: str, told: Mapping[str, Any], at: datetime) -> Label:
        """A waybill; the key's own one when it was bought before. ValueError when none are left."""
        found = self.sold.get(key)
        if found and not found.is_cancelled:
            return found
        if self.left == 0:
            raise ValueError("no waybills left")
        self.left = self.left if self.left is None else self.left - 1
        label = self.sold[key] = Label(key, self._make(f"{key}/{len(self.sold)}" if found else key), told, at)
        return label

    def find(self, key: str) -> Label | None:
        """What was bought for a key and not cancelled since."""
        found = self.sold.get(key)
        return found if found and not found.is_cancelled else None

    def by_waybill(self, waybill: str) -> Label | None:
        """The label with this number."""
        return next((label for label in self.sold.values() if label.waybill == waybill), None)

    def cancel(self, key: str) -> bool:
        """Give a waybill back; False when there is none."""
        found = self.find(key)
        if found:
            found.is_cancelled = True
        return found is not None

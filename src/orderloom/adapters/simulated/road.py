"""The base of a simulated carrier or tracking service: parcels on the road, labels, subscriptions and their pushes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import Any

import httpx2

from orderloom.adapters.simulated.clock import Now
from orderloom.adapters.simulated.draw import long_number
from orderloom.adapters.simulated.labels import Labels
from orderloom.adapters.simulated.parcels import Parcel, draw
from orderloom.adapters.simulated.platform import Platform
from orderloom.adapters.simulated.pushes import Push, Pushes

Key = tuple[str, str]
"""(carrier as the tracking trade calls it, waybill)."""


@dataclass(slots=True)
class Watch:
    """One subscription: where its pushes go, what else was agreed, and how many scans were told."""

    carrier: str
    waybill: str
    url: str
    since: datetime
    agreed: Mapping[str, Any] = field(default_factory=dict)
    told: int = 0
    is_over: bool = False


class RoadSimulator(Platform):
    """`hand_over` brings a parcel in, `step(now)` lets scans happen, `flush` posts what subscribers are to be told.

    Settings beyond the kit's: pace_seconds between scans, stall_share, return_share, seed.
    """

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self.parcels: dict[Key, Parcel] = {}
        self.watches: dict[Key, Watch] = {}
        self.labels = Labels()
        self.pickups: dict[str, Mapping[str, Any]] = {}
        """What was told of each booked collection, by the platform's own number for it."""
        self.called_off: dict[str, Mapping[str, Any]] = {}
        """The same of those that were called off."""
        self.pushes = Pushes(lambda key, topic: Push(b"", {}), self.is_thanked, self.sending)
        self._moving: dict[Key, Parcel] = {}
        super().__init__(credentials, now, settings)

    # What a platform's simulator overrides

    def news(self, watch: Watch, parcel: Parcel) -> Push | None:
        """What a subscriber is told of the scans so far, signed; None: nothing."""
        return None

    def is_thanked(self, answer: httpx2.Response) -> bool:
        """Whether an answer takes a push."""
        return 200 <= answer.status_code < 300

    def usual(self) -> dict[str, Any]:
        """What the hub agrees on when it subscribes (`Watch.agreed`)."""
        return {}

    def sending(self, message: Push) -> Push:
        """A push as it leaves, at each try."""
        return message

    # What tests and the rehearsed world do

    @property
    def queue(self) -> list[Push]:
        """The pushes that wait to be sent."""
        return [message for message, _ in self.pushes.waiting]

    @property
    def lost(self) -> list[Push]:
        """The pushes that were given up."""
        return self.pushes.lost

    def hand_over(self, carrier: str, waybill: str, at: datetime, province: str = "", phone_last4: str = "") -> None:
        """A parcel reached the carrier at `at`; handing the same waybill over again changes nothing."""
        key = (carrier, waybill)
        if key not in self.parcels:
            self.parcels[key] = draw(carrier, waybill, at, province, phone_last4, self.settings)
            self._moving[key] = self.parcels[key]

    def step(self, now: datetime) -> None:
        """Let the scans due by `now` happen, and queue a push for each scan of a watched parcel."""
        for key, parcel in list(self._moving.items()):
            while parcel.seen < len(parcel.plan) and parcel.plan[parcel.seen].due <= now:
                parcel.seen += 1
                self.tell(key)
            if parcel.seen == len(parcel.plan):
                del self._moving[key]

    async def flush(
        self, http: httpx2.AsyncClient, duplicates: int = 0, is_disordered: bool = False, at_once: int = 1
    ) -> int:
        """Post the queued pushes; tells how many were taken. One that is not thanked is lost after three tries."""
        return await self.pushes.flush(http, duplicates, is_disordered, at_once)

    def watch_again(self, carrier: str, waybill: str, url: str, since: datetime) -> None:
        """A simulator that forgot a subscription of the hub knows it again."""
        self.watches[carrier, waybill] = Watch(carrier, waybill, url, since, self.usual())

    # What a platform's calls use

    def price(self, start: str, end: str, kilograms: Any) -> int:
        """What a parcel costs between two provinces, in minor units: a first kilogram and every further one begun."""
        further = max(0, ceil(Decimal(str(kilograms))) - 1)
        first, step = (1_000, 200) if start == end else (1_400, 650)
        return first + step * further

    def collect(self, key: str, told: Mapping[str, Any]) -> str:
        """Book a collection; the number under which it is known, the key's own one when it was booked before."""
        for known, booked in self.pickups.items():
            if key and booked["key"] == key:
                return known
        number = str(long_number(f"pickup/{key}/{len(self.pickups) + len(self.called_off)}", 10))
        self.pickups[number] = {"key": key, **told}
        return number

    def booking_of(self, key: str) -> str:
        """The number under which a caller's collection is known, or was before it was called off; empty for none."""
        known = {**self.called_off, **self.pickups}
        return next((number for number, booked in known.items() if booked["key"] == key), "")

    def call_off(self, number: str) -> None:
        """Nobody comes for a booked collection."""
        if number in self.pickups:
            self.called_off[number] = self.pickups.pop(number)

    def watch(self, carrier: str, waybill: str, url: str, **agreed: Any) -> Watch:
        """Subscribe; what was scanned before is told at once."""
        watch = self.watches[carrier, waybill] = Watch(carrier, waybill, url, self.now(), agreed)
        if (carrier, waybill) in self.parcels:
            self.tell((carrier, waybill))
        return watch

    def find(self, waybill: str, carrier: str = "") -> Parcel | None:
        """A parcel by its waybill (and carrier)."""
        return next((parcel for key, parcel in self.parcels.items() if waybill == key[1]
                     and carrier in ("", key[0])), None)  # fmt: skip

    def tell(self, key: Key) -> None:
        """Queue the news of a parcel for who watches it."""
        watch, parcel = self.watches.get(key), self.parcels[key]
        if watch is None or watch.is_over or watch.told >= parcel.seen:
            return
        watch.told, watch.is_over = parcel.seen, parcel.is_done
        if message := self.news(watch, parcel):
            self.pushes.add(message._replace(url=message.url or watch.url))

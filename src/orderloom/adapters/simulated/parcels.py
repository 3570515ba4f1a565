"""The rehearsed road: parcels that are scanned, stall, or come back, drawn from the seed and their waybill."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

COLLECTED, IN_TRANSIT, ARRIVED, OUT_FOR_DELIVERY = "collected", "in_transit", "arrived", "out_for_delivery"
DELIVERED, PICKUP_READY, REFUSED, RETURNING, RETURNED = (
    "delivered", "pickup_ready", "refused", "returning", "returned")  # fmt: skip
WORDS = (COLLECTED, IN_TRANSIT, ARRIVED, OUT_FOR_DELIVERY, DELIVERED, PICKUP_READY, REFUSED, RETURNING, RETURNED)
"""What can happen to a parcel; a platform says each in its own words."""
DONE = frozenset({DELIVERED, PICKUP_READY, RETURNED})
AT_THE_SENDER = frozenset({COLLECTED, RETURNED})


class Scan(NamedTuple):
    """One scan that will happen at `due`."""

    word: str
    due: datetime
    place: str


@dataclass(slots=True)
class Parcel:
    """One waybill's way; `seen` scans of `plan` have happened."""

    carrier: str
    waybill: str
    phone_last4: str
    plan: tuple[Scan, ...]
    seen: int = 0

    @property
    def scans(self) -> tuple[Scan, ...]:
        return self.plan[: self.seen]

    @property
    def last(self) -> str:
        """The word of the last scan; "" before the first."""
        return self.plan[self.seen - 1].word if self.seen else ""

    @property
    def is_done(self) -> bool:
        return self.last in DONE


def draw(
    carrier: str, waybill: str, at: datetime, province: str, phone_last4: str, settings: Mapping[str, Any]
) -> Parcel:
    """The way of one parcel: mostly to the door, sometimes nowhere or back.

    Settings: pace_seconds between scans, stall_share, return_share, seed.
    """
    chance = random.Random(f"{settings.get('seed', 1)}:{carrier}:{waybill}")
    end = (DELIVERED, DELIVERED, DELIVERED, PICKUP_READY)
    words = [COLLECTED, *[IN_TRANSIT] * chance.randint(1, 3), ARRIVED, OUT_FOR_DELIVERY, chance.choice(end)]
    fate = chance.random()
    stall_share, return_share = float(settings.get("stall_share", 0.0)), float(settings.get("return_share", 0.0))
    if fate < stall_share:
        words = words[: chance.randint(1, len(words) - 2)]
    elif fate < stall_share + return_share:
        words = [*words[:-1], REFUSED, RETURNING, RETURNED]
    pace, due, plan = float(settings.get("pace_seconds", 300)), at, []
    for word in words:
        due += timedelta(seconds=max(1.0, pace * chance.uniform(0.6, 1.4)))
        place = "始发地" if word in AT_THE_SENDER else province or "目的地"
        plan.append(Scan(word, due.replace(microsecond=0), place))
    return Parcel(carrier, waybill, phone_last4, tuple(plan))

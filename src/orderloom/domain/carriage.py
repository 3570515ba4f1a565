"""Which carrier's service may take a parcel from a warehouse to a place, at what price, and until when it is there.

A service is a product of a carrier under one contract: where it goes (zones), what it does not serve (coverage), when
the day's parcels leave (cut-off), on which days it works; or a rider within the town; or a counter where buyers fetch.
A **stop** is a region that a carrier does not serve for a time: said by a person, in the contract's calendar, or found
from tracking. Places are codes of divisions; of several that fit, the longest counts. Pure; instants are aware, days
those of `zone`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from orderloom.domain.holidays import days_of_rest
from orderloom.domain.rates import RateTable
from orderloom.domain.states import State

DAYS_MAX = 60
"""So far a promise looks ahead for a day on which the carrier works; beyond it the last day looked at stands."""
END_OF_DAY = time(23, 59)


class StopSource(State):
    """Who says that a region is stopped."""

    HAND = "hand"
    CALENDAR = "calendar"
    TRACKING = "tracking"


class CarrierStop(msgspec.Struct, frozen=True, omit_defaults=True):
    """A carrier (empty: every one) serves a region neither from nor to it, from an instant until another (None: nobody
    knows until when). `number` is what people call it by; one of the calendar has none."""

    number: str
    carrier: str
    division: str
    begins_at: datetime
    ends_at: datetime | None
    reason: str
    source: StopSource = StopSource.HAND

    def meets(self, carrier: str, ends: Sequence[str], at: datetime) -> bool:
        """Whether it is in force for a way between these divisions."""
        return (
            self.carrier in ("", carrier) and self.begins_at <= at and (self.ends_at is None or at < self.ends_at)
            and any(end.startswith(self.division) for end in ends)
        )


class Covered(State):
    """What a contract says of a region."""

    SERVE = "serve"
    NO = "no"
    PICKUP_ONLY = "pickup_only"
    SURCHARGE = "surcharge"


class Coverage(msgspec.Struct, frozen=True):
    """How a region is served; `amount` is added to the price where `said` is surcharge."""

    said: Covered
    amount: int = 0


class ServiceZone(msgspec.Struct, frozen=True):
    """A region of one price and `days` on the way."""

    name: str
    days: int
    rates: RateTable


class Closing(msgspec.Struct, frozen=True):
    """Days, both counted in, on which the carrier rests in a region."""

    first: date
    last: date
    division: str
    reason: str


class DeliveryMethod(State):
    """How goods come to the buyer: a parcel that leaves with the day's others, a rider who comes for this one, or the
    buyer fetches them."""

    PARCEL = "parcel"
    RIDER = "rider"
    PICKUP = "pickup"


class CarrierService(msgspec.Struct, frozen=True):
    """A service as a blueprint version has it. `warehouses`: from which ones it goes, none means all; `cut_off` is the
    business zone's; `weekdays`: 1 is Monday. Of a rider and of a counter `hours` are from when until when on a day, in
    the business zone, and `minutes` how long it takes from the order to the door, or until it can be fetched."""

    name: str
    carrier: str
    warehouses: frozenset[str]
    cut_off: time
    weekdays: frozenset[int]
    rests_on_holidays: bool
    zones: Mapping[str, ServiceZone]
    coverage: Mapping[str, Coverage]
    closed: tuple[Closing, ...]
    method: DeliveryMethod = DeliveryMethod.PARCEL
    hours: tuple[time, time] = (time(0), END_OF_DAY)
    minutes: int = 0


class ParcelWay(msgspec.Struct, frozen=True):
    """What is to go where: codes of the divisions at both ends, grams and cubic millimetres (0: nobody told)."""

    origin: str
    destination: str
    weight_g: int
    volume_mm3: int


class ServiceLooked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a service passed or failed for a way, as the log keeps it: `verdict` is passed, stopped, does_not_serve,
    pickup_only or too_heavy; `stop` is the number of the stop, or the calendar's reason."""

    service: str
    carrier: str
    verdict: str
    cost: int = 0
    promised_at: datetime | None = None
    stop: str = ""

    @property
    def is_passed(self) -> bool:
        """Whether it could take the parcel."""
        return self.verdict == PASSED


T = TypeVar("T")
PASSED = "passed"
STOPPED = "stopped"


def look(
    service: CarrierService, way: ParcelWay, at: datetime, zone: str, stops: Iterable[CarrierStop],
) -> ServiceLooked:
    """Judge one service for a way, now. Who fetches the goods needs no carrier, and pays none."""
    if service.method is DeliveryMethod.PICKUP:
        return ServiceLooked(service.name, "", PASSED, 0, promise(service, way, at, zone))
    covered = _longest(service.coverage, way.destination)
    found = _longest(service.zones, way.destination)
    if found is None or (covered is not None and covered.said is Covered.NO):
        return _failed(service, "does_not_serve")
    if covered is not None and covered.said is Covered.PICKUP_ONLY:
        return _failed(service, "pickup_only")
    price = found.rates.price(way.weight_g, way.volume_mm3)
    if price is None:
        return _failed(service, "too_heavy")
    ends = (way.destination, way.origin)
    if (stop := next((s for s in stops if s.meets(service.carrier, ends, at)), None)) is not None:
        return ServiceLooked(service.name, service.carrier, STOPPED, stop=stop.number)
    local = at.astimezone(ZoneInfo(zone))
    if (closing := _closing(service, ends, local.date())) is not None:
        return ServiceLooked(service.name, service.carrier, STOPPED, stop=closing.reason)
    price += covered.amount if covered is not None and covered.said is Covered.SURCHARGE else 0
    return ServiceLooked(service.name, service.carrier, PASSED, price, promise(service, way, at, zone))


def promise(service: CarrierService, way: ParcelWay, at: datetime, zone: str) -> datetime | None:
    """The end of the day on which a parcel that is ready at `at` is there: it leaves with the day's parcels before the
    cut-off, else on the next day, and days on the way are days on which the carrier works. None: no such zone."""
    if service.method is not DeliveryMethod.PARCEL:
        return _within_hours(service, way, at, zone)
    found = _longest(service.zones, way.destination)
    if found is None:
        return None
    local = at.astimezone(ZoneInfo(zone))
    ends = (way.destination, way.origin)
    works = _works(service, ends)
    day = local.date() if local.time() < service.cut_off else local.date() + timedelta(days=1)
    leaves = _next(day, works)
    for _ in range(found.days):
        leaves = _next(leaves + timedelta(days=1), works)
    return datetime.combine(leaves, END_OF_DAY, ZoneInfo(zone)).astimezone(UTC)


def _within_hours(service: CarrierService, way: ParcelWay, at: datetime, zone: str) -> datetime:
    """`minutes` from now in the hours of the day, else from the next opening on."""
    local, (opens, closes) = at.astimezone(ZoneInfo(zone)), service.hours
    works = _works(service, (way.destination, way.origin))
    day = local.date() if local.time() < closes else local.date() + timedelta(days=1)
    first = datetime.combine(_next(day, works), opens, ZoneInfo(zone))
    return max(first.astimezone(UTC), at.astimezone(UTC)) + timedelta(minutes=service.minutes)


def best(looked: Iterable[ServiceLooked], *, is_fast: bool) -> ServiceLooked | None:
    """The service that a warehouse would take: the cheapest, or the soonest; of equal ones the other measure counts."""
    return next(iter(in_order(looked, is_fast=is_fast)), None)


def next_best(looked: Iterable[ServiceLooked], refused: str, *, is_fast: bool) -> ServiceLooked | None:
    """The one that comes after a service whose carrier refused, and that another carrier has; None when it is gone from
    the contracts, or the last."""
    able = in_order(looked, is_fast=is_fast)
    at = next((n for n, one in enumerate(able) if one.service == refused), len(able))
    return next((one for one in able[at + 1:] if one.carrier != able[at].carrier), None)


def in_order(looked: Iterable[ServiceLooked], *, is_fast: bool) -> list[ServiceLooked]:
    """Those that could take the parcel, in the order in which a warehouse would take them."""
    able = [(at.timestamp(), one.cost, one.service, one) for one in looked if one.is_passed and (at := one.promised_at)]
    able.sort(key=lambda x: x[:3] if is_fast else (x[1], x[0], x[2]))
    return [one for *_, one in able]


def _failed(service: CarrierService, verdict: str) -> ServiceLooked:
    return ServiceLooked(service.name, service.carrier, verdict)


def _longest(rows: Mapping[str, T], division: str) -> T | None:
    """What stands under the longest beginning of a code; under "" what holds elsewhere."""
    for length in range(len(division), -1, -1):
        if (found := rows.get(division[:length])) is not None:
            return found
    return None


def _closing(service: CarrierService, ends: Sequence[str], day: date) -> Closing | None:
    return next((c for c in service.closed if c.first <= day <= c.last
                 and any(end.startswith(c.division) for end in ends)), None)


def _works(service: CarrierService, ends: Sequence[str]) -> Callable[[date], bool]:
    def works(day: date) -> bool:
        if _closing(service, ends, day) is not None:
            return False
        if service.rests_on_holidays and (is_off := days_of_rest().get(day)) is not None:
            return not is_off
        return day.isoweekday() in service.weekdays

    return works


def _next(day: date, works: Callable[[date], bool]) -> date:
    """The day itself, or the next one on which the carrier works."""
    for ahead in range(DAYS_MAX):
        if works(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return day + timedelta(days=DAYS_MAX)

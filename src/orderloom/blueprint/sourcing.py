"""The shape of `sourcing.yaml`: how a warehouse is chosen, by which carriers' services goods go, when one stops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Annotated, Literal

import msgspec

from orderloom.blueprint.shape import Shape
from orderloom.domain.assign import Sourcing
from orderloom.domain.carriage import CarrierService, Closing, Coverage, Covered, DeliveryMethod, ServiceZone
from orderloom.domain.carriers import CODES
from orderloom.domain.divisions import codes
from orderloom.domain.finding import Finding
from orderloom.domain.rates import RateStep, RateTable
from orderloom.domain.words import Words

HOUSES_MAX = 1_000
SERVICES_MAX, ZONES_MAX, STEPS_MAX = 100, 400, 50
AMOUNT_MAX, GRAMS_MAX = 10_000_000, 1_000_000
MINUTES_MAX = 14 * 24 * 60
ALL_DAY, CLOCK = "00:00-23:59", r"([01]\d|2[0-3]):[0-5]\d"
_SEE = Words("对照 docs/sourcing.md 修改", "see docs/sourcing.md")
Amount = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
Grams = Annotated[int, msgspec.Meta(ge=0, le=GRAMS_MAX)]
Share = Annotated[int, msgspec.Meta(ge=0, le=100)]


class Weights(Shape, frozen=True):
    """How much each property of a warehouse counts, in whole points; `cost` and `speed` are of its best service."""

    distance: int
    priority: int
    capacity: int
    cost: int = 0
    speed: int = 0


class RateEntry(Shape, frozen=True):
    """A step of a rate table, in grams and minor units: see `domain/rates.py`."""

    to_g: Grams
    first: Amount
    first_g: Grams = 0
    step_g: Grams = 0
    step: Amount = 0


class ZoneEntry(Shape, frozen=True):
    """Divisions (codes; "" is everywhere else) of one price and so many days on the way."""

    name: str
    divisions: tuple[str, ...]
    days: Annotated[int, msgspec.Meta(ge=0, le=30)]
    rates: tuple[RateEntry, ...]
    minimum: Amount = 0


class CoverageEntry(Shape, frozen=True):
    """A region that the service does not serve as others; `amount` is the surcharge."""

    division: str
    verb: Literal["serve", "no", "pickup_only", "surcharge"]
    amount: Amount = 0


class ClosingEntry(Shape, frozen=True):
    """Days on which the carrier rests in a region, first and last counted in; `division` empty is everywhere."""

    first: date
    last: date
    reason: str
    division: str = ""


class ServiceEntry(Shape, frozen=True):
    """A carrier's service under a contract: see `domain/carriage.py`. `divisor` 0: bulk does not count. `hours` and
    `minutes` are a rider's and a counter's; a counter (`pickup`) names its warehouses, and has no carrier and zones."""

    name: str
    title: Words
    carrier: str = ""
    zones: tuple[ZoneEntry, ...] = ()
    method: Literal["parcel", "rider", "pickup"] = "parcel"
    hours: str = ALL_DAY
    minutes: Annotated[int, msgspec.Meta(ge=0, le=MINUTES_MAX)] = 0
    warehouses: tuple[str, ...] = ()
    cut_off: str = "16:00"
    weekdays: tuple[Annotated[int, msgspec.Meta(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    rests_on_holidays: bool = False
    divisor: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0
    volumetric_from_g: Grams = 0
    round_g: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    coverage: tuple[CoverageEntry, ...] = ()
    closed: tuple[ClosingEntry, ...] = ()


class StopRule(Shape, frozen=True):
    """When tracking shows that a region is stopped: so many parcels of a carrier to a city without news for so long.
    New orders then go among the `nearest` warehouses that another carrier serves; where nobody knows until when it
    lasts, promises move by `moves_by`."""

    parcels: Annotated[int, msgspec.Meta(ge=2, le=100_000)] = 20
    silent: str = "24h"
    nearest: Annotated[int, msgspec.Meta(ge=1, le=100)] = 3
    moves_by: str = "3d"


class ArmEntry(Shape, frozen=True):
    """One of the rule sets that are tried beside each other: `share` per cent of the orders, by a hash of their ids.
    What is left out is as in the rest of the file."""

    name: str
    share: Share
    weights: Weights | None = None
    may_split: bool | None = None
    prefers: Literal["cheap", "fast"] | None = None
    split: Literal["ranked", "fewest"] | None = None


class SourcingFile(Shape, frozen=True):
    """`sourcing.yaml`: how a warehouse is chosen, and who is served first when stock comes in.

    That is who waits longest, or who is to ship soonest by the channel's own time (the mapped fact `ship_by`)."""

    weights: Weights
    may_split: bool = False
    candidates_max: int = 3
    restock: Literal["first_come", "ship_by"] = "first_come"
    split: Literal["ranked", "fewest"] = "ranked"
    prefers: Literal["cheap", "fast"] = "cheap"
    services: tuple[ServiceEntry, ...] = ()
    stops: StopRule = StopRule()
    arms: tuple[ArmEntry, ...] = ()


def check_services(file: SourcingFile) -> Iterator[Finding]:
    """Return everything that cannot be: names twice, unknown carriers and divisions, steps that do not grow."""
    if len(file.services) > SERVICES_MAX:
        yield _finding("services", f"最多 {SERVICES_MAX} 个服务", f"at most {SERVICES_MAX} services")
    names = [service.name for service in file.services]
    for at, service in enumerate(file.services[:SERVICES_MAX]):
        place = f"services[{at}]"
        if names.count(service.name) > 1 or not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", service.name):
            yield _finding(f"{place}.name", "名称须唯一，由小写字母、数字和下划线组成",
                           "a name is unique, of small letters, digits and underscores")
        yield from _of_method(place, service)
        if not re.fullmatch(CLOCK, service.cut_off):
            yield _finding(f"{place}.cut_off", "写成 16:00", "write it as 16:00")
        if not service.weekdays:
            yield _finding(f"{place}.weekdays", "一天也不工作", "the carrier works on no day")
        if service.method != "pickup":
            yield from _zones(place, service)
        yield from _regions(place, service)
    if file.arms and (sum(arm.share for arm in file.arms) != 100 or len({a.name for a in file.arms}) != len(file.arms)):
        yield _finding("arms", "各组名称唯一，份额合计 100",
                       "arms have names of their own, and shares that come to 100")


def _of_method(place: str, service: ServiceEntry) -> Iterator[Finding]:
    """What one method needs and another may not have."""
    opens, _, closes = service.hours.partition("-")
    if not (re.fullmatch(CLOCK, opens) and re.fullmatch(CLOCK, closes)) or opens >= closes:
        yield _finding(f"{place}.hours", "写成 09:00-21:00，先开后关", "write it as 09:00-21:00, opening first")
    if service.method == "pickup":
        if service.carrier or service.zones:
            yield _finding(f"{place}.carrier", "自提没有快递和分区", "who fetches needs no carrier and no zones")
        if not service.warehouses:
            yield _finding(f"{place}.warehouses", "写明在哪些仓库或门店自提", "name the warehouses to fetch at")
    elif service.carrier not in CODES:
        yield _finding(f"{place}.carrier", f"没有“{service.carrier}”这家快递",
                       f'there is no carrier "{service.carrier}"')
    if service.method == "parcel" and (service.minutes or service.hours != ALL_DAY):
        yield _finding(f"{place}.minutes", "快递按 cut_off 和 days 计", "a parcel goes by cut_off and days")
    if service.method != "parcel" and not service.minutes:
        yield _finding(f"{place}.minutes", "写明需要多少分钟", "say how many minutes it takes")


def _zones(place: str, service: ServiceEntry) -> Iterator[Finding]:
    if not 1 <= len(service.zones) <= ZONES_MAX:
        yield _finding(f"{place}.zones", f"1 到 {ZONES_MAX} 个", f"from 1 to {ZONES_MAX} zones")
    seen: set[str] = set()
    for at, zone in enumerate(service.zones[:ZONES_MAX]):
        here = f"{place}.zones[{at}]"
        limits = [rate.to_g for rate in zone.rates]
        if not 1 <= len(limits) <= STEPS_MAX or limits != sorted(set(limits)):
            yield _finding(f"{here}.rates", "重量上限须由小到大", "the limits of weight have to grow from step to step")
        for division in zone.divisions:
            yield from _division(f"{here}.divisions", division)
            if division in seen:
                yield _finding(f"{here}.divisions", f"“{division}”在两个区里", f'"{division}" is in two zones')
            seen.add(division)


def _regions(place: str, service: ServiceEntry) -> Iterator[Finding]:
    for at, row in enumerate(service.coverage):
        yield from _division(f"{place}.coverage[{at}].division", row.division)
    for at, closing in enumerate(service.closed):
        yield from _division(f"{place}.closed[{at}].division", closing.division)
        if closing.last < closing.first:
            yield _finding(f"{place}.closed[{at}].last", "早于开始", "is before the first day")


def _division(place: str, code: str) -> Iterator[Finding]:
    if code and not any(known.startswith(code) for known in codes().values()):
        yield _finding(place, f"没有代码以“{code}”开头的地区", f'no division has a code that begins with "{code}"')


def _finding(place: str, zh: str, en: str) -> Finding:
    return Finding("sourcing.yaml", place, Words(zh, en), _SEE)


def compile_arms(file: SourcingFile) -> tuple[tuple[int, Sourcing], ...]:
    """The rule sets with their shares in per cent; the file's own alone where no arms are."""
    return tuple([(arm.share, _rule(file, arm)) for arm in file.arms or (ArmEntry("", 100),)])


def _rule(file: SourcingFile, arm: ArmEntry) -> Sourcing:
    weights = arm.weights or file.weights
    may_split = file.may_split if arm.may_split is None else arm.may_split
    return Sourcing(
        weights.distance, weights.priority, weights.capacity, may_split,
        HOUSES_MAX if file.services else file.candidates_max, cost_weight=weights.cost, speed_weight=weights.speed,
        is_fast=(arm.prefers or file.prefers) == "fast", is_fewest=(arm.split or file.split) == "fewest",
        nearest=file.stops.nearest, open_max=file.candidates_max, arm=arm.name,
    )


def compile_services(file: SourcingFile) -> tuple[CarrierService, ...]:
    """The services as the route reads them."""
    return tuple([_service(entry) for entry in file.services])


def _service(s: ServiceEntry) -> CarrierService:
    opens, _, closes = s.hours.partition("-")
    return CarrierService(
        s.name, s.carrier, frozenset(s.warehouses), time.fromisoformat(s.cut_off), frozenset(s.weekdays),
        s.rests_on_holidays, {code: _zone(s, zone) for zone in s.zones for code in zone.divisions},
        {row.division: Coverage(Covered(row.verb), row.amount) for row in s.coverage},
        tuple([Closing(c.first, c.last, c.division, c.reason) for c in s.closed]),
        DeliveryMethod(s.method), (time.fromisoformat(opens), time.fromisoformat(closes)), s.minutes,
    )


def _zone(s: ServiceEntry, zone: ZoneEntry) -> ServiceZone:
    steps = tuple([RateStep(r.to_g, r.first, r.first_g, r.step_g, r.step) for r in zone.rates])
    return ServiceZone(zone.name, zone.days, RateTable(steps, zone.minimum, s.divisor, s.volumetric_from_g, s.round_g))

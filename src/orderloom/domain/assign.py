"""Which warehouse ships what: candidates ranked, each with what it passed or failed (FUL-1, FUL-9).

Each candidate gets whole points, higher is better: the rule's weights times how good the warehouse is in per mille:
distance (0 km is 1000, 5,000 km or abroad is 0), priority (1 is 1000, 11 and above is 0), free share of the day's
capacity and, of the best service that goes there, cost (0 for the dearest candidate) and speed (today is 1000, ten days
are 0). Equal points go to the lower warehouse id. All integers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from orderloom.domain.carriage import STOPPED, ServiceLooked, best
from orderloom.domain.event import Candidate
from orderloom.domain.states import State

ABROAD_KM = 5_000
"""Taken as the distance when the receiver is in another country or the province is unknown."""
CANDIDATES_MAX = 20


class WarehouseKind(State):
    """What a warehouse is: run by the seller, by others, goods on their way between two of them, stock at a customer's,
    a shop. One that is `transit` is made by itself, always off and never sold from."""

    OWN = "own"
    THIRD_PARTY = "third_party"
    TRANSIT = "transit"
    CONSIGNEE = "consignee"
    SHOP = "shop"


class Warehouse(msgspec.Struct, frozen=True):
    """A warehouse as sourcing sees it. `serves` lists countries or provinces; empty means everywhere."""

    id: int
    code: str
    country: str
    province: str
    account_id: int | None
    priority: int
    daily_capacity: int
    serves: tuple[str, ...] = ()
    is_active: bool = True
    kind: WarehouseKind = WarehouseKind.OWN
    city: str = ""
    is_floor: bool = False
    """Run here: what lies where is known by place, and works go out by scans."""


class Sourcing(msgspec.Struct, frozen=True):
    """The sourcing rule of a blueprint version."""

    distance_weight: int = 60
    priority_weight: int = 30
    capacity_weight: int = 10
    may_split: bool = True
    candidates_max: int = CANDIDATES_MAX
    rule: str = "default"
    cost_weight: int = 0
    speed_weight: int = 0
    is_fast: bool = False
    """Which service a warehouse takes: the soonest, else the cheapest."""
    is_fewest: bool = False
    """Of an order that is split: from as few warehouses as may be, else down the ranking line by line."""
    nearest: int = CANDIDATES_MAX
    """While a carrier's region is stopped, only so many of the nearest warehouses that can go on are candidates."""
    open_max: int = CANDIDATES_MAX
    """Where services are judged: so many of those that can go on are candidates, of all that were ranked."""
    arm: str = ""


class Ranked(msgspec.Struct, frozen=True):
    """A warehouse with its place in the ranking for one destination, before stock is looked at."""

    warehouse: Warehouse
    score: int
    distance_km: int
    refusal: str = ""
    services: tuple[ServiceLooked, ...] = ()
    taken: ServiceLooked | None = None
    """The service that it would go by."""


class Picked(msgspec.Struct, frozen=True):
    """Units of a SKU to be taken from a warehouse for a line."""

    line_no: int
    sku_id: int
    warehouse_id: int
    quantity: int


class Plan(msgspec.Struct, frozen=True):
    """Where everything comes from (`picks`), or what is missing (then `picks` is empty)."""

    picks: tuple[Picked, ...]
    candidates: tuple[Candidate, ...]
    missing: tuple[tuple[int, int], ...] = ()


def rank(
    warehouses: Sequence[Warehouse],
    distances: Mapping[int, int],
    loads: Mapping[int, int],
    country: str,
    province: str,
    rule: Sourcing,
) -> tuple[Ranked, ...]:
    """Warehouses from best to worst for a destination; refused ones stand last with the reason.

    `distances` are km by warehouse, `loads` the works given to each today.
    """
    ranked = [_rank_one(w, distances[w.id], loads.get(w.id, 0), country, province, rule) for w in warehouses]
    ranked.sort(key=lambda r: (bool(r.refusal), -r.score, r.warehouse.id))
    return tuple(ranked[: rule.candidates_max])


def with_services(
    ranked: Sequence[Ranked], looked: Mapping[int, tuple[ServiceLooked, ...]], at: datetime, rule: Sourcing,
) -> tuple[Ranked, ...]:
    """The ranking when carriers' services are judged, too: a warehouse that none of its services can take the parcel
    from is refused, one that has no service is not judged by any. Those that are refused stay, to be explained.

    `ranked` has all warehouses; `looked` their services; `at` is now."""
    costs = [one.cost for own in looked.values() for one in own if one.is_passed]
    found = [_judged(r, looked.get(r.warehouse.id, ()), max(costs, default=0), at, rule) for r in ranked]
    able = [r for r in found if not r.refusal]
    if any(one.verdict == STOPPED for own in looked.values() for one in own):
        able = sorted(able, key=lambda r: (r.distance_km, r.warehouse.id))[: rule.nearest]
    able.sort(key=lambda r: (-r.score, r.warehouse.id))
    failed = sorted([r for r in found if r.refusal], key=lambda r: (-r.score, r.warehouse.id))
    return (*able[: rule.open_max], *failed[:CANDIDATES_MAX])


def _judged(r: Ranked, looked: tuple[ServiceLooked, ...], dearest: int, at: datetime, rule: Sourcing) -> Ranked:
    taken = best(looked, is_fast=rule.is_fast)
    if taken is None or taken.promised_at is None:
        verdict = "stopped" if any(one.verdict == STOPPED for one in looked) else "no_service" if looked else ""
        return replace(r, refusal=r.refusal or verdict, services=looked)
    cheap = 1000 - taken.cost * 1000 // dearest if dearest else 1000
    soon = 1000 - min((taken.promised_at - at).days, 10) * 100
    score = r.score + rule.cost_weight * cheap + rule.speed_weight * soon
    return replace(r, score=score, services=looked, taken=taken)


def _rank_one(w: Warehouse, km: int, load: int, country: str, province: str, rule: Sourcing) -> Ranked:
    near = 1000 - min(km, ABROAD_KM) * 1000 // ABROAD_KM
    first = 1000 - min(max(w.priority - 1, 0), 10) * 100
    spare = 1000 - min(load * 1000 // w.daily_capacity if w.daily_capacity else 1000, 1000)
    score = rule.distance_weight * near + rule.priority_weight * first + rule.capacity_weight * spare
    refusal = ""
    if not w.is_active:
        refusal = "inactive"
    elif load >= w.daily_capacity:
        refusal = "full"
    elif w.serves and country not in w.serves and province not in w.serves:
        refusal = "does_not_serve"
    return Ranked(w, score, km, refusal)


Demand = tuple[tuple[int, int, int], ...]
"""(line, sku, units), components of bundles already summed per line."""
Available = Callable[[int, int], int]
"""Units of a SKU that the order may have in a warehouse; see `inventory/quota.py`."""


def plan(
    demand: Demand,
    ranked: Sequence[Ranked],
    available: Available,
    *,
    may_split: bool, is_fewest: bool = False,
) -> Plan:
    """Cover the whole demand or nothing: first one warehouse that has all, else, if allowed, greedily down the ranking.

    Demand is summed per SKU before any check, so two lines that share a component cannot both take the last unit.
    """
    needed: dict[int, int] = {}
    for _, sku_id, units in demand:
        needed[sku_id] = needed.get(sku_id, 0) + units
    candidates: list[Candidate] = []
    for place in ranked:
        w = place.warehouse
        if place.refusal:
            candidates.append(Candidate(w.id, place.score, place.distance_km, place.refusal, services=place.services))
            continue
        missing = tuple([(s, n - f) for s, n in needed.items() if (f := available(s, w.id)) < n])
        if not missing:
            candidates.append(Candidate(w.id, place.score, place.distance_km, "chosen", services=place.services))
            candidates += [_behind(r) for r in ranked[len(candidates):] if r.services]
            return Plan(tuple([Picked(no, sku, w.id, n) for no, sku, n in demand]), tuple(candidates))
        candidates.append(Candidate(w.id, place.score, place.distance_km, "short", missing, place.services))
    if is_fewest:
        ranked = _fewest(needed, ranked, available)
    return _split(demand, needed, ranked, available, candidates, may_split)


def _behind(r: Ranked) -> Candidate:
    """One that was not needed: told with what its carriers said, so that the decision explains itself."""
    return Candidate(r.warehouse.id, r.score, r.distance_km, r.refusal or "behind", services=r.services)


def _fewest(needed: Mapping[int, int], ranked: Sequence[Ranked], available: Available) -> list[Ranked]:
    """The open places, each time the one that has the most of what is still needed; of equal ones the better ranked."""
    left, rest, found = dict(needed), [r for r in ranked if not r.refusal], list[Ranked]()
    while rest:
        has = [sum(min(max(available(s, r.warehouse.id), 0), n) for s, n in left.items()) for r in rest]
        taken = rest.pop(has.index(max(has)))
        found.append(taken)
        left = {s: n - min(max(available(s, taken.warehouse.id), 0), n) for s, n in left.items()}
    return found


def _split(
    demand: Demand,
    needed: dict[int, int],
    ranked: Sequence[Ranked],
    available: Available,
    candidates: list[Candidate],
    may_split: bool,
) -> Plan:
    open_places = [r.warehouse.id for r in ranked if not r.refusal]
    left = {(s, w): max(available(s, w), 0) for s in needed for w in open_places}
    missing = tuple((s, n - have) for s, n in needed.items() if (have := sum(left[s, w] for w in open_places)) < n)
    if missing or not may_split:
        return Plan((), tuple(candidates), missing or tuple(needed.items()))
    picks: list[Picked] = []
    for line_no, sku_id, units in demand:
        for warehouse_id in open_places:
            take = min(units, left[sku_id, warehouse_id])
            if take:
                picks.append(Picked(line_no, sku_id, warehouse_id, take))
                left[sku_id, warehouse_id] -= take
                units -= take
    return Plan(tuple(picks), tuple(candidates))

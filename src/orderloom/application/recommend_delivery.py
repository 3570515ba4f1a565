"""By which method goods could come to a place, from where, at what price and when, before anything is sold. Pure.

Of what carriers and riders offer that is recommended which sourcing would take; where nobody goes, the nearest counter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from orderloom.application.choose_service import services_for
from orderloom.application.directory import Directory
from orderloom.domain.assign import ABROAD_KM, Warehouse, rank
from orderloom.domain.carriage import DeliveryMethod, ParcelWay, ServiceLooked, look
from orderloom.domain.distance import division_code, road_km
from orderloom.domain.words import Words

OPTIONS_MAX = 50
HOME = "CN"


class GoodsAsked(NamedTuple):
    """Units of a SKU that somebody might buy, what one weighs and its bulk (0: nobody told)."""

    sku_id: int
    units: int
    weight_g: int
    volume_mm3: int


class DeliveryPlace(NamedTuple):
    """Where they would go."""

    province: str
    city: str


class DeliveryOption(msgspec.Struct, frozen=True):
    """A way: `method` is parcel, rider or pickup; `cost` in minor units by the rate table, as far as the goods' weights
    are known; `promised_at` until when they are there, or can be fetched. `distance_km` is null where not known."""

    method: DeliveryMethod
    service: str
    title: Words
    carrier: str
    warehouse: str
    distance_km: int | None
    cost: int
    promised_at: datetime
    is_recommended: bool = False


def delivery_options(
    directory: Directory, goods: Sequence[GoodsAsked], free: Mapping[tuple[int, int], int], place: DeliveryPlace,
    at: datetime,
) -> list[DeliveryOption]:
    """The ways, best first; none where no warehouse has all of the goods, or the blueprint has no services. `free` are
    sellable units by SKU and warehouse."""
    if (blueprint := directory.blueprints.get(directory.blueprint_active)) is None:
        return []
    rule = blueprint.arms[0][1]
    houses = [w for w in directory.warehouses if w.country == HOME and _has_all(w, goods, free)]
    distances = {w.id: _km(w, place) for w in houses}
    able = [r.warehouse for r in rank(houses, distances, {}, HOME, place.province, rule) if not r.refusal]
    found = [_option(directory, w, one, distances[w.id])
             for w in able for one in _looked(directory, w, goods, place, at)]
    options = sorted(found, key=lambda o: _order(o, is_fast=rule.is_fast))[:OPTIONS_MAX]
    return [msgspec.structs.replace(o, is_recommended=not n) for n, o in enumerate(options)]


def _order(o: DeliveryOption, *, is_fast: bool) -> tuple[bool, int, int, str, str]:
    """Counters come behind: who can have it at the door is not sent out for it."""
    if o.method is DeliveryMethod.PICKUP:
        return True, ABROAD_KM if o.distance_km is None else o.distance_km, 0, o.service, o.warehouse
    soon = int(o.promised_at.timestamp())
    return False, *((soon, o.cost) if is_fast else (o.cost, soon)), o.service, o.warehouse


def _has_all(house: Warehouse, goods: Sequence[GoodsAsked], free: Mapping[tuple[int, int], int]) -> bool:
    needed: dict[int, int] = {}
    for one in goods:
        needed[one.sku_id] = needed.get(one.sku_id, 0) + one.units
    return all(free.get((sku, house.id), 0) >= units for sku, units in needed.items())


def _km(house: Warehouse, place: DeliveryPlace) -> int:
    known = road_km(house.province, house.city, *place) if house.province else None
    return ABROAD_KM if known is None else known


def _looked(
    directory: Directory, house: Warehouse, goods: Sequence[GoodsAsked], place: DeliveryPlace, at: datetime,
) -> list[ServiceLooked]:
    every = directory.blueprints[directory.blueprint_active].services
    way = ParcelWay(
        division_code(house.province, house.city), division_code(*place),
        sum([one.weight_g * one.units for one in goods]), sum([one.volume_mm3 * one.units for one in goods]))
    services = (*services_for(every, house, is_pickup=False), *services_for(every, house, is_pickup=True))
    looked = [look(service, way, at, directory.business_zone, directory.stops) for service in services]
    return [one for one in looked if one.is_passed and one.promised_at is not None]


def _option(directory: Directory, house: Warehouse, looked: ServiceLooked, km: int) -> DeliveryOption:
    entries = directory.blueprints[directory.blueprint_active].sourcing.services
    entry = next(one for one in entries if one.name == looked.service)
    assert looked.promised_at is not None
    return DeliveryOption(DeliveryMethod(entry.method), entry.name, entry.title, looked.carrier, house.code,
                          None if km == ABROAD_KM else km, looked.cost, looked.promised_at)

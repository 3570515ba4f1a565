"""By which carrier's service an order's goods may go from each warehouse, and by which one a work does go.

Asked twice: while warehouses are ranked, for all goods in one parcel, and for each work with what is in it. Nothing is
asked where the blueprint has no services; across a border, or from a warehouse that none is for, the order goes as it
always did: without one, and without a promise of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.assign import Demand, Ranked, Sourcing, Warehouse, with_services
from orderloom.domain.carriage import CarrierService, DeliveryMethod, ParcelWay, ServiceLooked, best, look
from orderloom.domain.distance import division_code
from orderloom.domain.order import Work

Units = Iterable[tuple[int, int]]
"""(SKU, units)."""


def arm_of(arms: Sequence[tuple[int, Sourcing]], order_id: str) -> Sourcing:
    """The rule set whose share the order falls into, by a hash of its id: always the same one."""
    place = crc32(order_id.encode()) % 100
    for share, rule in arms:
        if place < share:
            return rule
        place -= share
    return arms[-1][1]


def ranked_by_services(j: Journey, ranked: tuple[Ranked, ...], demand: Demand, rule: Sourcing) -> tuple[Ranked, ...]:
    """The ranking with what each warehouse's services say of these goods."""
    units = [(sku, n) for _, sku, n in demand]
    looked = {r.warehouse.id: services_from(j, r.warehouse, units) for r in ranked}
    return with_services(ranked, looked, j.at, rule)


def choose_service(j: Journey, work: Work, rule: Sourcing) -> None:
    """Write down by which service a work is to go, what it costs and what is promised; nothing where none is for it."""
    house = j.world.directory.warehouse(work.warehouse_id)
    looked = services_from(j, house, [(i.sku_id, i.quantity) for i in work.items])
    taken = best(looked, is_fast=rule.is_fast)
    if taken is not None and taken.promised_at is not None:
        j.emit(e.ServiceChosen(work.seq, taken.service, taken.carrier, taken.cost, taken.promised_at))


def services_from(j: Journey, house: Warehouse, units: Units) -> tuple[ServiceLooked, ...]:
    """Every service that is for the warehouse, judged for these goods now."""
    directory, order = j.world.directory, j.order
    if not order.is_pickup and (house.country != order.country or house.country != "CN"):
        return ()
    services = services_for(j.blueprint.services, house, is_pickup=order.is_pickup)
    if not services and order.is_pickup:
        return fetched_elsewhere(j.blueprint.services)
    way = way_from(j, house, units)
    return tuple([look(service, way, j.at, directory.business_zone, directory.stops) for service in services])


def services_for(
    services: Iterable[CarrierService], house: Warehouse, *, is_pickup: bool,
) -> tuple[CarrierService, ...]:
    """Those by which goods may go from a warehouse: what the buyer fetches goes by none that carries, and the other way
    round."""
    return tuple([s for s in services if (not s.warehouses or house.code in s.warehouses)
                  and (s.method is DeliveryMethod.PICKUP) == is_pickup])


def fetched_elsewhere(services: Iterable[CarrierService]) -> tuple[ServiceLooked, ...]:
    """What is said of a warehouse without a counter, where others have one."""
    counter = next((s for s in services if s.method is DeliveryMethod.PICKUP), None)
    return (ServiceLooked(counter.name, "", "not_here"),) if counter else ()


def way_from(j: Journey, house: Warehouse, units: Units) -> ParcelWay:
    """From the warehouse to the receiver's city, with the weight and bulk of the goods; what nobody weighed is 0."""
    skus = j.world.goods.skus
    known = [(sku, n) for sku_id, n in units if (sku := skus.get(sku_id)) is not None]
    return ParcelWay(
        division_code(house.province, house.city), division_code(j.order.province, j.order.city),
        sum([sku.weight_g * n for sku, n in known]), sum([sku.volume_mm3 * n for sku, n in known]),
    )


def services_by_name(j: Journey) -> Mapping[str, CarrierService]:
    """The services of the order's blueprint."""
    return {service.name: service for service in j.blueprint.services}

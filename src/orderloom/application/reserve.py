"""Bind stock to an order: reserved while it is unpaid, allocated once it is paid, released by the binding it came from.

All or nothing per order: an order that cannot be filled binds nothing and is short. Each binding is its own cause, so
releasing twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Set

from msgspec.structs import replace

from orderloom.application.choose_service import arm_of, ranked_by_services, services_from
from orderloom.application.go_on import go_on
from orderloom.application.journey import Journey
from orderloom.application.presell import asker_of, presell
from orderloom.domain import event as e
from orderloom.domain.assign import ABROAD_KM, Demand, Plan, Ranked, Sourcing, Warehouse, plan, rank
from orderloom.domain.carriage import STOPPED
from orderloom.domain.counting import boxed, lost_elsewhere
from orderloom.domain.distance import road_km
from orderloom.domain.inventory.quota import Rights, rights_of
from orderloom.domain.log import decode
from orderloom.domain.order import GIFT, Order, StockBinding
from orderloom.domain.states import BindingKind, BindingState, PaymentState
from orderloom.domain.work import UNANSWERED

BESIDE = "beside"
"""Stands for the rule of sourcing where the warehouse was chosen for other goods, and these came along."""


def reserve(j: Journey, _: str = "") -> None:
    """Bind stock to the order's open lines until the reservation's deadline, unless they have it already."""
    if j.order.is_fulfilled_elsewhere or j.order.is_blocked("reserve") or j.order.is_cancelled:
        return
    if demand := _demand(j):
        _take(j, demand, BindingKind.RESERVATION)


def allocate(j: Journey, _: str = "") -> None:
    """Bind stock for a paid order: standing reservations are converted, what is missing is bound now."""
    if j.order.is_fulfilled_elsewhere or j.order.is_blocked("reserve") or j.order.is_cancelled:
        return
    reserved = j.order.active_stock(BindingKind.RESERVATION)
    if reserved and not (j.blueprint.services and _rerouted(j, reserved)):
        for b in reserved:
            j.move(j.world.levels[b.sku_id, b.warehouse_id], "allocate", f"{j.order.id}/{b.no}",
                   reserved=-b.quantity, allocated=b.quantity)
        j.emit(e.StockConverted(tuple([b.no for b in reserved])))
    if demand := _demand(j):
        _take(j, demand, BindingKind.ALLOCATION)
    elif not any(line.is_goods for line in j.order.lines):
        is_given_back = j.order.payment is PaymentState.REFUNDED
        j.happened("refunded" if is_given_back else "nothing_to_ship")


def _rerouted(j: Journey, reserved: tuple[StockBinding, ...]) -> bool:
    """Whether what was reserved was given back, for its carriers have stopped since and other warehouses can go on."""
    houses = {b.warehouse_id for b in reserved}
    if not any(_is_stopped(j, house, reserved) for house in houses):
        return False
    demand = tuple([(b.line_no, b.sku_id, b.quantity) for b in reserved])
    rule = sourcing_of(j)
    found = plan(demand, _ranked(j, demand, rule), _rights(j, demand).available,
                 may_split=rule.may_split, is_fewest=rule.is_fewest)
    if not found.picks:
        return False
    give_back(j, reserved, "rerouted")
    return True


def _is_stopped(j: Journey, house: int, reserved: tuple[StockBinding, ...]) -> bool:
    looked = services_from(j, j.world.directory.warehouse(house),
                           [(b.sku_id, b.quantity) for b in reserved if b.warehouse_id == house])
    return any(one.verdict == STOPPED for one in looked) and not any(one.is_passed for one in looked)


def release(j: Journey, _: str = "") -> None:
    """Give back every unit that no live fulfilment work binds."""
    bound = {b.no for own in bound_by_work(j.order).values() for b in own}
    free = [b for b in j.order.bindings if b.state is BindingState.ACTIVE and b.no not in bound]
    give_back(j, tuple(free), "released")


def bound_by_work(order: Order) -> dict[int, tuple[StockBinding, ...]]:
    """The allocations behind each live work, by its number: earlier works were made of earlier bindings."""
    left = list(order.active_stock(BindingKind.ALLOCATION))
    bound: dict[int, tuple[StockBinding, ...]] = {}
    for work in order.works:
        if work.state.is_ended:
            continue
        own = []
        gone = {(i.line_no, i.sku_id): i.quantity for i in boxed(order.parcels, work.seq)}
        for item in work.items:
            units = item.quantity - gone.get((item.line_no, item.sku_id), 0)
            for b in left:
                if units > 0 and (b.warehouse_id, b.line_no, b.sku_id) == (
                    work.warehouse_id, item.line_no, item.sku_id,
                ):
                    own.append(b)
                    units -= b.quantity
        left = [b for b in left if b not in own]
        bound[work.seq] = tuple(own)
    return bound


def give_back(j: Journey, bindings: tuple[StockBinding, ...], reason: str) -> None:
    """Release these bindings and nothing else."""
    for b in bindings:
        if b.kind is BindingKind.PRESALE:
            j.draw(b.quota, -b.quantity, is_presale=True)
            continue
        level = j.world.levels[b.sku_id, b.warehouse_id]
        bucket = "reserved" if b.kind is BindingKind.RESERVATION else "allocated"
        set_aside = j.draw(b.quota, -b.quantity) if b.quota else 0
        j.move(level, "release", f"{j.order.id}/{b.no}", set_aside=set_aside, **{bucket: -b.quantity})
    if bindings:
        j.emit(e.StockReleased(tuple([b.no for b in bindings]), reason))


def has_too_much(j: Journey, lines: Set[int]) -> bool:
    """Whether units are bound for these lines that nobody needs any more."""
    bound = {(b.line_no, b.sku_id) for b in j.order.bindings if b.state is BindingState.ACTIVE}
    return any(units < 0 for key, units in _balance(j).items() if key in bound and key[0] in lines)


def _demand(j: Journey) -> Demand:
    """Units of each SKU that the open lines still need beyond what is bound for them, bundles taken apart."""
    return tuple([(line_no, sku_id, units) for (line_no, sku_id), units in _balance(j).items()
                  if units > 0 and not _is_spare(j.order, line_no)])


def _is_spare(order: Order, line_no: int) -> bool:
    """Whether it is a gift that the order does not wait for, which is bound beside the rest (`give_gifts.py`)."""
    return any(line.no == line_no and line.external_id.startswith(GIFT) for line in order.lines)


def _balance(j: Journey) -> dict[tuple[int, int], int]:
    """Units by line and SKU that are to be sent, less those that are bound or out: below zero there are too many."""
    sent = [i for p in j.order.parcels if not p.is_replaced for i in p.items]
    skus = j.world.goods.skus
    found: dict[tuple[int, int], int] = {}
    for line in j.order.lines:
        wanted = line.needed + lost_elsewhere(j.order, line) if line.is_goods else 0
        if wanted:
            for sku_id, units in line.parts or skus[line.sku_id].components:
                found[line.no, sku_id] = units * wanted
    # What is out counts by the parcels: goods of a work that was called back may have left without any binding.
    taken = [(b.line_no, b.sku_id, b.quantity) for b in j.order.bindings
             if b.state is BindingState.ACTIVE and b.kind is not BindingKind.PRESALE]
    for line_no, sku_id, units in taken + [(i.line_no, i.sku_id, i.quantity) for i in sent if i.work_seq]:
        found[line_no, sku_id] = found.get((line_no, sku_id), 0) - units
    return found


def _take(j: Journey, demand: Demand, kind: BindingKind) -> None:
    rule, rights = sourcing_of(j), _rights(j, demand)
    found = plan(demand, _ranked(j, demand, rule), rights.available, may_split=rule.may_split, is_fewest=rule.is_fewest)
    if found.picks:
        _bind(j, found, kind, rule, rights)
    elif j.world.pools and presell(j, demand, found):
        if kind is BindingKind.RESERVATION:
            j.deadline("reservation")
        j.happened("presale")
    else:
        if not j.order.is_short:
            j.emit(e.StockShort(found.missing, found.candidates, rule.rule))
        j.happened("short")


def _bind(j: Journey, found: Plan, kind: BindingKind, rule: Sourcing, rights: Rights) -> None:
    number, bindings, is_reservation = len(j.order.bindings), list[StockBinding](), kind is BindingKind.RESERVATION
    bucket = "reserved" if is_reservation else "allocated"
    for pick in found.picks:
        for quota, units in rights.draw(pick.sku_id, pick.warehouse_id, pick.quantity):
            number += 1
            bindings.append(StockBinding(
                number, pick.line_no, pick.sku_id, pick.warehouse_id, units, j.at, kind, quota=quota,
            ))
            set_aside = j.draw(quota, units) if quota else 0
            j.move(j.world.levels[pick.sku_id, pick.warehouse_id], "reserve" if is_reservation else "allocate",
                   f"{j.order.id}/{number}", set_aside=set_aside, **{bucket: units})
    expires_at = j.deadline("reservation") if is_reservation else None
    was_short = j.order.is_short
    if presold := j.order.active_stock(BindingKind.PRESALE):
        j.emit(e.PresaleMet(tuple([b.no for b in presold])))
    j.emit(e.StockBound(tuple(bindings), found.candidates, rule.rule, expires_at, rule.arm))
    if was_short:
        j.close_case("short_stock")


def plan_beside(j: Journey, demand: Demand, houses: Set[int]) -> tuple[Plan, Rights]:
    """Where goods come from that the order can do without: all of them out of one of these warehouses, or nothing."""
    rights = _rights(j, demand)
    ranked = [Ranked(j.world.directory.warehouse(house), 0, 0, "") for house in sorted(houses)]
    return plan(demand, ranked, rights.available, may_split=False), rights


def bind_beside(j: Journey, found: Plan, rights: Rights) -> None:
    """Bind what was planned so."""
    _bind(j, found, BindingKind.ALLOCATION, replace(sourcing_of(j), rule=BESIDE), rights)


def _rights(j: Journey, demand: Demand) -> Rights:
    """What the order may have of the goods that it needs: of the general pool, and of quotas that are for it."""
    world, order = j.world, j.order
    if not world.pools:
        return Rights(world.levels, {}, {})
    quotas = {sku: world.goods.skus[sku].quotas for _, sku, _ in demand}
    return rights_of(asker_of(order), world.levels, quotas, world.pools)


def cause_of_case(j: Journey, kind: str) -> str:
    """What many cases of a kind that the lifecycle opens have in common: for a shortage the SKUs that are missing."""
    if kind != "short_stock":
        return ""
    for entry in reversed(j.change.entries):
        if entry.order_id == j.order.id and entry.kind == "stock_short":
            fact = decode(entry.facts)
            assert isinstance(fact, e.StockShort)
            return "sku:" + ",".join(j.world.goods.skus[sku].code for sku, _ in fact.missing[:3])
    return ""


def sourcing_of(j: Journey) -> Sourcing:
    """The sourcing rule of the order's blueprint: of its arm, where rule sets are tried beside each other."""
    arms = j.blueprint.arms
    return replace(arm_of(arms, j.order.id) if arms[1:] else arms[0][1], rule=f"{j.blueprint.name}@{j.order.blueprint}")


def _ranked(j: Journey, demand: Demand, rule: Sourcing) -> tuple[Ranked, ...]:
    """The ranking for a destination, worked out once per batch; for these goods where carriers' services are known.
    A warehouse that never answered for this order comes after all others."""
    key = (j.order.country, j.order.province, j.order.city, j.order.blueprint, rule.arm)
    found = j.world.ranking.get(key)
    if found is None:
        distances = {w.id: _distance(w, j.order) for w in j.world.directory.warehouses}
        found = j.world.ranking[key] = rank(j.world.directory.warehouses, distances, j.world.loads, *key[:2], rule)
    able = ranked_by_services(j, found, demand, rule) if j.blueprint.services else found
    return able if all(w.native != UNANSWERED for w in j.order.works) else _silent_last(j.order, able)


def _silent_last(order: Order, ranked: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
    silent = {w.warehouse_id for w in order.works if w.native == UNANSWERED}
    return tuple(sorted(ranked, key=lambda r: (bool(r.refusal), r.warehouse.id in silent)))


def _distance(w: Warehouse, order: Order) -> int:
    if w.country != order.country:
        return ABROAD_KM
    known = road_km(w.province, w.city, order.province, order.city) if w.province and order.province else None
    return ABROAD_KM if known is None else known


def find_stock(j: Journey, _: object) -> bool:
    """Stock came in: a short order that can be filled now goes on; False when it still cannot, or may not."""
    if not j.order.is_short or j.order.is_cancelled or j.order.is_blocked("reserve"):
        return False
    rule, demand = sourcing_of(j), _demand(j)
    found = plan(demand, _ranked(j, demand, rule), _rights(j, demand).available,
                 may_split=rule.may_split, is_fewest=rule.is_fewest)
    return bool(found.picks) and go_on(j, "stock_found")

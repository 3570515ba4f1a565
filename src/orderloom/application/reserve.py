"""Hold stock for an order: reserved while it is unpaid, allocated once it is paid, released by the hold it came from.

All or nothing per order: an order that cannot be filled holds nothing and is short. Each hold is its own cause, so
releasing twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Set

from orderloom.application.batch import BatchView
from orderloom.application.go_on import go_on
from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.address import distance_km
from orderloom.domain.assign import ABROAD_KM, Demand, Plan, Ranked, Sourcing, Warehouse, plan, rank
from orderloom.domain.counting import boxed, lost_elsewhere
from orderloom.domain.log import decode
from orderloom.domain.order import Order, StockHold
from orderloom.domain.states import PaymentState, StockHoldKind, StockHoldState


def reserve(j: Journey, _: str = "") -> None:
    """Hold the order's open lines until the reservation's deadline, unless something holds them already."""
    if j.order.is_fulfilled_elsewhere or j.order.is_blocked("reserve") or j.order.is_cancelled:
        return
    if demand := _demand(j):
        _take(j, demand, StockHoldKind.RESERVATION)


def allocate(j: Journey, _: str = "") -> None:
    """Bind stock for a paid order: standing reservations are converted, what is missing is held now."""
    if j.order.is_fulfilled_elsewhere or j.order.is_blocked("reserve") or j.order.is_cancelled:
        return
    if reserved := j.order.active_stock(StockHoldKind.RESERVATION):
        for h in reserved:
            level = j.world.levels[h.sku_id, h.warehouse_id]
            j.move(level, "allocate", f"{j.order.id}/{h.no}", reserved=-h.quantity, allocated=h.quantity)
        j.emit(e.StockConverted(tuple([h.no for h in reserved])))
    if demand := _demand(j):
        _take(j, demand, StockHoldKind.ALLOCATION)
    elif not any(line.is_goods for line in j.order.lines):
        is_given_back = j.order.payment is PaymentState.REFUNDED
        j.happened("refunded" if is_given_back else "nothing_to_ship")


def release(j: Journey, _: str = "") -> None:
    """Give back every unit that no live fulfilment work binds."""
    bound = {h.no for held in bound_by_work(j.order).values() for h in held}
    free = [h for h in j.order.stock_holds if h.state is StockHoldState.ACTIVE and h.no not in bound]
    give_back(j, tuple(free), "released")


def bound_by_work(order: Order) -> dict[int, tuple[StockHold, ...]]:
    """The allocations behind each live work, by its number: earlier works were made of earlier holds."""
    left = list(order.active_stock(StockHoldKind.ALLOCATION))
    bound: dict[int, tuple[StockHold, ...]] = {}
    for work in order.works:
        if work.state.is_ended:
            continue
        own = []
        gone = {(i.line_no, i.sku_id): i.quantity for i in boxed(order.parcels, work.seq)}
        for item in work.items:
            units = item.quantity - gone.get((item.line_no, item.sku_id), 0)
            for h in left:
                if units > 0 and (h.warehouse_id, h.line_no, h.sku_id) == (
                    work.warehouse_id, item.line_no, item.sku_id,
                ):
                    own.append(h)
                    units -= h.quantity
        left = [h for h in left if h not in own]
        bound[work.seq] = tuple(own)
    return bound


def give_back(j: Journey, holds: tuple[StockHold, ...], reason: str) -> None:
    """Release these holds and nothing else."""
    for h in holds:
        level = j.world.levels[h.sku_id, h.warehouse_id]
        bucket = "reserved" if h.kind is StockHoldKind.RESERVATION else "allocated"
        j.move(level, "release", f"{j.order.id}/{h.no}", **{bucket: -h.quantity})
    if holds:
        j.emit(e.StockReleased(tuple([h.no for h in holds]), reason))


def has_too_much(j: Journey, lines: Set[int]) -> bool:
    """Whether units are bound for these lines that nobody needs any more."""
    bound = {(h.line_no, h.sku_id) for h in j.order.stock_holds if h.state is StockHoldState.ACTIVE}
    return any(units < 0 for key, units in _balance(j).items() if key in bound and key[0] in lines)


def _demand(j: Journey) -> Demand:
    """Units of each SKU that the open lines still need beyond what is held for them, bundles taken apart."""
    return tuple([(line_no, sku_id, units) for (line_no, sku_id), units in _balance(j).items() if units > 0])


def _balance(j: Journey) -> dict[tuple[int, int], int]:
    """Units by line and SKU that are to be sent, less those that are held or out: below zero there are too many."""
    sent = [i for p in j.order.parcels if not p.is_replaced for i in p.items]
    skus = j.world.goods.skus
    found: dict[tuple[int, int], int] = {}
    for line in j.order.lines:
        wanted = line.needed + lost_elsewhere(j.order, line) if line.is_goods else 0
        if wanted:
            for sku_id, units in line.parts or skus[line.sku_id].components:
                found[line.no, sku_id] = units * wanted
    # What is out counts by the parcels: goods of a work that was called back may have left without any hold.
    bound = [h for h in j.order.stock_holds if h.state is StockHoldState.ACTIVE]
    taken = [(h.line_no, h.sku_id, h.quantity) for h in bound]
    for line_no, sku_id, units in taken + [(i.line_no, i.sku_id, i.quantity) for i in sent if i.work_seq]:
        found[line_no, sku_id] = found.get((line_no, sku_id), 0) - units
    return found


def _take(j: Journey, demand: Demand, kind: StockHoldKind) -> None:
    rule = sourcing_of(j)
    found = plan(demand, _ranked(j.world, j.order.country, j.order.province, rule), j.world.levels,
                 may_split=rule.may_split)
    if not found.picks:
        if not j.order.is_short:
            j.emit(e.StockShort(found.missing, found.candidates, rule.rule))
        j.happened("short")
        return
    _bind(j, found, kind, rule)


def _bind(j: Journey, found: Plan, kind: StockHoldKind, rule: Sourcing) -> None:
    number = len(j.order.stock_holds)
    holds = []
    is_reservation = kind is StockHoldKind.RESERVATION
    bucket = "reserved" if is_reservation else "allocated"
    for pick in found.picks:
        number += 1
        holds.append(StockHold(
            number, pick.line_no, pick.sku_id, pick.warehouse_id, pick.quantity, j.at, kind,
        ))
        level = j.world.levels[pick.sku_id, pick.warehouse_id]
        j.move(level, "reserve" if is_reservation else "allocate", f"{j.order.id}/{number}",
               **{bucket: pick.quantity})
    expires_at = j.deadline("reservation") if is_reservation else None
    was_short = j.order.is_short
    j.emit(e.StockBound(tuple(holds), found.candidates, rule.rule, expires_at))
    if was_short:
        j.close_case("short_stock")


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
    """The sourcing rule of the order's blueprint."""
    file = j.blueprint.sourcing
    weights = file.weights
    return Sourcing(
        weights.distance, weights.priority, weights.capacity, file.may_split, file.candidates_max,
        f"{j.blueprint.name}@{j.order.blueprint}",
    )


def _ranked(world: BatchView, country: str, province: str, rule: Sourcing) -> tuple[Ranked, ...]:
    """The ranking for a destination, worked out once per batch."""
    key = (country, province)
    found = world.ranking.get(key)
    if found is None:
        houses = world.directory.warehouses
        distances = {w.id: _distance(w, country, province) for w in houses}
        found = world.ranking[key] = rank(houses, distances, world.loads, country, province, rule)
    return found


def _distance(w: Warehouse, country: str, province: str) -> int:
    if w.country != country:
        return ABROAD_KM
    known = distance_km(w.province, province) if w.province and province else None
    return ABROAD_KM if known is None else known


def find_stock(j: Journey, _: object) -> bool:
    """Stock came in: a short order that can be filled now goes on; False when it still cannot, or may not."""
    if not j.order.is_short or j.order.is_cancelled or j.order.is_blocked("reserve"):
        return False
    rule = sourcing_of(j)
    found = plan(_demand(j), _ranked(j.world, j.order.country, j.order.province, rule), j.world.levels,
                 may_split=rule.may_split)
    return bool(found.picks) and go_on(j, "stock_found")

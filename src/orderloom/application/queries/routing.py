"""Why an order's goods go as they do: every decision with its candidates, what was promised, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.application.stop_carrier import StopView, stop_view
from orderloom.domain import event as e
from orderloom.domain.log import decode
from orderloom.statements import beside

SQL = beside(__file__)
Names = Mapping[int, str]


class ServiceView(msgspec.Struct, frozen=True):
    """A carrier's service that was looked at: `verdict` is passed, stopped, does_not_serve, pickup_only or too_heavy;
    `cost` in minor units by the rate table; `stop` is the stop's number, or the calendar's reason."""

    service: str
    carrier: str
    verdict: str
    cost: int | None
    promised_at: datetime | None
    stop: str


class CandidateView(msgspec.Struct, frozen=True):
    """A warehouse that was looked at: `verdict` is chosen, short, or what it failed; `missing` units by SKU."""

    warehouse: str
    score: int
    distance_km: int
    verdict: str
    missing: dict[str, int]
    services: list[ServiceView]


class RoutingDecision(msgspec.Struct, frozen=True):
    """A decision as it was taken. `kind` is held or short; `rule` names the blueprint with its version, `arm` the rule
    set of it that the order fell under, empty where there is one alone."""

    seq: int
    at: datetime
    kind: str
    rule: str
    arm: str
    candidates: list[CandidateView]


class PromiseView(msgspec.Struct, frozen=True):
    """What was promised of a work: at first (`was` null), and each time that it moved, by which stop, or because
    `refused_by`, a carrier, sold no label."""

    seq: int
    at: datetime
    work: str
    service: str
    carrier: str
    cost: int | None
    was: datetime | None
    promised_at: datetime
    stop: str
    refused_by: str


class RoutedWork(msgspec.Struct, frozen=True):
    """A work as it stands."""

    number: str
    warehouse: str
    state: str
    service: str
    carrier: str
    cost: int | None
    promised_at: datetime | None


class RoutingOutcome(msgspec.Struct, frozen=True):
    """What became of it, once every parcel has ended; a parcel that turns back later is told anew."""

    arm: str
    rule: str
    promised_at: datetime
    ended_at: datetime
    is_on_time: bool
    is_split: bool
    is_returned: bool
    cost: int | None
    parcels: int


class Routing(msgspec.Struct, frozen=True):
    """All of it; `promised_at`: until when the last of the order is promised; `stops` that the decisions name."""

    decisions: list[RoutingDecision]
    promises: list[PromiseView]
    works: list[RoutedWork]
    promised_at: datetime | None
    outcome: RoutingOutcome | None
    stops: list[StopView]


class ArmView(msgspec.Struct, frozen=True):
    """What became of the decisions of an arm under a rule version: orders that ended, and how many of them were on
    time, split, returned; `cost` and `parcels` are sums."""

    arm: str
    rule: str
    orders: int
    on_time: int
    split: int
    returned: int
    cost: int | None
    parcels: int


class ArmList(msgspec.Struct, frozen=True):
    """Arms beside each other; `since`: orders that ended from then on."""

    since: datetime
    arms: list[ArmView]


class StopList(msgspec.Struct, frozen=True):
    """Stops, newest first."""

    stops: list[StopView]


async def routing_of(connection: Connection, order_id: str, warehouses: Names) -> Routing:
    """The routing of one order."""
    facts = [(seq, at, decode(text)) for seq, at, text in await _all(connection, "decided", id=order_id)]
    works = await _all(connection, "works", id=order_id)
    numbers = {row[0]: row[1] for row in works}
    skus = await _codes(connection, facts)
    decisions = [_decision(seq, at, fact, warehouses, skus) for seq, at, fact in facts
                 if isinstance(fact, e.StockBound | e.StockShort) and fact.rule != "beside"]
    promises = [_promise(seq, at, fact, numbers) for seq, at, fact in facts
                if isinstance(fact, e.ServiceChosen | e.PromiseMoved)]
    promised = [row[7] for row in works if row[7] is not None and row[3] != "cancelled"]
    outcome = await _all(connection, "outcome", id=order_id)
    return Routing(
        decisions, promises,
        [RoutedWork(r[1], warehouses.get(r[2], str(r[2])), r[3], r[4], r[5], r[6], r[7]) for r in works],
        max(promised, default=None), RoutingOutcome(*outcome[0]) if outcome else None,
        await _stops_named(connection, decisions, promises),
    )


async def stops_of(connection: Connection, *, in_force: bool) -> StopList:
    """Stops, newest first."""
    return StopList([stop_view(row) for row in await _all(connection, "stops", ids=None, in_force=in_force)])


async def one_stop(connection: Connection, number: str) -> StopView | None:
    """A stop by its number."""
    found = await _all(connection, "stops", ids=_ids([number]), in_force=False)
    return stop_view(found[0]) if found else None


async def arms_of(connection: Connection, at: datetime, days: int) -> ArmList:
    """Arms with the outcomes of the last days."""
    since = at - timedelta(days=days)
    return ArmList(since, [ArmView(*row) for row in await _all(connection, "arms", since=since)])


def _decision(
    seq: int, at: datetime, fact: e.StockBound | e.StockShort, warehouses: Names, skus: Names,
) -> RoutingDecision:
    candidates = [
        CandidateView(
            warehouses.get(one.warehouse_id, str(one.warehouse_id)), one.score, one.distance_km, one.verdict,
            {skus.get(sku, str(sku)): units for sku, units in one.missing},
            [ServiceView(x.service, x.carrier, x.verdict, x.cost if x.is_passed else None, x.promised_at, x.stop)
             for x in one.services],
        ) for one in fact.candidates
    ]
    if isinstance(fact, e.StockShort):
        return RoutingDecision(seq, at, "short", fact.rule, "", candidates)
    return RoutingDecision(seq, at, "held", fact.rule, fact.arm, candidates)


def _promise(
    seq: int, at: datetime, fact: e.ServiceChosen | e.PromiseMoved, numbers: Mapping[int, str],
) -> PromiseView:
    moved = fact if isinstance(fact, e.PromiseMoved) else None
    return PromiseView(seq, at, numbers.get(fact.seq, ""), fact.service, fact.carrier, fact.cost,
                       moved.was if moved else None, fact.promised_at, moved.stop if moved else "",
                       moved.refused_by if moved else "")


async def _stops_named(
    connection: Connection, decisions: Iterable[RoutingDecision], promises: Iterable[PromiseView],
) -> list[StopView]:
    named_here = {x.stop for d in decisions for one in d.candidates for x in one.services} | {p.stop for p in promises}
    ids = _ids(named_here)
    return [stop_view(row) for row in await _all(connection, "stops", ids=ids, in_force=False)] if ids else []


def _ids(numbers: Iterable[str]) -> list[int]:
    """Of numbers such as T12; the calendar's reasons have none."""
    return [int(one[1:]) for one in numbers
            if one[:1] == "T" and one[1:].isascii() and one[1:].isdigit() and len(one) < 10]


async def _codes(connection: Connection, facts: Iterable[tuple[int, datetime, e.Event]]) -> Names:
    ids = {sku for _, _, fact in facts if isinstance(fact, e.StockBound | e.StockShort)
           for one in fact.candidates for sku, _ in one.missing}
    return {row[0]: row[1] for row in await _all(connection, "sku_codes", ids=list(ids))} if ids else {}


async def _all(connection: Connection, name: str, **given: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await (await connection.execute(SQL[name], given)).fetchall()]

"""Whole route, land to dispatch, in batches of 500: worker processes against as many hand-written writers."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import Any

import psycopg

from benchmarks import floor
from benchmarks.hands import Hand, span, together
from benchmarks.place import Place
from benchmarks.result import Report, measured
from benchmarks.route_hand import STAGES

RATIO_LEAST = 0.45
BATCH = 500
FLOOR_TIMES = 5
"""The floor stores so many times more orders, so that both are watched for about as long."""
CHECK = """
select (select count(*) from orders), (select count(*) from work), (select count(*) from delivery),
    (select count(*) from intake where outcome = 'normalised'),
    (select count(*) from stock_hold where state = 'active' and kind = 'allocation'), (select count(*) from order_line),
    (select coalesce(sum(quantity), 0) from stock_hold where state = 'active'),
    (select coalesce(sum(allocated), 0) from stock_level)"""


def measure(place: Place, *, is_quick: bool) -> Report:
    """Rounds of floor and route take turns, so that a noisy neighbour meets both; medians are compared."""
    rounds, batches = (2, 4) if is_quick else (3, 8)
    speeds: dict[tuple[str, int], list[float]] = defaultdict(list)
    stages: dict[int, dict[str, float]] = {}
    is_whole = True
    for _ in range(rounds):
        for hands in (1, 2):
            with place.database("bench_floor") as dsn:
                floor.make_tables(dsn)
                results = together(
                    [_hand("benchmarks.floor", place, dsn, n, FLOOR_TIMES * batches) for n in range(hands)])
                speeds["floor", hands].append(_orders(results) / span(results))
            with place.database("bench_route") as dsn:
                results = together([_hand("benchmarks.route_hand", place, dsn, n, batches) for n in range(hands)])
                speeds["route", hands].append(_orders(results) / span(results))
                stages[hands] = _stages(results)
                is_whole &= _is_whole(dsn, hands * batches * BATCH)
    found = {key: median(values) for key, values in speeds.items()}
    budgets = tuple(
        measured(name, found["route", n], "orders/s", floor=found["floor", n], ratio_least=RATIO_LEAST,
                 is_right=is_whole)
        for name, n in (("route_batches", 2), ("route_batches_one_worker", 1))
    )
    return Report(budgets, {
        "route_batches": {
            "headline": "2 worker processes against 2 writers: both use both cores, so neither waits for an idle one",
            "microseconds_per_order_by_stage": {f"{n}_workers": table for n, table in stages.items()},
            "rounds": {f"{what}_{n}": [round(v) for v in values] for (what, n), values in speeds.items()},
            "is_whole": is_whole,
        },
    })


def _hand(module: str, place: Place, dsn: str, number: int, batches: int) -> Hand:
    start = 4_000_000_000_000_000 + number * 1_000_000_000
    return Hand(module, dsn=dsn, home=str(place.home), start=start, count=batches * BATCH)


def _orders(results: list[dict[str, Any]]) -> int:
    return sum(int(r["orders"]) for r in results)


def _stages(results: list[dict[str, Any]]) -> dict[str, float]:
    """Microseconds per order that a worker spent in each stage, waiting for the database included."""
    sums: dict[str, float] = defaultdict(float)
    for result in results:
        for name, seconds in result["stages"].items():
            sums[name] += seconds
    return {name: round(sums[name] * 1e6 / _orders(results), 1) for name in STAGES}


def _is_whole(dsn: str, expected: int) -> bool:
    """Whether every order is there with its work, delivery and holds, and the levels are the sum of the holds."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(CHECK).fetchone()
    assert row is not None
    orders, works, deliveries, normalised, holds, lines, held, allocated = row
    return bool(orders == works == deliveries == normalised == expected and holds == lines == 2 * expected
                and held == allocated)

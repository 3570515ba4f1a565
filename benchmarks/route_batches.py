"""Whole route, land to dispatch, in batches of 500: what an order costs the processor, against a program that writes
the very same rows and does the very same cryptography (`rows_floor.py`).

Processor time repeats to about a twentieth whoever else uses the machine. Orders per second stand beside it, with a
naive floor (`floor.py`): wall time, which is no promise.
"""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import Any

import psycopg

from benchmarks import floor
from benchmarks.captured import BESIDE, capture, sizes
from benchmarks.cpu import Cpu, Spent
from benchmarks.hands import Hand, hands, span, together
from benchmarks.place import Place
from benchmarks.result import Report, measured
from benchmarks.route_hand import STAGES

RATIO_LEAST, RATIO_AIM = 0.47, 0.5
BATCH = 500
CAPTURED_BATCHES = 3
FLOOR_TIMES = 5
"""The naive floor stores so many times more orders, so that both are watched for about as long."""
CHECK = """
select (select count(*) from orders), (select count(*) from work), (select count(*) from delivery),
    (select count(*) from intake where outcome = 'normalised'),
    (select count(*) from stock_hold where state = 'active' and kind = 'allocation'), (select count(*) from order_line),
    (select coalesce(sum(quantity), 0) from stock_hold where state = 'active'),
    (select coalesce(sum(allocated), 0) from stock_level)"""


def measure(place: Place, *, is_quick: bool) -> Report:
    """Rounds of floor and route take turns, so that a noisy neighbour meets both; medians are compared."""
    rounds, batches = (2, 4) if is_quick else (5, 8)
    captured = str(capture(place, "bench_captured", CAPTURED_BATCHES))
    spent: dict[str, list[Spent]] = defaultdict(list)
    rows: dict[str, dict[str, int]] = {}
    is_whole = True
    for _ in range(rounds):
        for what, module in (("floor", "benchmarks.rows_floor"), ("route", "benchmarks.route_hand")):
            with place.database("bench_route") as dsn:
                hand = _hand(module, place, dsn, 0, batches, captured=captured, is_asked=True)
                spent[what].append(_counted(place, hand))
                is_whole &= _is_whole(dsn, batches * BATCH)
                rows[what] = _rows(dsn)
    is_whole &= rows["floor"] == rows["route"]
    wall, stages, is_each_whole = _by_the_wall(place, 1 if is_quick else 3, batches)
    is_whole &= is_each_whole
    microseconds = {what: {"python": median(s.python for s in all_), "postgres": median(s.postgres for s in all_),
                           "sum": median(s.total for s in all_)} for what, all_ in spent.items()}
    speeds = {key: median(values) for key, values in wall.items()}
    return Report((
        measured("route_batches", 1e6 / microseconds["route"]["sum"], "orders/CPU s",
                 floor=1e6 / microseconds["floor"]["sum"], ratio_least=RATIO_LEAST, aim=RATIO_AIM, is_right=is_whole),
        *(measured(name, speeds["route", n], "orders/s", floor=speeds["floor", n], is_right=is_whole,
                   instead="wall time, no budget")
          for name, n in (("route_batches_wall", 2), ("route_batches_one_worker", 1))),
    ), {
        "route_batches": {
            "counted": "processor time of Python and of all of PostgreSQL's processes, one worker",
            "floor": "the route's own rows by binary COPY, levels and intake updated, all of its cryptography",
            "ratio_aim": RATIO_AIM,
            "cpu_microseconds_per_order": {
                what: {name: round(value, 1) for name, value in parts.items()} for what, parts in microseconds.items()
            },
            "cpu_rounds": {what: [round(s.total, 1) for s in all_] for what, all_ in spent.items()},
            "wall_microseconds_per_order_by_stage": {f"{n}_workers": table for n, table in stages.items()},
            "wall_floor": "floor.py: the least facts into minimal tables of its own, nothing encrypted",
            "wall_rounds": {f"{what}_{n}": [round(v) for v in values] for (what, n), values in wall.items()},
            "is_whole": is_whole,
        },
    })


def _counted(place: Place, hand: Hand) -> Spent:
    """Microseconds of the processor per order, from the moment at which the hand is ready."""
    with hands([hand]):
        cpu = Cpu(place.home)
        hand.go()
        told = hand.told()
        postgres = cpu.spent().postgres
        hand.go()
        hand.until_ended()
    return Spent(told["python"] / told["orders"] * 1e6, postgres / told["orders"] * 1e6)


def _by_the_wall(
    place: Place, rounds: int, batches: int,
) -> tuple[dict[tuple[str, int], list[float]], dict[int, dict[str, float]], bool]:
    """Orders a second of one worker and of two, and of as many writers of the naive floor; the stages' times."""
    speeds: dict[tuple[str, int], list[float]] = defaultdict(list)
    stages: dict[int, dict[str, float]] = {}
    is_whole = True
    for _ in range(rounds):
        for count in (1, 2):
            with place.database("bench_floor") as dsn:
                floor.make_tables(dsn)
                results = together(
                    [_hand("benchmarks.floor", place, dsn, n, FLOOR_TIMES * batches) for n in range(count)])
                speeds["floor", count].append(_orders(results) / span(results))
            with place.database("bench_route") as dsn:
                results = together([_hand("benchmarks.route_hand", place, dsn, n, batches) for n in range(count)])
                speeds["route", count].append(_orders(results) / span(results))
                stages[count] = _stages(results)
                is_whole &= _is_whole(dsn, count * batches * BATCH)
    return speeds, stages, is_whole


def _hand(module: str, place: Place, dsn: str, number: int, batches: int, **more: object) -> Hand:
    start = 4_000_000_000_000_000 + number * 1_000_000_000
    return Hand(module, dsn=dsn, home=str(place.home), start=start, count=batches * BATCH, **more)


def _rows(dsn: str) -> dict[str, int]:
    """Rows of every table that orders make grow: the floor's must be the route's."""
    with psycopg.connect(dsn) as connection:
        return {table: count for table, count in sizes(connection).items() if table not in BESIDE}


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

"""Run the benchmarks one after another, print the table, keep the results."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import (
    deadlines,
    growth,
    hot_sku,
    order_list,
    queues,
    route_batches,
    trace,
    webhook_land,
    webhook_to_wms,
)  # fmt: skip
from benchmarks.place import Place, open_place
from benchmarks.result import RESULTS, Report, keep, machine, table

ORDERS_STORED = 100_000
"""Orders in the database when lists are read; --orders 1000000 takes about ten minutes more."""
Measure = Callable[[Place, bool, int], Report]
BENCHMARKS: dict[str, Measure] = {
    "route_batches": lambda place, is_quick, _: route_batches.measure(place, is_quick=is_quick),
    "webhook_land": lambda place, is_quick, _: webhook_land.measure(place, is_quick=is_quick),
    "webhook_to_wms": lambda place, is_quick, _: webhook_to_wms.measure(place, is_quick=is_quick),
    "hot_sku": lambda place, is_quick, _: hot_sku.measure(place, is_quick=is_quick),
    "deadlines_10k": lambda place, is_quick, _: deadlines.measure(place, is_quick=is_quick),
    "queues_50k": lambda place, is_quick, _: queues.measure(place, is_quick=is_quick),
    "growth": lambda place, is_quick, orders: growth.measure(place, is_quick=is_quick, orders=orders),
    "order_list": lambda place, is_quick, orders: order_list.measure(place, is_quick=is_quick, orders=orders),
    "trace": lambda place, is_quick, orders: trace.measure(place, is_quick=is_quick, orders=orders),
}


def run(
    names: Sequence[str] = (), *, quick: bool = False, orders: int = ORDERS_STORED, output: Path = RESULTS,
    say: Callable[[str], None] = print,
) -> int:
    """Measure the named benchmarks (none: all) and write `output`; returns 0 when every budget was kept, else 1.

    `orders` is how many are stored when lists are read. Raises KeyError for a name that there is none of.
    """
    chosen = {name: BENCHMARKS[name] for name in names or BENCHMARKS}
    before = machine()
    stored = min(orders, ORDERS_STORED // 10) if quick else orders
    reports: list[Report] = []
    with open_place() as place:
        for name, measure in chosen.items():
            began = time.monotonic()
            reports.append(measure(place, quick, stored))
            say(f"{table(reports[-1].budgets)}\n({name}: {time.monotonic() - began:.0f} s)\n")
    budgets = [budget for report in reports for budget in report.budgets]
    keep(reports, before, output)
    say(f"\n{table(budgets)}\n\n{output}")
    return 0 if all(budget.met for budget in budgets) else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of `python -m benchmarks`."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="性能测量 | Measure the budgets of this machine")
    parser.add_argument("names", nargs="*", help=f"{', '.join(BENCHMARKS)}; none: all")
    parser.add_argument("--quick", action="store_true", help="两分钟内的小规模测量 | small, within two minutes")
    parser.add_argument("--orders", type=int, default=ORDERS_STORED, help="库中订单数 | orders stored for the lists")
    parser.add_argument("--output", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.names if name not in BENCHMARKS]
    if unknown:
        print(f"没有这项测量 | no such benchmark: {', '.join(unknown)}", file=sys.stderr)
        return 2
    return run(chosen.names, quick=chosen.quick, orders=chosen.orders, output=chosen.output)

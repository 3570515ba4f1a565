"""Run the benchmarks one after another, print the table, keep the results."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import (
    console,
    deadlines,
    growth,
    hot_sku,
    idle_worker,
    import_rows,
    order_list,
    queues,
    route_batches,
    shown_stock,
    sort_channels,
    storage,
    trace,
    webhook_land,
    webhook_one,
    webhook_to_wms,
    webhooks_sustained,
)  # fmt: skip
from benchmarks.kept import DiskTooFull, folder, kept_place
from benchmarks.place import Place, open_place
from benchmarks.result import RESULTS, Report, keep, machine, table

ORDERS_STORED, ORDERS_LONG = 100_000, 1_000_000
"""Orders in the database when lists are read; with --long they are built once and kept (`kept.py`)."""
Measure = Callable[[Place, bool, int], Report]
BENCHMARKS: dict[str, Measure] = {
    "route_batches": lambda place, is_quick, _: route_batches.measure(place, is_quick=is_quick),
    "sort_channels": lambda place, is_quick, _: sort_channels.measure(place, is_quick=is_quick),
    "webhook_land": lambda place, is_quick, _: webhook_land.measure(place, is_quick=is_quick),
    "webhook_one": lambda place, is_quick, _: webhook_one.measure(place, is_quick=is_quick),
    "webhooks_sustained": lambda place, is_quick, _: webhooks_sustained.measure(place, is_quick=is_quick),
    "idle_worker": lambda place, is_quick, _: idle_worker.measure(place, is_quick=is_quick),
    "webhook_to_wms": lambda place, is_quick, _: webhook_to_wms.measure(place, is_quick=is_quick),
    "hot_sku": lambda place, is_quick, _: hot_sku.measure(place, is_quick=is_quick),
    "shown_stock": lambda place, is_quick, _: shown_stock.measure(place, is_quick=is_quick),
    "deadlines_10k": lambda place, is_quick, _: deadlines.measure(place, is_quick=is_quick),
    "queues_50k": lambda place, is_quick, _: queues.measure(place, is_quick=is_quick),
    "import_rows": lambda place, is_quick, _: import_rows.measure(place, is_quick=is_quick),
    "storage": lambda place, _, orders: storage.measure(place, orders=orders),
    "order_list": lambda place, is_quick, orders: order_list.measure(place, is_quick=is_quick, orders=orders),
    "console": lambda place, is_quick, orders: console.measure(place, is_quick=is_quick, orders=orders),
    "trace": lambda place, is_quick, orders: trace.measure(place, is_quick=is_quick, orders=orders),
    "growth": lambda place, is_quick, orders: growth.measure(place, is_quick=is_quick, orders=orders),
}
STORED = ("storage", "order_list", "console", "trace", "growth")
"""Those that look at many stored orders; the last one adds some."""


def run(
    names: Sequence[str] = (), *, quick: bool = False, long: bool = False, orders: int = ORDERS_STORED,
    output: Path = RESULTS, say: Callable[[str], None] = print,
) -> int:
    """Measure the named benchmarks (none: all) and write `output`; returns 0 when every budget was kept, else 1.

    `orders` is how many are stored when lists are read; `long` keeps a million for the next time. Raises ValueError for
    a name that there is none of, DiskTooFull when a million orders have no room.
    """
    chosen = sorted(names or BENCHMARKS, key=list(BENCHMARKS).index)
    before = machine()
    if long:
        with kept_place(ORDERS_LONG, say) as place:
            stored = _measured([name for name in chosen if name in STORED], place, False, ORDERS_LONG, say)
        chosen = [name for name in chosen if name not in STORED]
    else:
        stored = []
    with open_place() as place:
        count = min(orders, ORDERS_STORED // 10) if quick else orders
        reports = _measured(chosen, place, quick, count, say) + stored
    budgets = [budget for report in reports for budget in report.budgets]
    keep(reports, before, output, is_long=long)
    say(f"\n{table(budgets)}\n\n{output}")
    return 0 if all(budget.met for budget in budgets) else 1


def _measured(
    names: Sequence[str], place: Place, is_quick: bool, orders: int, say: Callable[[str], None],
) -> list[Report]:
    """The reports of these benchmarks, each told when it is there."""
    reports = []
    for name in names:
        began = time.monotonic()
        reports.append(BENCHMARKS[name](place, is_quick, orders))
        say("\n".join(filter(None, (table(reports[-1].budgets), reports[-1].told))))
        say(f"({name}: {time.monotonic() - began:.0f} s)\n")
    return reports


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of `python -m benchmarks`."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="性能测量 | Measure the budgets of this machine")
    parser.add_argument("names", nargs="*", help=f"{', '.join(BENCHMARKS)}; none: all")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="几分钟的小规模测量 | small, some minutes")
    size.add_argument("--long", action="store_true", help=f"在一百万个已存订单上测量，首次建立并保留在 {folder()} | "
                      "with a million stored orders, built the first time and kept there")
    parser.add_argument("--orders", type=int, default=ORDERS_STORED, help="库中订单数 | orders stored for the lists")
    parser.add_argument("--output", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    if chosen.long and chosen.orders != ORDERS_STORED:
        parser.error(f"--long 总是 {ORDERS_LONG:,} 单，不能再给 --orders | --long always means {ORDERS_LONG:,} orders")
    unknown = [name for name in chosen.names if name not in BENCHMARKS]
    if unknown:
        print(f"没有这项测量 | no such benchmark: {', '.join(unknown)}", file=sys.stderr)
        return 2
    try:
        return run(chosen.names, quick=chosen.quick, long=chosen.long, orders=chosen.orders, output=chosen.output,
                   say=_say)
    except DiskTooFull as full:
        print(f"磁盘空间不足，没有测量 | not enough room on the disk, nothing was measured: {full}", file=sys.stderr)
        return 2


def _say(text: str) -> None:
    print(text, flush=True)

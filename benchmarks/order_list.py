"""The first page of the order list under every filter, as the API reads it, over many stored orders."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from statistics import median
from typing import Any

from benchmarks import stored
from benchmarks.place import Place
from benchmarks.result import Report, measured, percentile
from orderloom.application.queries.order_filter import OrderFilter
from orderloom.application.queries.order_list import list_orders
from orderloom.bootstrap import Hub, open_hub

P95_MILLISECONDS_MOST = 50
BARE = "select * from orders order by id desc limit 51"


class Timed:
    """A connection that adds up how long the database took to answer."""

    def __init__(self, connection: Any) -> None:
        self.connection, self.seconds = connection, 0.0

    async def execute(self, query: bytes, values: Mapping[str, Any] | None = None, /) -> Any:
        """The statement with its result fetched, timed."""
        began = time.perf_counter()
        found = await self.connection.execute(query, values)
        self.seconds += time.perf_counter() - began
        return found


def measure(place: Place, *, is_quick: bool, orders: int) -> Report:
    """p95 over the repeats of each filter; what counts is the worst filter."""
    stored.grow(place, orders)
    filters, bare = asyncio.run(_measure(place, 5 if is_quick else 20))
    worst = max(filters, key=lambda name: filters[name]["p95_ms"])
    return Report((
        measured("order_list", filters[worst]["p95_ms"], "ms", floor=bare, most=P95_MILLISECONDS_MOST),
    ), {"order_list": {"orders": orders, "worst": worst, "filters": filters,
                       "floor": "the newest 51 orders by primary key, nothing else"}}, _told(filters))


def _told(filters: Mapping[str, Mapping[str, Any]]) -> str:
    """The filters as text, the slowest first."""
    ordered = sorted(filters.items(), key=lambda named: -named[1]["p95_ms"])
    return "\n".join(
        f"  {name:36}{found['p95_ms']:8.2f} ms p95 {found['median_ms']:8.2f} ms median, {found['rows']} rows"
        for name, found in ordered)


async def _measure(place: Place, repeats: int) -> tuple[dict[str, dict[str, Any]], float]:
    found: dict[str, dict[str, Any]] = {}
    async with open_hub(place.settings(stored.GROWN), place.dsn(stored.GROWN)) as hub:
        filters = await _filters(hub)
        async with hub.pool.connection() as connection:
            timed = Timed(connection)
            bare = [await _bare(timed) for _ in range(repeats)]
            for name, wanted in filters.items():
                seconds = []
                for _ in range(repeats):
                    timed.seconds = 0.0
                    page = await list_orders(timed, wanted, hub.vault.open_receiver)
                    seconds.append(timed.seconds)
                found[name] = {"p95_ms": round(percentile(seconds, 0.95) * 1e3, 2),
                               "median_ms": round(median(seconds) * 1e3, 2), "rows": len(page.orders),
                               "met": percentile(seconds, 0.95) * 1e3 < P95_MILLISECONDS_MOST}
    return found, percentile(bare, 0.95) * 1e3


async def _bare(timed: Timed) -> float:
    timed.seconds = 0.0
    await timed.execute(BARE.encode())
    return timed.seconds


async def _filters(hub: Hub) -> dict[str, OrderFilter]:
    """Every filter that the list has, with common, rare and absent values, alone and together."""
    async with hub.pool.connection() as connection:
        rows = await connection.execute(
            "select number, account_id, received_at, receiver_cipher, receiver_phone_last4, external_id from orders"
            " where receiver_phone_last4 <> '' and external_id >= '8000000000000' and length(external_id) = 13"
            " order by id limit 1 offset 100")
        row = await rows.fetchone()
        rows = await connection.execute("select max(id::text), min(id::text) from orders")
        ends = await rows.fetchone()
    assert row is not None and ends is not None
    number, account, received, cipher, last4, external = row
    phone = hub.vault.open_receiver(bytes(cipher)).phone
    day = timedelta(days=1)
    return {
        "none": OrderFilter(),
        "phase, common": OrderFilter(phases=("delivered",)), "phase, rare": OrderFilter(phases=("returned",)),
        "phase, absent": OrderFilter(phases=("failed",)),
        "stage, common": OrderFilter(stages=("completed",)), "stage, rare": OrderFilter(stages=("returned",)),
        "stage, absent": OrderFilter(stages=("awaiting_collection",)),
        "payment, common": OrderFilter(payments=("paid",)), "payment, rare": OrderFilter(payments=("refunded",)),
        "payment, absent": OrderFilter(payments=("in_doubt",)),
        "account": OrderFilter(account_ids=(account,)), "account, other": OrderFilter(account_ids=(account + 1,)),
        "several accounts": OrderFilter(account_ids=(account, account + 1)),
        "held": OrderFilter(is_held=True), "not held": OrderFilter(is_held=False),
        "since and until, newest": OrderFilter(since=received - day, until=received + day),
        "since and until, a day in spring": OrderFilter(since=received - 200 * day, until=received - 199 * day),
        "q, order number": OrderFilter(q=number), "q, channel's id": OrderFilter(q=external),
        "q, absent": OrderFilter(q="zzqxzzqx"), "q, two characters": OrderFilter(q="12"),
        "q, SKU of one order in seven": OrderFilter(q="sku-0000"), "q, SKU of one in 500": OrderFilter(q="sku-0100"),
        "q, SKU of one in 5,000": OrderFilter(q="sku-1000"), "q, SKU of a handful": OrderFilter(q="sku-7777"),
        "q, word of a title": OrderFilter(q="马克杯"), "q, two words of a title": OrderFilter(q="青花马克杯"),
        "q, part of a number": OrderFilter(q=number[5:14].lower()),
        "q, whole phone": OrderFilter(q=phone, phone_index=hub.vault.phone_index(phone)),
        "q, last four digits": OrderFilter(q=last4),
        "phase and payment": OrderFilter(phases=("delivered",), payments=("refunded",)),
        "account, phase and held": OrderFilter(account_ids=(account,), phases=("held",), is_held=True),
    }

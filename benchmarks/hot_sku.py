"""One SKU with 1,000 units, 5,000 orders of one unit, 16 senders: exactly 1,000 get theirs, at speed."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg

from benchmarks import floor
from benchmarks.hands import Hand, span, together
from benchmarks.place import Place
from benchmarks.result import Report, measured
from benchmarks.seed import HOT_SKU

UNITS, ATTEMPTS, SENDERS, PROCESSES, PAGE = 1_000, 5_000, 16, 2, 50
PER_SECOND_LEAST = 2_500
STOCK = """
with level as (
    insert into stock_level (sku_id, warehouse_id, on_hand)
    select s.id, w.id, %(units)s from sku s, warehouse w where s.code = %(sku)s and w.code = 'HZ01'
    returning sku_id, warehouse_id, on_hand)
insert into stock_movement (sku_id, warehouse_id, kind, on_hand, cause, reason, actor, at)
select sku_id, warehouse_id, 'receive', on_hand, 'opening/hot', 'opening stock', 'bench', %(at)s from level"""
SOLD = """
select (select count(*) from orders), (select count(*) from orders where is_short),
    (select coalesce(sum(h.quantity), 0) from stock_hold h join sku s on s.id = h.sku_id
        where s.code = %(sku)s and h.state = 'active'),
    (select count(*) from work),
    (select on_hand - allocated - reserved from stock_level l join sku s on s.id = l.sku_id where s.code = %(sku)s),
    (select sum(allocated) from stock_movement m join sku s on s.id = m.sku_id where s.code = %(sku)s)"""


def measure(place: Place, *, is_quick: bool) -> Report:
    """The count is checked in holds, works, level and ledger alike; a single unit too many or too few is a failure."""
    with place.database("bench_floor") as dsn:
        floor.make_tables(dsn)
        results = together([
            Hand("benchmarks.floor", dsn=dsn, start=7_000_000_000_000 + n * 10**6, count=3 * ATTEMPTS)
            for n in range(PROCESSES)
        ])
        wall = sum(r["orders"] for r in results) / span(results)
    with place.database("bench_hot") as dsn:
        with psycopg.connect(dsn) as connection:
            connection.execute(STOCK, {"units": UNITS, "sku": HOT_SKU, "at": datetime.now(UTC)})
        results = together([
            Hand("benchmarks.hot_hand", dsn=dsn, home=str(place.home), start=7_000_000_000_000 + n * 10**6,
                 count=ATTEMPTS // PROCESSES, senders=SENDERS // PROCESSES, page=PAGE)
            for n in range(PROCESSES)
        ])
        with psycopg.connect(dsn) as connection:
            row = connection.execute(SOLD, {"sku": HOT_SKU}).fetchone()
    assert row is not None
    orders, short, held, works, free, ledger = row
    is_exact = (orders, short, held, works, free, ledger) == (ATTEMPTS, ATTEMPTS - UNITS, UNITS, UNITS, 0, UNITS)
    return Report((
        measured("hot_sku_sold", held, "units", floor=UNITS, least=UNITS, ratio_most=1, is_right=is_exact),
        measured("hot_sku", ATTEMPTS / span(results), "attempts/s", floor=wall, least=PER_SECOND_LEAST,
                 is_right=is_exact),
    ), {"hot_sku": {
        "units": UNITS, "attempts": ATTEMPTS, "senders": SENDERS, "page": PAGE, "orders": orders, "short": short,
        "held": int(held), "works": works, "free": free,
        "floor": "the hand-written loader with two writers on stock that is never short",
    }})

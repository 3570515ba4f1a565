"""The wall: a hand-written loader that keeps the same facts of an order and decides nothing.

Own tables with the least columns; per batch of 500 orders one transaction with six binary COPYs (message, order,
2 lines, 2 events, 2 stock holds, delivery) and one UPDATE from unnest that counts the holds against
the levels. Its rows are ready in memory: it parses, checks, encrypts and hashes nothing.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.hands import given, say, wait_for_go
from benchmarks.seed import SKU_COUNT, taobao_items

BATCH = 500
SCHEMA = """
create table floor_message (id uuid primary key, account int2 not null, event_id text not null, body bytea not null,
    received_at timestamptz not null, unique (account, event_id));
create table floor_order (id uuid primary key, account int2 not null, external_id text not null, total int8 not null,
    placed_at timestamptz not null, receiver bytea not null, unique (account, external_id));
create table floor_line (order_id uuid, no int2, sku int4 not null, quantity int4 not null, amount int8 not null,
    title text not null, primary key (order_id, no));
create table floor_event (order_id uuid, seq int4, kind text not null, at timestamptz not null, facts text not null,
    primary key (order_id, seq));
create table floor_hold (order_id uuid, no int2, sku int4 not null, warehouse int2 not null, quantity int4 not null,
    primary key (order_id, no));
create table floor_delivery (id uuid primary key, order_id uuid not null, target int2 not null, body text not null,
    due_at timestamptz not null);
create table floor_level (sku int4, warehouse int2, free int4 not null, primary key (sku, warehouse))
    with (fillfactor = 50);
insert into floor_level select s, w, 100000000 from generate_series(0, {skus} - 1) s, generate_series(1, 3) w;
"""
COPIES = (
    ("floor_message", "uuid int2 text bytea timestamptz"), ("floor_order", "uuid int2 text int8 timestamptz bytea"),
    ("floor_line", "uuid int2 int4 int4 int8 text"), ("floor_event", "uuid int4 text timestamptz text"),
    ("floor_hold", "uuid int2 int4 int2 int4"), ("floor_delivery", "uuid uuid int2 text timestamptz"),
)  # fmt: skip
TAKE = """
update floor_level l set free = l.free - d.n
from (select * from unnest(%b::int4[], %b::int2[], %b::int4[]) as d (sku, warehouse, n)
      order by 1, 2) d
where l.sku = d.sku and l.warehouse = d.warehouse"""
LOCK = """
select from floor_level l join unnest(%b::int4[], %b::int2[]) as d (sku, warehouse)
    on l.sku = d.sku and l.warehouse = d.warehouse
order by l.sku, l.warehouse for update of l"""
FACTS = '{"total":19900,"lines":[{"sku":"SKU-0001","quantity":1},{"sku":"SKU-0002","quantity":2}]}'
Rows = tuple[list[tuple[Any, ...]], ...]


def make_tables(dsn: str) -> None:
    """The floor's own tables, in the given database."""
    with psycopg.connect(dsn) as connection:
        connection.execute(SCHEMA.format(skus=SKU_COUNT).encode())


def load(dsn: str, prepared: Sequence[Rows]) -> None:
    """Store every batch, one commit each."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        for rows in prepared:
            for (table, kinds), lines in zip(COPIES, rows, strict=True):
                with cursor.copy(f"copy {table} from stdin (format binary)".encode()) as copy:
                    copy.set_types(kinds.split())
                    for line in lines:
                        copy.write_row(line)
            taken = Counter[tuple[int, int]]()
            for _, _, sku, warehouse, quantity in rows[4]:
                taken[sku, warehouse] += quantity
            keys = [list(column) for column in zip(*taken, strict=True)]
            cursor.execute(LOCK, keys)
            cursor.execute(TAKE, [*keys, list(taken.values())])
            connection.commit()


def rows_of(bodies: Sequence[bytes], start: int, at: datetime) -> Rows:
    """The rows of a batch of orders whose vouchers are `bodies`."""
    found: Rows = ([], [], [], [], [], [])
    messages, orders, lines, events, holds, deliveries = found
    for n, body in enumerate(bodies, start):
        order = _id()
        messages.append((_id(), 1, str(n), body, at))
        orders.append((order, 1, str(n), 19_900, at, body[:160]))
        for no in (1, 2):
            sku, house = (n * 7 + no * 331) % SKU_COUNT, 1 + n % 3
            lines.append((order, no, sku, no, 9_950, "手工陶瓷马克杯 礼盒装"))
            events.append((order, no, "order_recorded" if no == 1 else "stock_held", at, FACTS))
            holds.append((order, no, sku, house, no))
        deliveries.append((_id(), order, 1, FACTS, at))
    return found


def _id() -> UUID:
    millis = time.time_ns() // 1_000_000
    return UUID(bytes=millis.to_bytes(6) + b"\x70" + os.urandom(1) + b"\x80" + os.urandom(7))


def main() -> None:
    """A writer: `dsn`, `start` and `count` of its orders."""
    told = given()
    at = datetime.now(UTC)
    bodies = [item.body for item in taobao_items(told["start"], BATCH, at)]  # other ids, the same 500 texts again
    prepared = [rows_of(bodies, told["start"] + n, at) for n in range(0, told["count"], BATCH)]
    load(told["dsn"], prepared[:1])
    say(ready=True)
    wait_for_go()
    began = time.monotonic()
    load(told["dsn"], prepared[1:])
    say(began=began, ended=time.monotonic(), orders=sum(len(rows[1]) for rows in prepared[1:]))


if __name__ == "__main__":
    main()

"""What must be true of the hub's database after every story, whatever happened in it; and what a story changed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db.load import load_orders
from orderloom.application.refold import refold
from orderloom.domain.log import Entry, chain
from orderloom.domain.order import state_bytes

LEDGER = """
select l.sku_id, l.warehouse_id, l.on_hand, l.reserved, l.allocated, l.safety, l.frozen, l.set_aside,
    coalesce(m.on_hand, 0), coalesce(m.reserved, 0), coalesce(m.allocated, 0), coalesce(m.safety, 0),
    coalesce(m.frozen, 0), coalesce(m.set_aside, 0), coalesce(h.reserved, 0), coalesce(h.allocated, 0)
from stock_level l
left join (select sku_id, warehouse_id, sum(on_hand) on_hand, sum(reserved) reserved, sum(allocated) allocated,
    sum(safety) safety, sum(frozen) frozen, sum(set_aside) set_aside from stock_movement group by 1, 2) m
    using (sku_id, warehouse_id)
left join (select sku_id, warehouse_id, coalesce(sum(quantity) filter (where kind = 'reservation'), 0) reserved,
    coalesce(sum(quantity) filter (where kind = 'allocation'), 0) allocated
    from stock_hold where state = 'active' group by 1, 2) h using (sku_id, warehouse_id)"""
EVENTS = """
select order_id::text, seq, kind, at, actor, message_id::text, blueprint, facts, hash
from order_event order by order_id, seq"""
TABLES = (
    "message", "intake", "tally", "orders", "order_line", "order_event", "claim", "hold", "work", "work_line", "parcel",
    "parcel_event", "money_entry", "after_sale", "stock_level", "stock_hold", "stock_movement", "stock_quota",
    "stock_shown", "deadline", "delivery", "case_file", "case_member", "warehouse_load",
)
"""Everything that a story can change; queues' bookkeeping (cursors, buckets, watermarks, search) is left out."""
NOISE = ("event_head", "hash", "xid", "body_cipher", "receiver_cipher", "headers", "receiver_digest",
         "receiver_stated", "position", "attempts", "answer", "last_error", "lease_until", "sightings", "hour")
"""Columns that two runs of the same story may differ in: random by nature, or a count of tries."""
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DRAWN = re.compile(r'(?<="waybill":")[^"]+|(?<="carrier":")[^"]+|(?<="digest":")[^"]+|(?<="event_id":")[^"]+')
LINE_ID = re.compile(r'"external_(?:line_)?id":"\d{19}"')
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ][0-9:.]+(?:Z|[+-]\d\d:?\d\d)?")
Snapshot = dict[str, list[str]]


async def prove(connection: AsyncConnection[Any]) -> None:
    """The ledger adds up to every level, holds to what is bound, and the events fold to every stored order."""
    for row in await (await connection.execute(LEDGER)).fetchall():
        assert row[2:8] == row[8:14], f"ledger of SKU {row[0]} in warehouse {row[1]}: {row[2:8]} is not {row[8:14]}"
        assert row[3:5] == row[14:16], f"holds of SKU {row[0]} in warehouse {row[1]}: {row[3:5]} is not {row[14:16]}"
    logs: dict[str, list[Entry]] = defaultdict(list)
    for row in await (await connection.execute(EVENTS)).fetchall():
        logs[row[0]].append(Entry(*row[:8], bytes(row[8])))
    async with connection.transaction():
        stored = {order.id: order for order in await load_orders(connection, sorted(logs))}
        count = await (await connection.execute("select count(*) from orders")).fetchone()
    assert count == (len(logs),) and stored.keys() == logs.keys()
    for order_id, entries in logs.items():
        head = order_id.encode()
        for x in entries:
            head = chain(head, x.order_id, x.seq, x.kind, x.at, x.actor, x.message_id, x.blueprint, x.facts)
            assert head == x.hash, f"{order_id}: the chain is broken at {x.seq}"
        folded = refold(entries)
        assert state_bytes(folded) == state_bytes(stored[order_id]), (folded, stored[order_id])


async def snapshot(connection: AsyncConnection[Any]) -> Snapshot:
    """Every row that a story can change, by table."""
    return {table: await _rows(connection, table, ()) for table in TABLES}


def changed(before: Snapshot, after: Snapshot) -> set[str]:
    """Tables that are not as they were."""
    return {table for table in TABLES if before[table] != after[table]}


async def story_of(connection: AsyncConnection[Any], roles: Mapping[str, str]) -> list[str]:
    """Every row that belongs to these orders (`roles`: id at the channel to a name for it), with ids, numbers, instants
    and what chance draws replaced: two runs of one story have the same."""
    names = dict(roles)
    for order_id, number, external in await (await connection.execute(
        "select id::text, number, external_id from orders where external_id = any (%s)", (list(roles),))).fetchall():
        names[order_id], names[number] = f"order {roles[external]}", f"number {roles[external]}"
    ours = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    story = []
    for table in TABLES:
        rows = [row for row in await _rows(connection, table, NOISE) if ours.search(row)]
        story += sorted(f"{table} {_told_again(row, ours, names)}" for row in rows)
    return story


def _told_again(row: str, ours: re.Pattern[str], names: Mapping[str, str]) -> str:
    named = ours.sub(lambda match: names[match.group()], row.replace('\\"', '"'))
    for pattern, word in ((ID, "id"), (INSTANT, "then"), (DRAWN, "drawn"), (LINE_ID, '"external_line_id":"line"')):
        named = pattern.sub(word, named)
    return named


async def _rows(connection: AsyncConnection[Any], table: str, without: tuple[str, ...]) -> list[str]:
    rows = await (await connection.execute(f"select to_jsonb(t) from {table} t".encode())).fetchall()
    kept = [{name: value for name, value in row.items() if name not in without} for (row,) in rows]
    return sorted(orjson.dumps(row, option=orjson.OPT_SORT_KEYS).decode() for row in kept)

"""10,000 deadlines that come due at the same moment: every one fires, once, within ten seconds."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import psycopg

from benchmarks.place import Place
from benchmarks.result import Report, measured
from benchmarks.seed import TAOBAO, batches, taobao_items
from orderloom.bootstrap import open_hub
from orderloom.testing.clock import FrozenClock

COUNT = 10_000
SECONDS_MOST = 10.0
NAME = "bench_deadlines"
STATES = "select state, count(*) from deadline where kind = 'reservation' group by state"
FREED = """
select count(*) from (select order_id from order_event where kind = 'stock_released' group by order_id
    having count(*) = 1) o"""
DUE = "select min(due_at), max(due_at) from deadline where kind = 'reservation' and state = 'pending'"
BARE = """
with taken as (
    select ctid from deadline where state = 'pending' and due_at <= %(at)s order by due_at limit 500
    for update skip locked)
update deadline d set state = 'fired', fired_at = %(at)s from taken where d.ctid = taken.ctid"""


def measure(place: Place, *, is_quick: bool) -> Report:
    """Unpaid orders whose reservations expire together; firing frees the stock of each."""
    count = COUNT // 5 if is_quick else COUNT
    with place.database(NAME):
        seconds, fired = asyncio.run(_measure(place, count))
        with psycopg.connect(place.dsn(NAME)) as connection:
            states = dict(connection.execute(STATES).fetchall())
            row = connection.execute(FREED).fetchone()
            bare = _bare(connection)
    is_right = states == {"fired": count} and row is not None and row[0] == count and fired >= count
    scaled = COUNT / count
    return Report((
        measured("deadlines_10k", seconds * scaled, "s", floor=bare * scaled, most=SECONDS_MOST, is_right=is_right),
    ), {"deadlines_10k": {"deadlines": count, "states": states, "freed_once": row[0] if row else 0,
                          "floor": "marking as many rows as fired in groups of 500, one commit each"}})


async def _measure(place: Place, count: int) -> tuple[float, int]:
    clock = FrozenClock()
    async with open_hub(place.settings(NAME), place.dsn(NAME), clock=clock) as hub:
        account = (await hub.directory()).account_by_code(TAOBAO)
        assert account is not None
        for group in batches(taobao_items(9_000_000_000_000, count, clock(), is_paid=False)):
            await hub.lander.land(account, group, {}, hub.now())
            await hub.handler.handle_messages(500)
        async with hub.pool.connection() as connection:
            earliest, latest = await (await connection.execute(DUE)).fetchone() or (None, None)
            await connection.execute("vacuum analyze")
        assert earliest == latest, "they do not come due together"
        clock.set(latest + timedelta(seconds=1))
        fired, began = 0, time.monotonic()
        while taken := await hub.handler.fire_deadlines():
            fired += taken
        return time.monotonic() - began, fired


def _bare(connection: psycopg.Connection) -> float:
    """Mark them again without asking or telling anybody."""
    connection.execute("update deadline set state = 'pending' where kind = 'reservation'")
    connection.commit()
    rows = connection.execute("select now() + interval '100 years'").fetchone()
    assert rows is not None
    began = time.monotonic()
    while connection.execute(BARE, {"at": rows[0]}).rowcount:
        connection.commit()
    return time.monotonic() - began

"""Databases with many orders: some really went through the route, the rest are copies of their rows.

A copy differs from its original in every id, number, key, blind index and instant, and stands where a year of trading
would have left it: most delivered, few held, fewer refunded; work sent, holds consumed, deadlines moot. Copies are
written oldest first, each row once (the queue's twice, as the route does), and the originals last, so that tables and
indexes fill as they do in trading. The search documents are made by the hub's own publisher; what people's work leaves
beside orders is laid down in the end (`desk_rows.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import psycopg
from psycopg import sql

from benchmarks.captured import NotCaptured, sizes
from benchmarks.copies import BESIDE, COLUMNS, TABLES, Column, insert, take_turn
from benchmarks.desk_rows import lay
from benchmarks.hands import Hand, together
from benchmarks.place import FURNISHED_MANY, Place
from orderloom.adapters.db import publishing
from orderloom.application.commands import PlaceHold
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector

MADE, GROWN = "bench_made", "bench_grown"
MADE_COUNT = 10_000
HELD_EVERY = 50
PUBLISH_EVERY = 5
"""Turns between two rounds of the publisher: it reads whole transactions, and a turn is one."""
Progress = Callable[[int, int], None]


def made_of(orders: int) -> int:
    """How many of so many stored orders really go through the route."""
    return MADE_COUNT if orders >= 10 * MADE_COUNT else max(orders // 10, 500)


def make(place: Place, orders: int) -> str:
    """A database in which `made_of(orders)` orders went through the route and are searchable; made once."""
    if place.has(MADE):
        return place.dsn(MADE)
    place.furnish(FURNISHED_MANY)
    half = f"{MADE}_half"
    place.drop(half)
    dsn = place.make(half, FURNISHED_MANY)
    together([
        Hand("benchmarks.route_hand", dsn=dsn, home=str(place.home), start=8_000_000_000_000 + n * 10**7,
             count=made_of(orders) // 2, has_many=True, has_stages=False)
        for n in range(2)
    ])
    asyncio.run(_settle(place, half))
    _tidy(dsn)
    place.rename(half, MADE)
    return place.dsn(MADE)


def grow(place: Place, orders: int, report: Progress = lambda done, wanted: None) -> str:
    """A database with `orders` orders in all; made once. `report` hears how far it is, in turns, and may raise."""
    if place.has(GROWN):
        return place.dsn(GROWN)
    made, half = make(place, orders), f"{GROWN}_half"
    place.drop(half)
    dsn = place.make(half, FURNISHED_MANY)
    turns = max(orders // made_of(orders) - 1, 0)
    with psycopg.connect(dsn) as connection:
        connection.execute("set synchronous_commit = off")
        _bring(made, connection)
        columns = _columns(connection)
        connection.commit()
        for turn in range(turns, -1, -1):
            take_turn(connection, turn, turns)
            for table in TABLES:
                insert(connection, table, columns[table], is_copy=turn > 0)
            connection.commit()
            report(turns - turn + 1, turns + 1)
            if turn % PUBLISH_EVERY == 0:
                asyncio.run(_publish(place, half))
        connection.execute("drop schema source cascade")
        lay(connection)
    _tidy(dsn)
    place.rename(half, GROWN)
    return place.dsn(GROWN)


def _bring(made: str, connection: psycopg.Connection) -> None:
    """Bring the rows that are copied over from the other database. Raises NotCaptured."""
    connection.execute("create schema source")
    with psycopg.connect(made) as origin:
        before = sizes(connection)
        unknown = {table for table, count in sizes(origin).items() if count > before[table]} - {*TABLES, *BESIDE}
        if unknown:
            raise NotCaptured(f"orders leave rows that are not copied: {sorted(unknown)}")
        for table in TABLES:
            name = sql.Identifier(table)
            connection.execute(sql.SQL("create unlogged table source.{} (like public.{})").format(name, name))
            with origin.cursor().copy(sql.SQL("copy {} to stdout (format binary)").format(name)) as out:
                into = sql.SQL("copy source.{} from stdin (format binary)").format(name)
                with connection.cursor().copy(into) as put:
                    for piece in out:
                        put.write(piece)
            connection.execute(sql.SQL("analyze source.{}").format(name))


def _columns(connection: psycopg.Connection) -> dict[str, list[Column]]:
    """What is copied of each table: the server's own columns come anew."""
    found: dict[str, list[Column]] = {table: [] for table in TABLES}
    for table, column, kind in connection.execute(COLUMNS, (list(TABLES),)).fetchall():
        found[table].append(Column(column, kind))
    return found


async def _settle(place: Place, name: str) -> None:
    """Hold one in fifty, and publish everything, so that searching finds it."""
    async with open_hub(place.settings(name), place.dsn(name)) as hub:
        async with hub.pool.connection() as connection:
            rows = await connection.execute("select id::text from orders order by id")
            ids = [row[0] for row in await rows.fetchall()]
        await _hold(hub, ids[::HELD_EVERY])
    await _publish(place, name)


async def _publish(place: Place, name: str) -> None:
    async with open_hub(place.settings(name), place.dsn(name)) as hub:
        directory = await hub.directory()
        async with hub.pool.connection() as connection:
            while await publishing.publish_events(connection, directory, hub.now()):
                continue


async def _hold(hub: Hub, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), 500):
        await hub.handle([
            PlaceHold(actor=connector("bench"), order_id=order_id, type="manual", reason="stock check")
            for order_id in ids[start:start + 500]
        ])


def _tidy(dsn: str) -> None:
    """What autovacuum would have done meanwhile."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")

"""Databases with many orders: some really went through the route, the rest are copies of their rows.

A copy differs from its original in every id and number, and its state is drawn from what a year of trading leaves
(most delivered, few held, fewer refunded), so that filters meet rare and common values alike.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import psycopg
from psycopg import sql

from benchmarks.hands import Hand, together
from benchmarks.place import Place
from orderloom.adapters.db import publishing
from orderloom.application.commands import PlaceHold
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector

MADE, GROWN = "bench_made", "bench_grown"
HELD_EVERY = 50
FAMILY = (
    "order_line", "order_event", "claim", "hold", "stock_hold", "work", "work_line", "money_entry", "stock_movement",
    "deadline", "delivery", "order_search", "intake",
)
OWN = {"message": "id", "orders": "id", "hold": "subject_id", "deadline": "subject_id"}
"""The column that names the order (or the message) where it is not `order_id`."""
MAPPED = {"id": "gen.id", "order_id": "gen.id", "subject_id": "gen.id", "message_id": "gen.message_id"}
IDS = """
create unlogged table copy_ids as
select o.id as old_id, i.message_id as old_message, n as turn,
    (lpad(to_hex((extract(epoch from o.received_at) * 1000)::bigint - n * {apart} - o.nr), 12, '0')
        || '7' || substr(md5(o.id::text || n), 2, 3) || '8' || substr(md5(o.id::text || n), 5, 15))::uuid as id,
    (lpad(to_hex((extract(epoch from o.received_at) * 1000)::bigint - n * {apart} - o.nr), 12, '0')
        || '7' || substr(md5(i.message_id::text || n), 2, 3) || '8'
        || substr(md5(i.message_id::text || n), 5, 15))::uuid as message_id
from (select id, received_at, row_number() over (order by id) as nr from orders) o
join intake i on i.order_id = o.id cross join generate_series(1, {turns}) n"""
DRAWN = """
update orders o set stage = d.stage, phase = d.phase, payment = d.payment, revision = o.revision
from (select id, abs(hashtext(id::text)) % 1000 as draw from copy_ids) c
join lateral (select
    case when draw < 800 then 'completed' when draw < 900 then 'shipped' when draw < 950 then 'picking'
        when draw < 970 then 'cancelled' when draw < 980 then 'returned' else 'paid' end as stage,
    case when draw < 800 then 'delivered' when draw < 900 then 'in_transit' when draw < 950 then 'ready'
        when draw < 970 then 'cancelled' when draw < 980 then 'returned' else 'ready' end as phase,
    case when draw % 500 = 0 then 'refunded' when draw % 100 = 1 then 'unpaid' else 'paid' end as payment
    ) d on true
where o.id = c.id"""


def make(place: Place, count: int) -> str:
    """A database in which `count` orders went through the route and are searchable; made once per run."""
    if _exists(place, MADE):
        return place.dsn(MADE)
    dsn = place.make(MADE)
    together([
        Hand("benchmarks.route_hand", dsn=dsn, home=str(place.home), start=8_000_000_000_000 + n * 10**7,
             count=count // 2)
        for n in range(2)
    ])
    asyncio.run(_settle(place))
    _tidy(dsn)
    return dsn


def grow(place: Place, made: int, wanted: int) -> str:
    """A copy of that database with `wanted` orders in all; made once per run."""
    if _exists(place, GROWN):
        return place.dsn(GROWN)
    make(place, made)
    dsn = place.make(GROWN, MADE)
    with psycopg.connect(dsn) as connection:
        connection.execute("set synchronous_commit = off")
        connection.execute(IDS.format(turns=max(wanted // made - 1, 0), apart=made * 2).encode())
        connection.execute("create index on copy_ids (old_id)")
        connection.execute("analyze copy_ids")
        for table in ("message", "orders", *FAMILY):
            _copy(connection, table)
        connection.execute(DRAWN.encode())
        connection.execute("drop table copy_ids")
        connection.commit()
    _tidy(dsn)
    return dsn


def _copy(connection: psycopg.Connection, table: str) -> None:
    """Insert every copy of the rows of a table with its new ids and numbers."""
    rows = connection.execute(
        "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s"
        " and is_identity = 'NO' order by ordinal_position", (table,)).fetchall()
    columns = [row[0] for row in rows]
    values = [_value(table, column) for column in columns]
    key = "old_message" if table == "message" else "old_id"
    text = "insert into {t} ({c}) select {v} from {t} t join copy_ids gen on gen.{k} = t.{o}"
    connection.execute(sql.SQL(text).format(
        t=sql.Identifier(table), c=sql.SQL(", ").join(map(sql.Identifier, columns)),
        v=sql.SQL(", ").join(sql.SQL(value) for value in values), k=sql.Identifier(key),
        o=sql.Identifier(OWN.get(table, "order_id")),
    ))


def _value(table: str, column: str) -> str:
    """What a copy has in a column: new ids, new numbers, else the same."""
    if table == "message" and column == "id":
        return "gen.message_id"
    if table == "delivery" and column == "id":
        return "gen_random_uuid()"
    if (table, column) in (("orders", "number"), ("orders", "external_id"), ("work", "number"),
                           ("message", "event_id"), ("stock_movement", "cause")):
        return f"t.{column} || '-' || gen.turn"
    if (table, column) == ("order_search", "document"):
        return "t.document || ' copy-' || gen.turn"
    if column in MAPPED and (column != "message_id" or table in ("intake", "order_event", "claim", "money_entry")):
        return MAPPED[column]
    return f"t.{column}"


async def _settle(place: Place) -> None:
    """Hold one in fifty, and publish everything, so that searching finds it."""
    async with open_hub(place.settings(MADE), place.dsn(MADE)) as hub:
        async with hub.pool.connection() as connection:
            rows = await connection.execute("select id::text from orders order by id")
            ids = [row[0] for row in await rows.fetchall()]
        await _hold(hub, ids[::HELD_EVERY])
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


def _exists(place: Place, name: str) -> bool:
    with psycopg.connect(place.server) as connection:
        return connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is not None


def _tidy(dsn: str) -> None:
    """What autovacuum would have done meanwhile."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")

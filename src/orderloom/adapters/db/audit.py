"""Reads and seals the event log in PostgreSQL: checkpoints, and whole-log streams for verifying and exporting."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import psycopg
from psycopg_pool import AsyncConnectionPool

from orderloom.adapters.db.away import told_apart
from orderloom.application.checkpoint import Checkpoint, Log, Notary
from orderloom.application.verify import Head
from orderloom.domain.log import Entry

LOCK_KEY = 0x6F6C6175646974  # any number that other programs in the same database do not use
ROWS_PER_FETCH = 5_000
EVENTS_PER_ORDER_MAX = 100_000
"""An order with more is judged in parts, and the second part is then reported: no order of ours has so many."""
_CHECKPOINT = """select number, from_xid::text::bigint, to_xid::text::bigint, event_count, digest, previous, at,
    signature, ledgers from audit_checkpoint"""


LEDGERS = {
    "stock_movement": """sha256(convert_to((jsonb_build_array(sku_id, warehouse_id, kind, on_hand, reserved, allocated,
        safety, frozen, cause, reason, actor, extract(epoch from at), order_id)
        || case when set_aside = 0 then '[]'::jsonb else jsonb_build_array(set_aside) end)::text, 'UTF8'))""",
    "unmasking": """sha256(convert_to(jsonb_build_array(id, order_id, who, reason, extract(epoch from at))::text,
        'UTF8'))""",
    "case_event": """sha256(convert_to(jsonb_build_array(case_id, seq, extract(epoch from at), by, kind, detail)::text,
        'UTF8'))""",
    "message_event": """sha256(convert_to(jsonb_build_array(message_id, seq, extract(epoch from at), by, kind, reason)
        ::text, 'UTF8'))""",
    "delivery_event": """sha256(convert_to(jsonb_build_array(delivery_id, seq, extract(epoch from at), by, kind, reason)
        ::text, 'UTF8'))""",
    "subject_event": "hash",
}
"""Append-only tables that checkpoints cover beside the orders' events, and the hash of a row: these columns for ever. A
column that came later is in the hash where it says something: older rows keep theirs. The events of subjects have the
hash of their chain, which is over all that they say."""


class Chained(NamedTuple):
    """A table of events that are chained by whom they are about, and the table of those."""

    events: str
    owners: str
    key: str


ORDERS, SUBJECTS = Chained("order_event", "orders", "order_id"), Chained("subject_event", "subject", "subject_id")


def canonical(found: dict[str, list[Any]]) -> str:
    """One line of JSON, the same for the same content."""
    return json.dumps(found, separators=(",", ":"), sort_keys=True)


class AuditLog:
    """The log with its notary; satisfies `application.checkpoint.Audit`."""

    def __init__(self, pool: AsyncConnectionPool[Any], notary: Notary) -> None:
        self.notary = notary
        self._pool = pool

    @asynccontextmanager
    async def sealing(self) -> AsyncIterator[Log]:
        """One transaction, one sealer at a time in all processes. Raises StoreAway, StoreRefused."""
        with told_apart():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute("set local timezone to 'UTC'")
                await connection.execute("select pg_advisory_xact_lock(%s)", (LOCK_KEY,))
                yield SealedLog(connection)


class SealedLog:
    """The log inside a transaction; satisfies `application.checkpoint.Log`."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection

    async def last(self) -> Checkpoint | None:
        """The newest checkpoint."""
        cursor = await self._connection.execute(f"{_CHECKPOINT} order by number desc limit 1")
        row = await cursor.fetchone()
        return Checkpoint(*row) if row else None

    async def after(self, number: int) -> list[Checkpoint]:
        """Checkpoints with a greater number, in order."""
        cursor = await self._connection.execute(f"{_CHECKPOINT} where number > %s order by number", (number,))
        return [Checkpoint(*row) for row in await cursor.fetchall()]

    async def fence(self, from_xid: int, events_max: int) -> int:
        """First transaction that is not to be covered: the oldest running one, or less when that would be too many."""
        cursor = await self._connection.execute(
            """with oldest as (select pg_snapshot_xmin(pg_current_snapshot()) as xid)
            select coalesce((
                select e.xid from order_event e, oldest o
                where e.xid > %(from)s::text::xid8 and e.xid < o.xid order by e.xid offset %(most)s limit 1
            ), (select xid from oldest))::text::bigint""", {"from": from_xid, "most": events_max})
        row = await cursor.fetchone()
        assert row is not None
        return int(row[0])

    async def digest(self, from_xid: int, to_xid: int) -> tuple[int, bytes]:
        """How many events the transactions in [from, to) wrote, and SHA-256 over their hashes."""
        cursor = await self._connection.execute(
            """select count(*), sha256(coalesce(string_agg(hash, ''::bytea order by xid, order_id, seq), ''::bytea))
            from order_event where xid >= %s::text::xid8 and xid < %s::text::xid8""", (from_xid, to_xid))
        row = await cursor.fetchone()
        assert row is not None
        return int(row[0]), bytes(row[1])

    async def ledgers(self, from_xid: int, to_xid: int) -> str:
        """Count and digest of each ledger's rows that the transactions in [from, to) wrote, as canonical JSON."""
        found = {}
        for name, row_hash in LEDGERS.items():
            cursor = await self._connection.execute(
                f"""select count(*), sha256(coalesce(string_agg(hash, ''::bytea order by xid, hash), ''::bytea))
                from (select xid, {row_hash} as hash from {name}
                    where xid >= %s::text::xid8 and xid < %s::text::xid8) r""".encode(), (from_xid, to_xid))
            row = await cursor.fetchone()
            assert row is not None
            if row[0]:
                found[name] = [int(row[0]), bytes(row[1]).hex()]
        return canonical(found)

    async def append(self, checkpoint: Checkpoint) -> None:
        """Store a checkpoint."""
        await self._connection.execute(
            """insert into audit_checkpoint (number, from_xid, to_xid, event_count, digest, previous, at, signature,
                ledgers)
            values (%s, %s::text::xid8, %s::text::xid8, %s, %s, %s, %s, %s, %s)""",
            (checkpoint.number, checkpoint.from_xid, checkpoint.to_xid, checkpoint.event_count, checkpoint.digest,
             checkpoint.previous, checkpoint.at, checkpoint.signature, checkpoint.ledgers))


class LogReader:
    """The whole log as of one moment, streamed: a connection in one read-only snapshot."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection

    async def begin(self) -> int:
        """Take the snapshot; returns about how many events there are, for a progress bar."""
        await self._connection.execute("begin isolation level repeatable read read only")
        await self._connection.execute("set local timezone to 'UTC'")
        cursor = await self._connection.execute(
            "select greatest(reltuples, 0)::bigint from pg_class where oid = 'order_event'::regclass")
        row = await cursor.fetchone()
        return int(row[0]) if row else 0

    async def heads(self, of: Chained = ORDERS) -> AsyncIterator[Head]:
        """Every order (or subject) with what it says of its log, by id."""
        query = f"select id::text, number, event_count, event_head from {of.owners} order by id"
        async for row in self._stream(f"heads_{of.owners}", query):
            yield Head(*row)

    async def logs(self, of: Chained = ORDERS) -> AsyncIterator[list[Entry]]:
        """The events of each, by whom and position. Grouped here, for an await per event would double the time."""
        query = f"""select {of.key}::text, seq, kind, at, actor, message_id::text, blueprint, facts, hash
            from {of.events} order by {of.key}, seq"""
        own: list[Entry] = []
        async for rows in self._batches(f"logs_{of.owners}", query):
            for row in rows:
                if own and (own[0].order_id != row[0] or len(own) >= EVENTS_PER_ORDER_MAX):
                    yield own
                    own = []
                own.append(Entry(*row))
        if own:
            yield own

    async def numbered_entries(self, of: Chained = ORDERS) -> AsyncIterator[tuple[int, Entry]]:
        """Every event with its transaction, by whom and position."""
        query = f"""select xid::text::bigint, {of.key}::text, seq, kind, at, actor, message_id::text, blueprint, facts,
            hash from {of.events} order by {of.key}, seq"""
        async for row in self._stream(f"numbered_{of.owners}", query):
            yield row[0], Entry(*row[1:])

    async def hashes(self) -> AsyncIterator[list[tuple[int, bytes]]]:
        """(transaction, hash) of every event, in the order in which checkpoints cover them, in batches."""
        query = "select xid::text::bigint, hash from order_event order by xid, order_id, seq"
        async for rows in self._batches("hashes", query):
            yield rows

    async def ledger_hashes(self, name: str) -> AsyncIterator[list[tuple[int, bytes]]]:
        """(transaction, hash) of every row of a ledger, in the order in which checkpoints cover them, in batches."""
        query = f"""select xid::text::bigint, hash from (select xid, {LEDGERS[name]} as hash from {name}) r
            order by r.xid, hash"""
        async for rows in self._batches(f"ledger_{name}", query):
            yield rows

    async def checkpoints(self) -> AsyncIterator[Checkpoint]:
        """Every checkpoint, by number."""
        async for row in self._stream("checkpoints", f"{_CHECKPOINT} order by number"):
            yield Checkpoint(*row)

    async def orders_between(self, from_xid: int, to_xid: int, limit: int) -> list[str]:
        """Numbers of the first orders that have events in these transactions."""
        cursor = await self._connection.execute(
            """select distinct coalesce(o.number, e.order_id::text) from order_event e left join orders o
            on o.id = e.order_id where e.xid >= %s::text::xid8 and e.xid < %s::text::xid8 order by 1 limit %s""",
            (from_xid, to_xid, limit))
        return [row[0] for row in await cursor.fetchall()]

    async def orphans(self, limit: int) -> list[str]:
        """Orders that other tables still tell of though neither the order nor an event of it is left."""
        cursor = await self._connection.execute(
            """select t.id::text, max(t.name) from (
                select order_id as id, '' as name from intake where order_id is not null
                union all select order_id, reason from stock_movement where order_id is not null
                union all select order_id, coalesce(body::json ->> 'order_no', '') from delivery
                    where order_id is not null
            ) t where not exists (select 1 from orders o where o.id = t.id)
                and not exists (select 1 from order_event e where e.order_id = t.id)
            group by t.id order by t.id limit %s""", (limit,))
        return [f"{name} ({order_id})" if name else order_id for order_id, name in await cursor.fetchall()]

    async def _stream(self, name: str, query: str) -> AsyncIterator[Any]:
        async for rows in self._batches(name, query):
            for row in rows:
                yield row

    async def _batches(self, name: str, query: str) -> AsyncIterator[list[Any]]:
        """Rows of a server-side cursor: memory does not grow with the log."""
        async with self._connection.cursor(name, binary=True) as cursor:
            await cursor.execute(query)
            while rows := await cursor.fetchmany(ROWS_PER_FETCH):
                yield rows


async def exists_now(connection: psycopg.AsyncConnection[Any], number: int) -> bool:
    """Whether a checkpoint stands in the table now (not as of a snapshot). Needs autocommit."""
    cursor = await connection.execute("select exists (select 1 from audit_checkpoint where number = %s)", (number,))
    row = await cursor.fetchone()
    return bool(row and row[0])

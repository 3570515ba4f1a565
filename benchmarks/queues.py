"""Every statement of a queue on the worst statistics: gathered while nothing waited, and then 50,000 wait at once."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson
import psycopg

from benchmarks.place import Place
from benchmarks.result import Report, measured
from orderloom.adapters.db.session import SETTINGS
from orderloom.adapters.db.statements import statement

COUNT = 50_000
ENDED_BEFORE = 5_000
"""Rows that the tables held, all of them done with, when the statistics were gathered; 0: the tables were empty."""
MILLISECONDS_MOST = 50
REPEATS = 3
NAME = "bench_queues"
AT = datetime(2026, 11, 11, tzinfo=UTC)
ACCOUNTS = 200
_PAST = AT - timedelta(minutes=1)


class Queue(NamedTuple):
    """A statement as a worker runs it with `COUNT` waiting, and how many rows it has to look at."""

    file: str
    name: str
    given: Mapping[str, Any]
    rows: int


def uid(n: int) -> str:
    """The id of the n-th row."""
    return f"018f0000-0000-7000-8000-{n:012x}"


_ID = "('018f0000-0000-7000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
FILL = (
    """insert into account (code, family, connector, zone, credentials_cipher)
        select 'A' || n, 'channels', 'taobao', 'UTC', '' from generate_series(1, %(accounts)s) n""",
    "insert into sku (code) values ('S') on conflict do nothing",
    "insert into watermark (name, xid) values ('events', '0'::xid8), ('stock', '0'::xid8) on conflict do nothing",
    """insert into pull_cursor (account_id, at, due_at) select id, %(at)s, %(past)s from account
        on conflict do nothing""",
    f"""insert into message (id, account_id, event_id, topic, received_at, body_cipher, body_size, digest, headers)
        select {_ID}, 1, 'e' || n, 'order', %(at)s, decode(repeat('00', 300), 'hex'), 300, '', '{{}}'
        from generate_series(%(from)s::int, %(to)s::int) n""",
    f"""insert into intake (message_id, account_id, outcome, landed_at, park_key)
        select {_ID}, 1, %(outcome)s, %(at)s, 'k' || n from generate_series(%(from)s::int, %(to)s::int) n""",
    f"""insert into orders (id, number, account_id, external_id, revision, stage, staged_at, phase, intake, payment,
            fulfilment, parcel, after_sales, native, currency, total, freight, discount, tax, placed_at, source_zone,
            source_placed_at, received_at, is_short, receiver_digest, receiver_stated, receiver_cipher, blueprint,
            event_count, event_head)
        select {_ID}, 'N' || n, 1, 'X' || n, %(at)s, 'short', %(at)s, %(phase)s, 'normalised', 'paid', '', '', '', '',
            'CNY', 100, 0, 0, 0, %(at)s, 'UTC', '', %(at)s, %(phase)s = 'blocked', '', '', decode(repeat('00', 300),
            'hex'), 1, 1, '' from generate_series(%(from)s::int, %(to)s::int) n""",
    f"""insert into order_line (order_id, line_no, external_id, sku_id, sku_external, title, quantity_ordered, price,
            discount, amount)
        select {_ID}, 1, '1', 1, 'S', 'S', 1, 100, 0, 100 from generate_series(%(from)s::int, %(to)s::int) n""",
    f"""insert into order_event (order_id, seq, kind, at, actor, blueprint, facts, hash)
        select {_ID}, 1, 'order_recorded', %(at)s, 'A1', 1, '{{}}', ''
        from generate_series(%(from)s::int, %(to)s::int) n""",
    """insert into stock_movement (sku_id, warehouse_id, kind, reserved, cause, reason, actor, at)
        select 1, 1, 'reserve', 1, 'c' || n, '', '', %(at)s from generate_series(%(from)s::int, %(to)s::int) n""",
    f"""insert into parcel (id, carrier, waybill, state, shipped_at, heard_at)
        select {_ID}, 'SF', 'SF' || n, %(parcel)s, %(at)s, %(at)s - interval '9 days'
        from generate_series(%(from)s::int, %(to)s::int) n""",
    f"""insert into parcel_item (order_id, parcel_no, work_seq, line_no, sku_id, quantity, parcel_id)
        select {_ID}, 1, 1, 1, 1, 1, {_ID} from generate_series(%(from)s::int, %(to)s::int) n""",
    f"""insert into deadline (subject_kind, subject_id, kind, of, due_at, blueprint, catch_up, state)
        select 'order', {_ID}, 'reservation', '', %(past)s, 1, 'fire_all', %(deadline)s
        from generate_series(%(from)s::int, %(to)s::int) n""",
    f"""insert into delivery (id, account_id, kind, order_id, order_key, body, state, due_at, created_at)
        select {_ID}, 1, 'work', {_ID.replace("{n}", "{n} / 2")}, 'o' || n / 2, '{{"work_no": "W' || n || '"}}',
            %(delivery)s, %(past)s, %(past)s from generate_series(%(from)s::int, %(to)s::int) n""",
)
"""Two deliveries an order: the second may leave only after the first."""
WAITING = {"outcome": "pending", "deadline": "pending", "delivery": "due", "parcel": "in_transit", "phase": "blocked"}
ENDED = {"outcome": "normalised", "deadline": "fired", "delivery": "done", "parcel": "delivered", "phase": "delivered"}
PARKED = "update intake set outcome = 'parked', reason = 'sku_unknown'"
_IDS = [uid(n) for n in range(4_000, 4_500)]
_LEASE = {"at": AT, "lease_until": AT + timedelta(seconds=60)}
_ALL = {"since": "0", "until": "9999999999"}
_DEADLINES = {"subject_kind": ["order"] * 500, "subject_id": _IDS, "kind": ["reservation"] * 500, "of": [""] * 500,
              "due_at": [_PAST] * 500, "blueprint": [1] * 500}
QUEUES = (
    Queue("messages", "take", {"limit": 500, "bytes": 16 << 20}, 500),
    Queue("messages", "take_only", {"ids": _IDS}, 500),
    Queue("messages", "known", {"accounts": [1] * 500, "events": [f"e{n}" for n in range(4_000, 4_500)]}, 500),
    Queue("messages", "finish", {"at": AT, "rows": orjson.dumps([
        {"id": x, "outcome": "normalised", "reason": "", "detail": "", "park_key": "", "order_id": x} for x in _IDS
    ]).decode()}, 500),
    Queue("deadlines", "take", {"limit": 500, "at": AT}, 500),
    Queue("deadlines", "finish", {**_DEADLINES, "state": ["fired"] * 500, "at": AT}, 500),
    Queue("deadlines", "take_only", _DEADLINES, 500),
    Queue("deliveries", "targets", {"at": AT}, 1),
    Queue("deliveries", "take", {"account": 1, "limit": 50, **_LEASE}, 50),
    Queue("deliveries", "finish", {"id": _IDS, "state": ["done"] * 500, "due_at": [AT] * 500, "error": [""] * 500,
                                   "answer": [""] * 500, "back": [0] * 500, "at": AT}, 500),
    Queue("save", "recall", {"at": AT, "works": orjson.dumps(
        [{"order_id": uid(n // 2), "number": f"W{n}"} for n in range(4_000, 4_500)]).decode()}, 500),
    Queue("publish", "watermark", {"name": "events"}, 1),
    Queue("publish", "moved_skus", _ALL, COUNT),
    Queue("publish", "last_xid", {**_ALL, "limit": 5_000}, 5_000),
    Queue("search", "documents", {"ids": _IDS}, 500),
    Queue("pulling", "take", {"connectors": ["taobao"], "again": _PAST, "latest": AT,
                              "lease_latest": AT + timedelta(minutes=5), **_LEASE}, 20),
    Queue("pulling", "silent", {"limit": 20, "at": AT, "heard_before": AT - timedelta(days=1)}, 20),
    Queue("pulling", "requeue", {"ids": _IDS, "at": AT, "by": "test"}, 500),
    Queue("pulling", "requeue_parked", {"reason": "", "limit": 500}, COUNT),
    Queue("save", "requeue", {"keys": [f"k{n}" for n in range(4_000, 4_500)]}, 500),
)
"""What the spool asks of the database is `known`: which of its files were landed before it lost the answer."""
NEED_PARKED = ("requeue", "requeue_parked")


def overtake(connection: psycopg.Connection, ended_before: int, count: int = COUNT) -> None:
    """Let `count` of everything wait while the planner knows of none: statistics first, rows after them, no vacuum."""
    tables = [row[0] for row in connection.execute(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_revision'").fetchall()]
    for table in tables:
        connection.execute(f"alter table {table} set (autovacuum_enabled = false)".encode())
    for setting in SETTINGS:
        connection.execute(setting.encode())
    common = {"at": AT, "past": _PAST}
    if ended_before:
        _fill(connection, {**common, **ENDED, "accounts": ACCOUNTS, "from": count, "to": count + ended_before - 1})
    connection.execute("analyze")
    _fill(connection, {**common, **WAITING, "accounts": 0 if ended_before else ACCOUNTS, "from": 0, "to": count - 1})


def _fill(connection: psycopg.Connection, given: Mapping[str, Any]) -> None:
    for text in FILL:
        connection.execute(text.replace("{n}", "n").encode(), given)


def tried(connection: psycopg.Connection) -> Iterator[Queue]:
    """Each queue statement with the tables as it finds them; nothing it does is kept. Needs autocommit."""
    for queue in QUEUES:
        with connection.transaction(force_rollback=True):
            if queue.name in NEED_PARKED:
                connection.execute(PARKED)
            yield queue


def measure(place: Place, *, is_quick: bool) -> Report:
    """The slowest statement of all, over both kinds of bad statistics, each at its best of a few tries."""
    count = COUNT // 5 if is_quick else COUNT
    found: dict[str, list[float]] = {}
    for ended_before in (0, ENDED_BEFORE):
        with place.database(NAME) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
            overtake(connection, ended_before, count)
            connection.execute("set statement_timeout = '60s'")
            for _ in range(REPEATS):
                _time(connection, found, f"{ended_before} ended before")
    best = {queue: min(milliseconds) for queue, milliseconds in found.items()}
    slowest = max(best, key=lambda queue: best[queue])
    return Report((
        measured("queues_50k", best[slowest], "ms", floor=None, most=MILLISECONDS_MOST),
    ), {"queues_50k": {"waiting": count, "slowest": slowest, "milliseconds": best}})


def _time(connection: psycopg.Connection, found: dict[str, list[float]], statistics: str) -> None:
    for queue in tried(connection):
        began = time.perf_counter()
        connection.execute(statement(queue.file, queue.name), queue.given)
        found.setdefault(f"{queue.file}.{queue.name}, {statistics}", []).append((time.perf_counter() - began) * 1e3)

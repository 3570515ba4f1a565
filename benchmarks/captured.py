"""The very rows that batches of the route left in the product's tables, as a program can write them again.

Nothing is assumed about how the route writes them: they are read back from every table that grew. Cells come in the
form in which they stand in a binary COPY; those that name an order, its message or its delivery become holes.
"""

from __future__ import annotations

import asyncio
import pickle
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from benchmarks.place import Place
from benchmarks.seed import TAOBAO, batches, taobao_items
from orderloom.bootstrap import open_hub

TABLES = {
    "message": "id", "orders": "id", "order_line": "order_id", "claim": "order_id", "stock_hold": "order_id",
    "work": "order_id", "work_line": "order_id", "money_entry": "order_id", "order_event": "order_id",
    "stock_movement": "order_id", "deadline": "subject_id", "delivery": "order_id",
}
"""What is replayed by COPY, in the route's order, and the column that names the order (or the message)."""
BESIDE = {"intake", "tally", "warehouse_load"}
"""What the floor writes by statements of its own, as the route does: a row queued and finished, sums counted up."""
SENT = {
    "uuid": "uuid_send({c})", "jsonb": "jsonb_send({c})", "text[]": "array_send({c})",
    "timestamptz": "(extract(epoch from {c}) * 1000000)::int8 - 946684800000000", "xid8": "",
}
"""How a cell is read in the form of a binary COPY; a column that the server fills itself is left to it."""
KINDS = {"uuid": "bytea", "jsonb": "bytea", "text[]": "bytea", "timestamptz": "int8"}
COLUMNS = """
select table_name, column_name, case when data_type = 'ARRAY' then substr(udt_name, 2) || '[]' else udt_name end
from information_schema.columns where table_schema = 'public' and is_identity = 'NO' order by ordinal_position"""
ORDERS = """
select o.id, o.id::text, o.number, o.external_id, i.message_id, i.message_id::text, m.event_id, d.id
from orders o join intake i on i.order_id = o.id join message m on m.id = i.message_id
join delivery d on d.order_id = o.id order by o.id"""
KEYS = ("order", "order_text", "number", "external_id", "message", "message_text", "event_id", "delivery")
"""What is new in each replay; the ids as 16 bytes and as text."""


class NotCaptured(RuntimeError):
    """The route writes something that the floor does not know of."""


class Row(NamedTuple):
    """A row to be written again: its cells, and which of them are filled with which fresh value."""

    table: str
    cells: tuple[Any, ...]
    holes: tuple[tuple[int, str], ...]


class Text(NamedTuple):
    """A text with a fresh key in its middle."""

    name: str
    before: str
    key: str
    after: str


class Order(NamedTuple):
    """Everything that an order left."""

    rows: tuple[Row, ...]
    texts: tuple[Text, ...]
    receiver: bytes
    """Its receiver's cipher; opened before the clock starts, sealed again while it runs."""
    number: str


class Captured(NamedTuple):
    """Batches of orders, and the columns of their tables with the types that a binary COPY is told."""

    columns: dict[str, tuple[tuple[str, str], ...]]
    batches: tuple[tuple[Order, ...], ...]


def capture(place: Place, name: str, count: int) -> Path:
    """Take `count` batches of 500 through the route and keep their rows in a file. Raises NotCaptured."""
    with place.database(name) as dsn, psycopg.connect(dsn) as connection:
        before = sizes(connection)
        connection.commit()
        asyncio.run(_route(place, name, count))
        grown = {table for table, size in sizes(connection).items() if size > before[table]}
        if grown != {*TABLES, *BESIDE}:
            raise NotCaptured(f"the route and the floor write different tables: {sorted(grown ^ {*TABLES, *BESIDE})}")
        found = _read(connection, count)
    path = place.home / "captured.pickle"
    path.write_bytes(pickle.dumps(found))
    return path


async def _route(place: Place, name: str, count: int) -> None:
    async with open_hub(place.settings(name), place.dsn(name)) as hub:
        account = (await hub.directory()).account_by_code(TAOBAO)
        assert account is not None
        for group in batches(taobao_items(3_000_000_000_000_000, count * 500, datetime.now(UTC))):
            await hub.lander.land(account, group, {}, hub.now())
            await hub.handler.handle_messages(500)


def sizes(connection: psycopg.Connection) -> dict[str, int]:
    """Rows of every table."""
    names = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    return {name: _count(connection, name) for (name,) in names}


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
    assert row is not None
    return int(row[0])


def _read(connection: psycopg.Connection, count: int) -> Captured:
    types: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for table, column, kind in connection.execute(COLUMNS).fetchall():
        types[table].append((column, kind))
    columns, rows = {}, {}
    for table, key in TABLES.items():
        told = [(column, kind) for column, kind in types[table] if SENT.get(kind, "x")]
        columns[table] = tuple((column, KINDS.get(kind, kind)) for column, kind in told)
        rows[table] = _rows(connection, table, key, told)
    orders = []
    for order in connection.execute(ORDERS).fetchall():
        keys = dict(zip(KEYS, (part.bytes if hasattr(part, "bytes") else part for part in order), strict=True))
        own = [(table, cells) for table, found in rows.items()
               for cells in found[keys["message" if table == "message" else "order"]]]
        orders.append(_order(columns, own, keys))
    size = len(orders) // count
    return Captured(columns, tuple(tuple(orders[n:n + size]) for n in range(0, len(orders), size)))


def _rows(
    connection: psycopg.Connection, table: str, key: str, told: Sequence[tuple[str, str]],
) -> dict[bytes, list[tuple[Any, ...]]]:
    """The rows of a table by the order (or message) that they belong to."""
    chosen = ", ".join(SENT.get(kind, "{c}").format(c=f'"{column}"') for column, kind in told)
    found: dict[bytes, list[tuple[Any, ...]]] = defaultdict(list)
    for own, *cells in connection.execute(f'select uuid_send("{key}"), {chosen} from {table}'.encode()).fetchall():
        found[own].append(tuple(cells))
    return found


def _order(
    columns: Mapping[str, tuple[tuple[str, str], ...]], own: Sequence[tuple[str, tuple[Any, ...]]],
    keys: Mapping[str, Any],
) -> Order:
    rows, texts, receiver, events = [], dict[tuple[str, str, str], Text](), b"", 0
    for table, cells in own:
        holes = []
        events += table == "order_event"
        for place, (column, _) in enumerate(columns[table]):
            name = _hole(table, column, cells[place], keys, texts)
            if name:
                holes.append((place, name.format(events)))
            if column == "receiver_cipher":
                receiver = cells[place]
        rows.append(Row(table, cells, tuple(holes)))
    return Order(tuple(rows), tuple(texts.values()), receiver, keys["number"])


MADE = {
    ("message", "digest"): "digest", ("message", "body_cipher"): "body_cipher",
    ("orders", "receiver_cipher"): "receiver_cipher", ("orders", "receiver_digest"): "receiver_digest",
    ("orders", "receiver_stated"): "receiver_digest", ("orders", "receiver_name_index"): "name_index",
    ("orders", "receiver_phone_index"): "phone_index", ("orders", "buyer_index"): "buyer_index",
    ("orders", "merge_key"): "merge_key", ("orders", "event_head"): "head", ("order_event", "facts"): "facts {}",
    ("order_event", "hash"): "hash {}", ("delivery", "body"): "told",
}
"""Cells that are computed again for every order."""


def _hole(
    table: str, column: str, cell: Any, keys: Mapping[str, Any], texts: dict[tuple[str, str, str], Text],
) -> str:
    """The name of the fresh value that a cell takes; empty where it stays."""
    if (table, column) in MADE:
        return MADE[table, column]
    for name, value in keys.items():
        if cell == value:
            return name
    if not isinstance(cell, str):
        return ""
    for name, value in keys.items():
        if isinstance(value, str) and value in cell:
            before, _, after = cell.partition(value)
            text = texts.setdefault((before, name, after), Text(f"text {len(texts)}", before, name, after))
            return text.name
    return ""

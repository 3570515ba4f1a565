"""The wall under the route: it writes the route's own rows and does their cryptography, and decides nothing.

Per batch of 500 two transactions, as the route has them: the vouchers landed, and everything else by binary COPY with
the levels counted down. Digests, ciphers, seals, canonical JSON, chain hashes and ids are made anew for every order, so
that each index meets keys as it does in reality. What the rows say otherwise is ready in memory, in the form in which a
binary COPY takes it. Nothing is read, mapped, checked or chosen.
"""

from __future__ import annotations

import os
import pickle
import random
import struct
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import orjson
import psycopg
from psycopg._copy_base import format_row_binary
from psycopg.adapt import Dumper, Transformer
from psycopg.pq import Format
from psycopg.types.string import BytesBinaryDumper

from benchmarks.captured import Captured, Order, Row
from benchmarks.hands import given, say, wait_for_go
from benchmarks.seed import taobao_items
from orderloom.adapters.db.session import SETTINGS
from orderloom.adapters.vault import Vault, load_vault
from orderloom.bootstrap import freeze_start
from orderloom.domain import log
from orderloom.domain.draft import Receiver

BATCH = 500
HEAD, END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
QUEUE = (("message_id", "bytea"), ("account_id", "int2"), ("lane", "int2"), ("outcome", "text"), ("landed_at", "int8"))
TALLY = "insert into tally (account_id, hour, measure, quantity) values (%s, date_trunc('hour', now()), 'received', %s)"
LEVELS = """
with taken as (
    select l.sku_id, l.warehouse_id, d.units from stock_level l
    join unnest(%b::int4[], %b::int4[], %b::int4[]) as d (sku_id, warehouse_id, units)
        on l.sku_id = d.sku_id and l.warehouse_id = d.warehouse_id
    order by l.sku_id, l.warehouse_id for update of l)
update stock_level l set allocated = l.allocated + t.units from taken t
where l.sku_id = t.sku_id and l.warehouse_id = t.warehouse_id
    and l.free >= t.units"""
LOADS = """
insert into warehouse_load (warehouse_id, day, works) values (%s, %s, %s)
on conflict (warehouse_id, day) do update set works = warehouse_load.works + excluded.works"""
FINISH = """
update intake i set outcome = 'normalised', order_id = d.order_id, attempts = 1, processed_at = now()
from unnest(%b::uuid[], %b::uuid[]) as d (message_id, order_id) where i.message_id = d.message_id"""
FACTS, HASH = [f"facts {n}" for n in range(20)], [f"hash {n}" for n in range(20)]
Fresh = dict[str, Any]


class Filled(NamedTuple):
    """An order of the captured ones as the floor keeps it ready: its receiver opened, its JSON as objects."""

    order: Order
    receiver: Receiver
    facts: tuple[Any, ...]
    told: Any


class Uuids(bytes):
    """An array of ids in the server's own form."""


class UuidsDumper(Dumper):
    """Passes it through."""

    format = Format.BINARY
    oid = 2951

    def dump(self, obj: Uuids) -> bytes:
        """As it is."""
        return obj


class Ints(bytes):
    """An array of integers in the server's own form."""


class IntsDumper(UuidsDumper):
    """Passes it through."""

    oid = 1007


class Writer:
    """Replays captured batches with fresh keys on one connection."""

    def __init__(self, connection: psycopg.Connection, vault: Vault, captured: Captured, at: datetime) -> None:
        adapters = connection.adapters
        adapters.register_dumper(Uuids, UuidsDumper)
        adapters.register_dumper(Ints, IntsDumper)
        adapters.register_dumper(bytes, BytesBinaryDumper)
        self.connection, self.vault = connection, vault
        self.columns: Mapping[str, Sequence[tuple[str, str]]] = {**captured.columns, "intake": QUEUE}
        self.encoders = {table: self._encoder(columns) for table, columns in self.columns.items()}
        self._units = self._place("stock_movement", "allocated")
        self._house = self._place("work", "warehouse_id")
        self.at, self.stamp, self.day = at, (at - EPOCH) // timedelta(microseconds=1), at.date()

    def _encoder(self, columns: Sequence[tuple[str, str]]) -> Any:
        made = Transformer(self.connection)
        types = self.connection.adapters.types
        made.set_dumper_types([types.get_oid(kind) for _, kind in columns], Format.BINARY)
        return made

    def _place(self, table: str, column: str) -> int:
        """Where a column's cell stands in a row."""
        return [name for name, _ in self.columns[table]].index(column)

    def batch(self, orders: Sequence[Filled], bodies: Sequence[bytes]) -> None:
        """Two transactions: land, and all the rest."""
        keys = self.land(orders, bodies)
        rows: dict[str, bytearray] = defaultdict(bytearray)
        levels, loads = Counter[tuple[int, int]](), Counter[int]()
        for filled, fresh in zip(orders, keys, strict=True):
            self._work(filled, fresh)
            for row in filled.order.rows[1:]:
                cells = _cells(row, fresh)
                format_row_binary(cells, self.encoders[row.table], rows[row.table])
                if row.table == "stock_movement":
                    levels[cells[0], cells[1]] += cells[self._units]
                elif row.table == "work":
                    loads[cells[self._house]] += 1
        with self.connection.cursor() as cursor:
            for table, encoded in rows.items():
                self._copy(cursor, table, encoded)
            self._beside(cursor, levels, loads)
            cursor.execute(FINISH, [_uuids([fresh[name] for fresh in keys]) for name in ("message", "order")])
        self.connection.commit()

    def land(self, orders: Sequence[Filled], bodies: Sequence[bytes]) -> list[Fresh]:
        """Digest, encrypt and store the vouchers, and queue them."""
        keys = []
        stored, queued = bytearray(), bytearray()
        tables = self.encoders
        for filled, body, (raw, text) in zip(orders, bodies, _ids(len(bodies)), strict=True):
            digest = sha256(body).digest()
            fresh: Fresh = {"message": raw, "message_text": text, "digest": digest, "event_id": f"trade:{digest.hex()}",
                            "body_cipher": self.vault.encrypt_voucher(body)}
            keys.append(fresh)
            format_row_binary(_cells(filled.order.rows[0], fresh), tables["message"], stored)
            format_row_binary((raw, 1, 0, "pending", self.stamp), tables["intake"], queued)
        with self.connection.cursor() as cursor:
            self._copy(cursor, "message", stored)
            self._copy(cursor, "intake", queued)
            cursor.execute(TALLY, (1, len(bodies)))
        self.connection.commit()
        return keys

    def _work(self, filled: Filled, fresh: Fresh) -> None:
        """Open and parse the voucher, seal the receiver, write the facts in canonical JSON and chain them."""
        told = orjson.loads(self.vault.decrypt_voucher(fresh["body_cipher"]))
        (fresh["order"], order_text), (fresh["delivery"], _) = _ids(2)
        number = f"{filled.order.number[:12]}{order_text[-10:]}"
        fresh.update(order_text=order_text, number=number, external_id=str(told["tid"]))
        sealed = self.vault.seal(filled.receiver, told["buyer_nick"])
        fresh.update(
            receiver_cipher=sealed.cipher, receiver_digest=sealed.digest, name_index=sealed.name_index,
            phone_index=sealed.phone_index, buyer_index=sealed.buyer_index, merge_key=sealed.merge_key,
            told=orjson.dumps(filled.told).decode(),
        )
        head = fresh["order"]
        for seq, event in enumerate(filled.facts, 1):
            facts = log.encode(event)
            head = log.chain(head, order_text, seq, log.kind_of(event), self.at, "TB01", fresh["message_text"], 1,
                             facts)
            fresh[FACTS[seq]], fresh[HASH[seq]] = facts, head
        fresh["head"] = head
        for text in filled.order.texts:
            fresh[text.name] = f"{text.before}{fresh[text.key]}{text.after}"

    def _copy(self, cursor: psycopg.Cursor, table: str, rows: bytearray) -> None:
        names = ", ".join(column for column, _ in self.columns[table])
        with cursor.copy(f"copy {table} ({names}) from stdin (format binary)".encode()) as copy:
            copy.write(HEAD + rows + END)

    def _beside(self, cursor: psycopg.Cursor, levels: Counter[tuple[int, int]], loads: Counter[int]) -> None:
        """Count the levels down and the warehouses' loads up."""
        skus, houses = zip(*levels, strict=True)
        done = cursor.execute(LEVELS, [_ints(skus), _ints(houses), _ints(list(levels.values()))])
        assert done.rowcount == len(levels), "the floor's stock ran out"
        cursor.executemany(LOADS, [(house, self.day, works) for house, works in sorted(loads.items())])


def _cells(row: Row, fresh: Fresh) -> Sequence[Any]:
    """A row's cells with what is new in them."""
    cells = list(row.cells)
    for place, name in row.holes:
        cells[place] = fresh[name]
    return cells


def _ids(count: int) -> Iterator[tuple[bytes, str]]:
    """UUIDv7 as 16 bytes and as text, in order as the hub's own are."""
    millis, nanos = divmod(time.time_ns(), 1_000_000)
    start, chance, first = f"{millis:012x}", os.urandom(8 * count).hex(), nanos * 4096 // 1_000_000
    for n in range(count):
        a, b, c = f"{(first + n) & 4095:03x}", chance[16 * n:16 * n + 3], chance[16 * n + 3:16 * n + 15]
        yield bytes.fromhex(f"{start}7{a}8{b}{c}"), f"{start[:8]}-{start[8:]}-7{a}-8{b}-{c}"


def _array(kind: int, count: int) -> bytes:
    return struct.pack(">iiiii", 1, 0, kind, count, 1)


def _uuids(ids: Sequence[bytes]) -> Uuids:
    return Uuids(_array(2950, len(ids)) + b"".join([b"\0\0\0\x10" + one for one in ids]))


def _ints(values: Sequence[int]) -> Ints:
    count = len(values)
    cells = [4] * (2 * count)
    cells[1::2] = values
    return Ints(_array(23, count) + struct.pack(f">{2 * count}i", *cells))


def filled(captured: Captured, vault: Vault, count: int) -> Iterator[tuple[Filled, ...]]:
    """As many batches, the captured ones again and again, each order with a telephone of its own."""
    at = {table: {name: place for place, (name, _) in enumerate(columns)} for table, columns in
          captured.columns.items()}
    ready = [[_filled(order, vault, at) for order in orders] for orders in captured.batches]
    chance = random.Random(1)
    for orders in islice(cycle(ready), count):
        yield tuple([
            one if one.receiver.is_masked else one._replace(
                receiver=msgspec.structs.replace(one.receiver, phone=f"199{chance.randrange(10**8):08d}"))
            for one in orders
        ])


def _filled(order: Order, vault: Vault, at: Mapping[str, Mapping[str, int]]) -> Filled:
    facts, told = at["order_event"]["facts"], at["delivery"]["body"]
    return Filled(
        order, vault.open_receiver(order.receiver),
        tuple([log.decode(row.cells[facts]) for row in order.rows if row.table == "order_event"]),
        orjson.loads(next(row.cells[told] for row in order.rows if row.table == "delivery")),
    )


def main() -> None:
    """A writer: `dsn`, `home`, the file with the `captured` rows, `start` and `count` of its orders."""
    told = given()
    at = datetime.now(UTC)
    vault = load_vault(Path(told["home"]))
    captured: Captured = pickle.loads(Path(told["captured"]).read_bytes())
    ready = list(filled(captured, vault, told["count"] // BATCH))
    bodies = [item.body for item in taobao_items(told["start"], told["count"], at)]
    with psycopg.connect(told["dsn"]) as connection:
        for setting in SETTINGS:
            connection.execute(setting.encode())
        connection.commit()
        writer = Writer(connection, vault, captured, at)
        writer.batch(ready[0], bodies[:BATCH])
        freeze_start()
        say(ready=True)
        wait_for_go()
        began, python = time.monotonic(), time.process_time()
        for number, orders in enumerate(ready[1:], 1):
            writer.batch(orders, bodies[number * BATCH:(number + 1) * BATCH])
        say(began=began, ended=time.monotonic(), orders=told["count"] - BATCH, python=time.process_time() - python)
        wait_for_go()


if __name__ == "__main__":
    main()

"""Rows go to PostgreSQL as the driver itself would send them, whatever is in them: else an order is stored wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import orjson
import pytest
from psycopg import AsyncCopy
from psycopg.copy import AsyncWriter
from psycopg.errors import CheckViolation, NumericValueOutOfRange
from psycopg.types.json import Jsonb

from orderloom.adapters.db import tables, writing
from orderloom.adapters.db.away import meaning
from orderloom.adapters.db.columns import Table
from orderloom.adapters.db.line import opened
from orderloom.adapters.db.wire import Encoder, Row, id_of, ids_of, ints_of, json_of
from orderloom.adapters.db.writing import Connection
from orderloom.application.ports import StoreRefused

HUGE = "手工陶瓷马克杯 \U0001f381\x01\t\n\\N'\"" * 4_000
FACTS = {"说": ["a", None, {"n": -(2**53)}], "": "\\\\u0000 as it is written"}
IDS = (
    "00000000-0000-0000-0000-000000000000", "0190a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
)  # fmt: skip
AS_THE_DRIVER_HAS_THEM: dict[str, tuple[Any, ...]] = {
    "uuid": (None, *map(UUID, IDS)),
    "text": (None, "", "a", HUGE),
    "text[]": (None, [], ["a"], ["", "引号\"'{},\\", HUGE], [None, "null", "NULL"]),
    "smallint": (None, 0, -(2**15), 2**15 - 1),
    "integer": (None, 0, -(2**31), 2**31 - 1),
    "bigint": (None, 0, -1, -(2**63), 2**63 - 1),
    "boolean": (None, True, False),
    "bytea": (None, b"", bytes(range(256)), b"\0" * 100_000),
    "timestamptz": (
        None, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC),
        datetime(2000, 1, 1, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 1, timezone(timedelta(hours=8))),
    ),
    "date": (None, date(1, 1, 1), date(9999, 12, 31), date(2000, 1, 1), date(1999, 12, 31)),
    "jsonb": (None, *[Jsonb(value, orjson.dumps) for value in ({}, [], FACTS, HUGE, 0, None)]),
}
TABLES = {name: one for name, one in vars(tables).items() if isinstance(one, Table)}


def rows_of(table: Table) -> list[Row]:
    """Rows in which every column has each of its type's values once, and other values beside it each time."""
    kinds = [AS_THE_DRIVER_HAS_THEM[kind] for kind in table.kinds]
    return [
        tuple([values[(number + place * (number % 3)) % len(values)] for place, values in enumerate(kinds)])
        for number in range(3 * max(map(len, kinds)))
    ]


def as_we_have_it(value: Any) -> Any:
    """The same value as our rows hold it."""
    if isinstance(value, UUID):
        return id_of(str(value))
    return json_of(value.obj) if isinstance(value, Jsonb) else value


def ours(rows: Sequence[Row]) -> list[Row]:
    """The same rows as ours."""
    return [tuple([as_we_have_it(value) for value in row]) for row in rows]


class Kept(AsyncWriter):
    """Keeps what the driver would send."""

    def __init__(self) -> None:
        self.data = bytearray()

    async def write(self, data: Any) -> None:
        """Keep."""
        self.data += data


async def as_the_driver_sends(connection: Connection, table: Table, rows: Sequence[Row]) -> bytearray:
    """The bytes of the same rows written by `write_row`."""
    kept = Kept()
    async with connection.cursor() as cursor, AsyncCopy(cursor, binary=True, writer=kept) as copy:
        copy.set_types(table.kinds)
        for row in rows:
            await copy.write_row(row)
    return kept.data


@pytest.mark.parametrize("name", TABLES)
async def test_every_value_of_every_table_is_sent_as_the_driver_would_and_kept_as_it_is(
    database: str, name: str
) -> None:
    table = TABLES[name]
    rows = rows_of(table)
    async with await opened(database) as connection:
        assert table.encoder.encode(ours(rows)) == await as_the_driver_sends(connection, table, rows)
        # of this name, and without the constraints
        await connection.execute(f"create temp table {table.name} as select * from {table.name} limit 0".encode())
        await writing.insert(connection, table, ours(rows))
        kept = await connection.execute(f"select {', '.join(table.names)} from {table.name}".encode())
        assert await kept.fetchall() == [tuple([getattr(value, "obj", value) for value in row]) for row in rows]


async def test_rows_of_several_copies_all_arrive(database: str) -> None:
    async with await opened(database) as connection:
        rows = [(id_of(str(UUID(int=number))), 1, "k", number, number, "") for number in range(1_201)]
        await writing.insert(connection, tables.CHARGE_TABLE, [(row[0], 1, "tip", row[3], 0, "") for row in rows])
        found = await connection.execute("select count(*), min(amount), max(amount) from order_charge")
        assert await found.fetchone() == (1_201, 0, 1_200)


async def test_text_is_text_whatever_encoding_the_surroundings_ask_for(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "GBK")
    async with await opened(database) as connection:
        row = (id_of(IDS[1]), 1, "tip", 1, 0, "小费 \U0001f381")
        await writing.insert(connection, tables.CHARGE_TABLE, [row])
        await writing.upsert(connection, tables.CHARGE_TABLE, [(*row[:2], "fee", *row[3:])])
        found = await connection.execute("select order_id::text, kind, title from order_charge")
        assert await found.fetchall() == [(IDS[1], "fee", "小费 \U0001f381")]


async def test_ids_are_ids_in_statements_too(database: str) -> None:
    async with await opened(database) as connection:
        found = await connection.execute("select %s, %s::uuid[], %s, %s::jsonb[]", (
            id_of(IDS[1]), [id_of(one) for one in IDS], json_of(FACTS), [json_of(FACTS), None]))
        assert await found.fetchone() == (UUID(IDS[1]), [UUID(one) for one in IDS], FACTS, [FACTS, None])
    assert [str(id_of(one)) for one in IDS] == list(IDS)


def test_an_amount_that_is_too_big_is_refused_and_not_cut() -> None:
    for value in (2**63, -(2**63) - 1):
        with pytest.raises(OverflowError):
            Encoder(("bigint",)).encode([(value,)])


async def test_lists_arrive_as_they_are_and_a_number_that_is_too_big_is_refused_as_by_the_server(database: str) -> None:
    numbers = [0, -1, 2**31 - 1, -(2**31), *range(2_000)]
    async with await opened(database) as connection:
        found = await connection.execute("select %s, %s", (ids_of([id_of(one) for one in IDS]), ints_of(numbers)))
        assert await found.fetchone() == ([UUID(one) for one in IDS], numbers)
    for value in (2**31, -(2**31) - 1, 10**30):
        with pytest.raises(NumericValueOutOfRange) as refused:
            ints_of([1, value])
        assert "22003" in str(meaning(refused.value)) and isinstance(meaning(refused.value), StoreRefused)


async def test_a_copy_that_is_broken_off_leaves_a_connection_that_works(database: str) -> None:
    big = [(id_of(str(UUID(int=n))), 1, "tip", n, 0, HUGE) for n in range(100)]
    async with await opened(database) as first, await opened(database) as second:
        async with first.transaction(force_rollback=True):
            await writing.insert(first, tables.CHARGE_TABLE, big[-1:])
            with pytest.raises(TimeoutError):  # the last row waits for the other's end
                async with asyncio.timeout(0.5), second.transaction():
                    await writing.insert(second, tables.CHARGE_TABLE, big)
            async with second.transaction():
                with pytest.raises(CheckViolation):
                    async with second.transaction():
                        await writing.insert(second, tables.CHARGE_TABLE, [(*big[0][:2], "none such", 1, 0, "")])
                await writing.insert(second, tables.CHARGE_TABLE, big[:-1])
        found = await second.execute("select count(*), sum(amount)::int from order_charge")
        assert await found.fetchone() == (99, sum(range(99)))

"""Writes real orders with real hash chains, as the route writes them, and seals them; then lets a test break in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

from orderloom.adapters.db.audit import AuditLog
from orderloom.adapters.db.audit_walk import verify_log
from orderloom.adapters.ids import new_id
from orderloom.adapters.notary import Notary
from orderloom.application.checkpoint import checkpoint
from orderloom.application.verify import Report
from orderloom.domain.log import chain
from orderloom.domain.number import order_number
from orderloom.domain.subject import LoggedKind, subject_number

AT = datetime(2026, 11, 22, 3, 0, 0, 123456, UTC)
KINDS = ("order_recorded", "stock_held", "work_assigned", "work_moved", "parcel_shipped")
TRIGGERED = ("order_event", "audit_checkpoint", "subject_event")


@dataclass
class Ledger:
    """A database with a sealed log; satisfies `application.checkpoint.Hub`."""

    dsn: str
    home: Path
    audit: Any

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def seal(self) -> int:
        return await checkpoint(self)

    async def verify(self) -> Report:
        return await verify_log(self.dsn, self.home, lambda done, of: None)

    def break_in(self, statement: str, *values: Any) -> None:
        """Do as the database's owner may do: switch the triggers off, change what one likes, switch them on."""
        with psycopg.connect(self.dsn) as connection:
            for table in TRIGGERED:
                connection.execute(f"alter table {table} disable trigger all".encode())
            connection.execute(statement.encode(), values)
            for table in TRIGGERED:
                connection.execute(f"alter table {table} enable trigger all".encode())


@asynccontextmanager
async def ledger(dsn: str, home: Path) -> AsyncIterator[Ledger]:
    """A ledger on an empty, migrated database."""
    async with AsyncConnectionPool(dsn, min_size=1, max_size=2, open=False) as pool:
        yield Ledger(dsn, home, AuditLog(pool, Notary(home)))


def add_orders(dsn: str, count: int, events: int = 5, *, first: int = 0) -> list[tuple[str, str]]:
    """Write orders with so many events each in one transaction; returns (id, number) in order."""
    with psycopg.connect(dsn) as connection:
        connection.execute("insert into blueprint_version values (1, '{}', '', 'test', 'test') on conflict do nothing")
        connection.execute(
            "insert into account (code, family, connector, zone, credentials_cipher)"
            " values ('TB01', 'channels', 'taobao', 'Asia/Shanghai', '') on conflict do nothing")
        account = connection.execute("select id from account where code = 'TB01'").fetchone()[0]
        made = []
        with connection.cursor() as cursor:
            rows, heads = [], []
            for n in range(first, first + count):
                order_id = new_id()
                number = order_number("TB01", AT, order_id)
                chained = _events(order_id, number, events)
                rows += chained
                heads.append((order_id, number, f"E{n}", AT, AT, AT, AT, events, chained[-1][-1], account, *_REST))
                made.append((order_id, number))
            with cursor.copy(_ORDERS) as copy:
                for head in heads:
                    copy.write_row(head)
            with cursor.copy(_EVENTS) as copy:
                for row in rows:
                    copy.write_row(row)
    return sorted(made)


def add_subjects(dsn: str, count: int, events: int = 4) -> list[tuple[str, str]]:
    """Write subjects with so many events each in one transaction; returns (id, number) in order."""
    made = []
    with psycopg.connect(dsn) as connection:
        for n in range(1, count + 1):
            subject_id, number = new_id(), subject_number(LoggedKind.STOCK_DOCUMENT, AT.date(), n)
            rows = _events(subject_id, number, events)
            connection.execute("insert into subject values (%s, 'stock_document', %s, %s, %s, %s)",
                               (subject_id, number, AT, events, rows[-1][-1]))
            for row in rows:
                connection.execute(
                    "insert into subject_event (subject_id, seq, kind, at, actor, message_id, blueprint, facts, hash)"
                    " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)", row)
            made.append((subject_id, number))
    return made


def _events(order_id: str, number: str, count: int) -> list[tuple[Any, ...]]:
    rows, before = [], order_id.encode()
    for seq in range(1, count + 1):
        kind, at = KINDS[(seq - 1) % len(KINDS)], AT + timedelta(seconds=seq)
        message = new_id() if seq == 1 else None
        facts = f'{{"event":"{kind}","number":"{number}","n":{seq},"note":"é𠮷"}}'
        before = chain(before, order_id, seq, kind, at, "taobao", message, 1, facts)
        rows.append((order_id, seq, kind, at, "taobao", message, 1, facts, before))
    return rows


_EVENTS = "copy order_event (order_id, seq, kind, at, actor, message_id, blueprint, facts, hash) from stdin"
_ORDERS = """copy orders (id, number, external_id, revision, staged_at, placed_at, received_at, event_count, event_head,
    account_id, stage, phase, intake, payment, fulfilment, parcel, after_sales, native, currency, total, freight,
    discount, tax, source_zone, source_placed_at, receiver_digest, receiver_stated, receiver_cipher, blueprint) from
    stdin"""
_REST = ("packed", "ready", "normalised", "paid", "packed", "", "", "PAID", "CNY", 100, 0, 0, 0, "UTC", "", "", "",
         b"", 1)

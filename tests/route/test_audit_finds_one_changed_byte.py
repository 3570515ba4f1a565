"""One byte changed behind the product's back, in any table that an order's truth rests on, is found and named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from orderloom.adapters.db.audit import AuditLog
from orderloom.adapters.db.audit_deep import verify_deep
from orderloom.adapters.db.audit_walk import verify_log
from orderloom.adapters.ids import new_id
from orderloom.adapters.notary import Notary
from orderloom.adapters.vault import load_vault
from orderloom.application.checkpoint import checkpoint
from orderloom.application.verify import Fault, Report
from orderloom.testing.builders import a_purchase
from tests.support.stage import Stage, open_stage, plain, spare, tid

UNMASKED = "insert into unmasking (id, order_id, who, reason, at) select %s, id, 'admin', 'a call', now() from orders"


DONE = (
    """with one as (insert into case_file (id, kind, subject, evidence, owner, opened_at, seen_at)
        values (gen_random_uuid(), 'from_the_future', 'a test', '{}', 'operations', now(), now()) returning id)
    insert into case_event (case_id, at, by, kind, detail) select id, now(), 'admin', 'assigned', '{}' from one""",
    """insert into message_event (message_id, at, by, kind, reason)
    select id, now(), 'admin', 'discarded', 'a test' from message limit 1""",
    """insert into delivery_event (delivery_id, at, by, kind, reason)
    select id, now(), 'admin', 'given_up', 'a test' from delivery limit 1""",
)
"""What people do to cases, messages and deliveries."""


class Tamper(NamedTuple):
    """What somebody with the database's password does, and what the audit must answer."""

    table: str
    does: str
    why: str
    field: str = ""


FLIPPED, LAST = "set_byte({0}, 20, get_byte({0}, 20) # 1)", "(select {0} from {1} order by id desc limit 1)"
SEALED = ("unmasking", "stock_movement", "case_event", "message_event", "delivery_event")
"""Found by the checkpoints, so the whole database is copied for them; else the tampering is never committed."""
TAMPERS = (
    Tamper("stock_level", "update stock_level set on_hand = on_hand + 1 where sku_id = 1", "differs", "on_hand"),
    Tamper("stock_level", "delete from stock_level where sku_id = 2", "differs", "on_hand"),
    Tamper("stock_hold", "update stock_hold set state = 'released'", "differs", "stock_holds[0]"),
    Tamper("orders", "update orders set total = total - 1", "differs", "total"),
    Tamper("orders", "update orders set phase = 'delivered'", "differs", "phase"),
    Tamper("orders", "update orders set note = 'x'", "differs", "note"),
    Tamper("orders", "update orders set holds_active = holds_active + 1", "differs", "holds_active"),
    Tamper("claim", "update claim set message_id = (select id from message order by id desc limit 1)", "differs",
           "message_id"),
    Tamper("money_entry", "update money_entry set message_id = (select id from message order by id desc limit 1)",
           "differs", "message_id"),
    Tamper("intake", "update intake set account_id = account_id % 2 + 1", "differs", "account_id"),
    Tamper("orders", f"update orders set receiver_cipher = {FLIPPED.format('receiver_cipher')}", "unreadable",
           "receiver_cipher"),
    Tamper("orders", f"update orders set receiver_cipher = {LAST.format('receiver_cipher', 'orders')}", "differs",
           "receiver_cipher"),
    Tamper("orders", "update orders set receiver_digest = repeat('0', 32)", "differs", "receiver"),
    Tamper("orders", "update orders set receiver_phone_last4 = '0000'", "differs", "receiver.last4"),
    Tamper("order_line", "update order_line set quantity_ordered = quantity_ordered + 1", "differs",
           "lines[0].ordered"),
    Tamper("order_line", "update order_line set price = price + 1", "differs", "lines[0].price"),
    Tamper("claim", "delete from claim", "differs", "claims"),
    Tamper("work", "update work set state = 'cancelled'", "differs", "works[0].state"),
    Tamper("work", "delete from work_line", "differs", "works[0].items"),
    Tamper("parcel", "update parcel set waybill = waybill || '1'", "differs", "parcels[0].waybill"),
    Tamper("parcel", "update parcel_item set quantity = quantity - 1", "differs", "parcels[0]"),
    Tamper("money_entry", "update money_entry set said_at = said_at + interval '1 day'", "differs", "money[0]"),
    Tamper("money_entry", "update money_entry set amount = amount + 1", "differs", "money[0]"),
    Tamper("money_entry", "update money_entry set currency = 'USD'", "differs", "currency"),
    Tamper("money_entry", "delete from money_entry", "differs", "money"),
    Tamper("message", f"update message set body_cipher = {FLIPPED.format('body_cipher')}", "unreadable",
           "body_cipher"),
    Tamper("message", f"update message set body_cipher = {LAST.format('body_cipher', 'message')}", "differs",
           "body_cipher"),
    Tamper("message", f"update message set digest = {FLIPPED.format('digest')}", "differs", "body_cipher"),
    Tamper("intake", "delete from message where id not in (select message_id from message_event)", "missing",
           "message_id"),
    Tamper("message", "delete from intake", "missing", "intake"),
    Tamper("unmasking", "delete from unmasking where id = (select id from unmasking limit 1)", "deleted"),
    Tamper("unmasking", "update unmasking set who = 'nobody'", "changed"),
    Tamper("case_event", "update case_event set by = 'nobody'", "changed"),
    Tamper("case_event", "delete from case_event", "deleted"),
    Tamper("message_event", "update message_event set reason = 'none'", "changed"),
    Tamper("delivery_event", "update delivery_event set reason = 'none'", "changed"),
    Tamper("stock_movement", "update stock_movement set actor = 'nobody' where kind = 'receive'", "changed"),
    Tamper("stock_movement", """with gone as (delete from stock_movement where kind = 'receive' returning *)
        update stock_level l set on_hand = l.on_hand - g.on_hand from gone g
        where g.sku_id = l.sku_id and g.warehouse_id = l.warehouse_id""", "deleted"),
)  # fmt: skip


async def a_week(stage: Stage) -> None:
    """One order is out, another waits for its money; somebody looked at the receivers; all is sealed."""
    stage.taobao.place(a_purchase(tid(1), stage.clock(), **plain(spare("M-001", 2), spare("N-001", 1))))
    await stage.flow()
    await stage.wait(1_200, step=400)
    other = a_purchase(tid(2), stage.clock(), paid_at=None, **plain(spare("M-001", 1)))
    stage.taobao.place({**other, "receiver": {**other["receiver"], "name": "王小明"}})
    await stage.flow()
    for _ in range(2):
        await stage.run(UNMASKED.replace("%s", "gen_random_uuid()"))
    for done in DONE:
        await stage.run(done)
    audit = AuditLog(stage.hub.pool, Notary(stage.hub.settings.home))
    await checkpoint(type("Hub", (), {"audit": audit, "now": staticmethod(stage.clock)})())


@contextmanager
def copy_of(dsn: str) -> Iterator[str]:
    """DSN of a copy of the database, gone after the block."""
    name, of = f"copy_{new_id().replace('-', '')[:16]}", str(conninfo_to_dict(dsn)["dbname"])
    with psycopg.connect(make_conninfo(dsn, dbname="postgres"), autocommit=True) as server:
        server.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(of)))
        try:
            yield make_conninfo(dsn, dbname=name)
        finally:
            server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


async def audited(dsn: str, home: Path) -> list[Fault]:
    """What `audit verify --deep` finds."""
    report = await verify_log(dsn, home, lambda done, of: None)
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as one:
        await verify_deep(one, load_vault(home), report, lambda done, of: None)
    assert report.refolded == 2 and report.vouchers > 2 and report.levels == 8
    return report.faults


async def tampered(dsn: str, home: Path, what: Tamper) -> list[Fault]:
    """What is found after the database's owner did this, triggers or not."""
    off = "alter table {0} disable trigger user; {1}; alter table {0} enable trigger user"
    statement = off.format("message" if what.table == "intake" else what.table, what.does).encode()
    if what.table in SEALED:
        with copy_of(dsn) as copy:
            with psycopg.connect(copy) as connection:
                connection.execute(statement)
            return await audited(copy, home)
    report = Report()
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as one:
        async with one.transaction(force_rollback=True):
            await one.execute(statement)
            await verify_deep(one, load_vault(home), report, lambda done, of: None)
    return report.faults


async def test_one_changed_byte_is_found_wherever_it_stands(database: str, home: Path) -> None:
    async with open_stage(database, home) as stage:
        await a_week(stage)
    assert await audited(database, home) == []
    missed = []
    for what in TAMPERS:
        found = await tampered(database, home, what)
        if not any((f.why, f.table) == (what.why, what.table) and f.field.startswith(what.field) for f in found):
            missed.append((what, found[:3]))
    assert not missed


@pytest.mark.parametrize("statement", [
    "update unmasking set who = 'nobody'", "delete from unmasking", "truncate unmasking",
    "update money_entry set amount = 1", "delete from money_entry", "truncate money_entry",
])
async def test_who_looked_and_what_was_paid_can_be_added_to_and_nothing_else(stage: Stage, statement: str) -> None:
    stage.taobao.place(a_purchase(tid(1), stage.clock(), **plain(spare("M-001", 1))))
    await stage.flow()
    await stage.run(UNMASKED.replace("%s", "gen_random_uuid()"))
    with pytest.raises(psycopg.errors.RestrictViolation):
        await stage.run(statement)

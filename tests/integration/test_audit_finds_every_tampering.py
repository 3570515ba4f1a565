"""Whatever the owner of the database does to the event log behind the product's back is found and named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orderloom.application.verify import Fault
from tests.support.audit_rows import Ledger, add_orders, add_subjects, ledger

VOUCHER = """with voucher as (
        insert into message values (gen_random_uuid(), 1, 'e', 't', now(), '', 0, '', '') returning id, account_id)
    insert into intake (message_id, account_id, outcome, order_id, landed_at)
    select id, account_id, 'normalised', %s, now() from voucher"""


async def _broken(
    dsn: str, home: Path, statement: str, *values: object
) -> tuple[Ledger, list[tuple[str, str]], Fault]:
    """Twelve sealed orders; the statement does its worst to the sixth; returns the first fault."""
    orders = add_orders(dsn, 12)
    order_id = orders[5][0]
    async with ledger(dsn, home) as log:
        assert await log.seal() == 60
        before = await log.verify()
        assert before.is_whole and (before.orders, before.events, before.checkpoints) == (12, 60, 1)
        log.break_in(statement, *(order_id if value == "it" else value for value in values))
        report = await log.verify()
        assert not report.is_whole
        return log, orders, report.faults[0]


async def test_a_single_changed_byte_is_found(database: str, home: Path) -> None:
    _, orders, fault = await _broken(
        database, home,
        "update order_event set facts = replace(facts, '\"n\":3', '\"n\":4') where order_id = %s and seq = 3", "it")
    assert (fault.why, fault.order, fault.seq, fault.kind) == ("changed", orders[5][1], 3, "work_assigned")


@pytest.mark.parametrize("column, value", [
    ("actor", "'somebody'"), ("at", "at + interval '1 microsecond'"), ("kind", "'work_moved'"), ("blueprint", "2"),
    ("message_id", "'00000000-0000-7000-8000-000000000000'"), ("hash", "sha256(hash)"),
])
async def test_who_when_why_and_the_hash_itself_cannot_be_changed(
    database: str, home: Path, column: str, value: str
) -> None:
    _, orders, fault = await _broken(
        database, home, f"update order_event set {column} = {value} where order_id = %s and seq = 3", "it")
    assert (fault.why, fault.order, fault.seq) == ("changed", orders[5][1], 3)


@pytest.mark.parametrize("seq, why", [(1, "deleted"), (3, "deleted"), (5, "cut_off")])
async def test_a_deleted_event_is_missed(database: str, home: Path, seq: int, why: str) -> None:
    _, orders, fault = await _broken(
        database, home, f"delete from order_event where order_id = %s and seq = {seq}", "it")
    assert (fault.why, fault.order, fault.seq) == (why, orders[5][1], seq)


@pytest.mark.parametrize("seq", [1, 3, 4])
async def test_a_deleted_event_is_missed_though_the_rest_was_renumbered(database: str, home: Path, seq: int) -> None:
    _, orders, fault = await _broken(
        database, home, f"""with gone as (delete from order_event where order_id = %s and seq = {seq})
        update order_event set seq = seq + 99 where order_id = %s and seq > {seq}""", "it", "it")
    async with ledger(database, home) as log:
        log.break_in("update order_event set seq = seq - 100 where order_id = %s and seq > 99", orders[5][0])
        fault = (await log.verify()).faults[0]
    assert (fault.why, fault.order, fault.seq) == ("deleted", orders[5][1], seq)


async def test_two_swapped_events_are_found(database: str, home: Path) -> None:
    _, orders, _ = await _broken(
        database, home, "update order_event set seq = case seq when 2 then 1004 else 1002 end "
        "where order_id = %s and seq in (2, 4)", "it")
    async with ledger(database, home) as log:
        log.break_in("update order_event set seq = seq - 1000 where seq > 1000")
        fault = (await log.verify()).faults[0]
    assert (fault.why, fault.order, fault.seq, fault.kind) == ("reordered", orders[5][1], 2, "work_moved")


async def test_an_event_slipped_in_is_found(database: str, home: Path) -> None:
    _, orders, fault = await _broken(
        database, home, """with moved as (update order_event set seq = seq + 100 where order_id = %s and seq >= 3)
        insert into order_event select order_id, 99, kind, at, actor, message_id, blueprint, facts, sha256(hash)
        from order_event where order_id = %s and seq = 2""", "it", "it")
    async with ledger(database, home) as log:
        log.break_in("update order_event set seq = case seq when 99 then 3 else seq - 99 end where seq >= 99")
        fault = (await log.verify()).faults[0]
    assert (fault.why, fault.order, fault.seq) == ("inserted", orders[5][1], 3)


async def test_an_event_added_at_the_end_is_found(database: str, home: Path) -> None:
    _, orders, fault = await _broken(
        database, home, """insert into order_event select order_id, 6, 'order_cancelled', at, actor, message_id,
        blueprint, facts, hash from order_event where order_id = %s and seq = 5""", "it")
    assert (fault.why, fault.order, fault.seq, fault.kind) == ("inserted", orders[5][1], 6, "order_cancelled")


async def test_a_whole_order_that_vanished_is_missed_and_named(database: str, home: Path) -> None:
    orders = add_orders(database, 12)
    async with ledger(database, home) as log:
        await log.seal()
        log.break_in(VOUCHER, orders[5][0])
        log.break_in("delete from order_event where order_id = %s", orders[5][0])
        log.break_in("delete from orders where id = %s", orders[5][0])
        count, named = (await log.verify()).faults
    assert (count.why, count.checkpoint) == ("deleted", 1)
    assert "60 events were sealed" in count.detail and "55 are there" in count.detail
    assert (named.why, named.order) == ("deleted", orders[5][0])


async def test_an_order_without_its_row_is_named(database: str, home: Path) -> None:
    _, orders, fault = await _broken(database, home, "delete from orders where id = %s", "it")
    assert (fault.why, fault.order_id, fault.seq) == ("deleted", orders[5][0], 1)


async def test_a_rewritten_chain_is_found_by_its_checkpoint(database: str, home: Path) -> None:
    orders = add_orders(database, 3)
    async with ledger(database, home) as log:
        await log.seal()
        log.break_in("delete from order_event where order_id = %s", orders[1][0])
        log.break_in("delete from orders where id = %s", orders[1][0])
        add_orders(database, 1, first=50)
        log.break_in("update order_event set xid = (select min(xid) from order_event)")
        fault = (await log.verify()).faults[0]
    assert (fault.why, fault.checkpoint) == ("rewritten", 1)


@pytest.mark.parametrize("statement, why, number", [
    ("delete from audit_checkpoint where number = 2", "checkpoint_missing", 2),
    ("delete from audit_checkpoint where number = 3", "checkpoint_missing", 3),
    ("update audit_checkpoint set event_count = event_count + 1 where number = 2", "checkpoint_forged", 2),
    ("update audit_checkpoint set signature = sha512('') where number = 2", "checkpoint_forged", 2),
    ("update audit_checkpoint set at = at - interval '1 hour' where number = 1", "checkpoint_forged", 1),
])
async def test_a_missing_or_forged_checkpoint_is_named(
    database: str, home: Path, statement: str, why: str, number: int
) -> None:
    async with ledger(database, home) as log:
        for n in range(3):
            add_orders(database, 2, first=10 * n)
            assert await log.seal() == 10
        log.break_in(statement)
        fault = (await log.verify()).faults[0]
    assert (fault.why, fault.checkpoint) == (why, number)


@pytest.mark.parametrize("keep", [0, 2])
async def test_a_checkpoint_cut_from_the_file_is_missed_until_the_hub_puts_it_back(
    database: str, home: Path, keep: int
) -> None:
    async with ledger(database, home) as log:
        for n in range(3):
            add_orders(database, 2, first=10 * n)
            await log.seal()
        file = home / "audit" / "checkpoints.jsonl"
        lines = file.read_text().splitlines(keepends=True)
        assert [json.loads(line)["number"] for line in lines] == [1, 2, 3]
        file.write_text("".join(lines[:keep]) + lines[keep][:40])  # and a line that a crash cut short
        fault = (await log.verify()).faults[0]
        assert (fault.why, fault.checkpoint) == ("checkpoint_forged", keep + 1)
        await log.seal()
        assert (await log.verify()).is_whole
        assert file.read_text() == "".join(lines)


async def test_events_that_no_checkpoint_covers_yet_are_counted_and_a_late_commit_is_not_lost(
    database: str, home: Path
) -> None:
    async with ledger(database, home) as log:
        async with log.audit._pool.connection() as slow:
            await slow.execute("select pg_current_xact_id()")
            add_orders(database, 2)
            assert await log.seal() == 0, "a transaction that began before is still running"
            assert (await log.verify()).unsealed == 10
        assert await log.seal() == 10
        assert (await log.verify()).unsealed == 0


@pytest.mark.parametrize("statement, why, seq", [
    ("update subject_event set facts = facts || ' ' where subject_id = %s and seq = 3", "changed", 3),
    ("update subject_event set actor = 'somebody' where subject_id = %s and seq = 2", "changed", 2),
    ("delete from subject_event where subject_id = %s and seq = 2", "deleted", 2),
    ("delete from subject_event where subject_id = %s and seq = 4", "cut_off", 4),
    ("delete from subject_event where subject_id = %s", "cut_off", 1),
    ("delete from subject where id = %s", "deleted", 1),
    ("update subject set event_head = sha256(event_head) where id = %s", "rewritten", 4),
])
async def test_a_document_is_proven_as_an_order_is(
    database: str, home: Path, statement: str, why: str, seq: int
) -> None:
    add_orders(database, 2)
    made = add_subjects(database, 3)
    async with ledger(database, home) as log:
        assert await log.seal() == 10, "events of orders alone are counted there"
        before = await log.verify()
        assert before.is_whole and (before.subjects, before.subject_events, before.unsealed) == (3, 12, 0)
        log.break_in(statement, made[1][0])
        fault = (await log.verify()).faults[0]
    assert (fault.why, fault.seq, fault.table, fault.order_id) == (why, seq, "subject_event", made[1][0])
    assert fault.order == ("" if why == "deleted" and seq == 1 else made[1][1])


async def test_a_whole_document_that_vanished_is_missed(database: str, home: Path) -> None:
    made = add_subjects(database, 3)
    async with ledger(database, home) as log:
        await log.seal()
        log.break_in("with gone as (delete from subject where id = %s returning id)"
                     " delete from subject_event where subject_id in (select id from gone)", made[1][0])
        (fault,) = (await log.verify()).faults
    assert (fault.why, fault.table, fault.checkpoint) == ("deleted", "subject_event", 1)


async def test_seals_of_before_there_were_documents_stay_good(database: str, home: Path) -> None:
    async with ledger(database, home) as log:
        add_orders(database, 2)
        await log.seal()
        add_subjects(database, 2)
        assert (await log.verify()).unsealed == 8
        await log.seal()
        report = await log.verify()
    assert report.is_whole and report.checkpoints == 2 and report.unsealed == 0
    assert "subject_event" in report.covers

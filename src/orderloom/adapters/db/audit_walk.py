"""Walks the whole event log once and reports every fault, in a snapshot and with memory that does not grow."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from orderloom.adapters.db.audit import LEDGERS, ORDERS, SUBJECTS, Chained, LogReader, exists_now
from orderloom.adapters.db.line import LongLine, opened
from orderloom.adapters.notary import BadLine, is_signed_by, read_checkpoints, read_public_key
from orderloom.application.checkpoint import Checkpoint, statement
from orderloom.application.ports import Progress
from orderloom.application.verify import Fault, Head, Report, judge_checkpoint, judge_order, judge_subject
from orderloom.domain.log import Entry

NAMED_MAX = 5
TICK = 5_000


async def verify_log(dsn: str, home: Path, progress: Progress) -> Report:
    """Recompute every order's chain and every checkpoint. Raises KeyTrouble when the public key cannot be read."""
    report = Report(covers=("order_event", "audit_checkpoint", *LEDGERS))
    key = read_public_key(home)
    async with await opened(dsn, LongLine) as connection:
        reader = LogReader(connection)
        about = await reader.begin()
        await _chains(reader, report, progress, about)
        await _subjects(reader, report)
        sealed = await _checkpoints(reader, report, key)
        await _covers(reader, report, sealed)
        if any(fault.checkpoint and not fault.table for fault in report.faults):
            for name in await reader.orphans(NAMED_MAX):
                report.add(Fault("deleted", name, detail="the order and all its events are gone; other tables name it"))
        await connection.execute("commit")
        await _file(connection, home, report, sealed)
    return report


async def _chains(reader: LogReader, report: Report, progress: Progress, about: int) -> None:
    async for head, entries in _by_owner(reader, ORDERS):
        report.orders += head is not None
        report.events += len(entries)
        report.add(judge_order(head, entries))
        if report.events % TICK < len(entries):
            progress(report.events, about)
    progress(report.events, report.events)


async def _subjects(reader: LogReader, report: Report) -> None:
    async for head, entries in _by_owner(reader, SUBJECTS):
        report.subjects += head is not None
        report.subject_events += len(entries)
        report.add(judge_subject(head, entries))


async def _by_owner(reader: LogReader, of: Chained) -> AsyncIterator[tuple[Head | None, list[Entry]]]:
    """Orders (or subjects) and events side by side: both come by id, either may be missing."""
    heads, logs = reader.heads(of), reader.logs(of)
    head, own = await _next(heads), await _next(logs)
    while head is not None or own is not None:
        if own is None or (head is not None and head.order_id < own[0].order_id):
            yield head, []
            head = await _next(heads)
        elif head is None or own[0].order_id < head.order_id:
            yield None, own
            own = await _next(logs)
        else:
            yield head, own
            head, own = await _next(heads), await _next(logs)


async def _next(stream: AsyncIterator[Any]) -> Any:
    return await anext(stream, None)


async def _checkpoints(reader: LogReader, report: Report, key: Ed25519PublicKey | None) -> dict[int, Checkpoint]:
    """Judge the table's checkpoints one after the other; returns them by number."""
    sealed: dict[int, Checkpoint] = {}
    before: Checkpoint | None = None
    async for this in reader.checkpoints():
        is_genuine = key is not None and is_signed_by(key, statement(this), this.signature)
        report.add(judge_checkpoint(before, this, is_genuine))
        sealed[this.number] = before = this
    report.checkpoints = len(sealed)
    return sealed


async def _covers(reader: LogReader, report: Report, sealed: dict[int, Checkpoint]) -> None:
    """Recompute what every checkpoint covers, in one pass over the hashes of the events and one over each ledger."""
    async for this, count, digest in _by_checkpoint(reader.hashes(), sealed):
        if this is None:
            report.unsealed += count
        else:
            await _compare(reader, report, this, count, digest)
    for name in LEDGERS:
        async for this, count, digest in _by_checkpoint(reader.ledger_hashes(name), sealed):
            if this is None:
                report.unsealed += count if name == SUBJECTS.events else 0
            elif this.ledgers:
                _compare_ledger(report, this, name, count, digest)


async def _by_checkpoint(
    stream: AsyncIterator[list[tuple[int, bytes]]], sealed: dict[int, Checkpoint],
) -> AsyncIterator[tuple[Checkpoint | None, int, bytes]]:
    """(checkpoint, rows, digest) of what each covers; at last (None, rows that none covers yet, nothing)."""
    waiting = iter(sealed.values())
    this = next(waiting, None)
    count, unsealed, digest = 0, 0, sha256()
    async for rows in stream:
        for xid, value in rows:
            while this is not None and xid >= this.to_xid:
                yield this, count, digest.digest()
                this, count, digest = next(waiting, None), 0, sha256()
            if this is None:
                unsealed += 1
            elif xid >= this.from_xid:
                count += 1
                digest.update(value)
    while this is not None:
        yield this, count, digest.digest()
        this, count, digest = next(waiting, None), 0, sha256()
    yield None, unsealed, b""


def _compare_ledger(report: Report, this: Checkpoint, name: str, count: int, digest: bytes) -> None:
    kept = json.loads(this.ledgers).get(name, [0, ""])
    if kept == [count, digest.hex() if count else ""]:
        return
    why = "deleted" if count < kept[0] else "inserted" if count > kept[0] else "changed"
    report.add(Fault(why, checkpoint=this.number, table=name,
                     detail=f"{kept[0]} rows of {name} were sealed at {this.at.isoformat()}, {count} are there"))


async def _compare(reader: LogReader, report: Report, this: Checkpoint, count: int, digest: bytes) -> None:
    if (count, digest) == (this.event_count, this.digest):
        return
    why = "deleted" if count < this.event_count else "inserted" if count > this.event_count else "rewritten"
    orders = await reader.orders_between(this.from_xid, this.to_xid, NAMED_MAX)
    report.add(Fault(
        why, checkpoint=this.number,
        detail=f"{this.event_count} events were sealed at {this.at.isoformat()}, {count} are there; "
               f"among the orders of that moment: {', '.join(orders) or '-'}"))


async def _file(
    connection: psycopg.AsyncConnection[Any], home: Path, report: Report, sealed: dict[int, Checkpoint],
) -> None:
    """Compare with the file. Read last, it may know newer checkpoints than the snapshot: those are asked again."""
    seen = 0
    try:
        for kept in read_checkpoints(home):
            if kept.number != seen + 1:
                report.add(Fault("checkpoint_missing", checkpoint=seen + 1, detail="not in the file"))
            seen = kept.number
            stored = sealed.get(kept.number)
            if stored is None and not await exists_now(connection, kept.number):
                report.add(Fault("checkpoint_missing", checkpoint=kept.number, detail="not in the table"))
            if stored is not None and stored != kept:
                report.add(Fault("checkpoint_forged", checkpoint=kept.number, detail="table and file differ"))
    except BadLine as bad:
        report.add(Fault("checkpoint_forged", checkpoint=bad.number, detail="unreadable line in the file"))
        return
    for number in range(seen + 1, max(sealed, default=0) + 1):
        report.add(Fault("checkpoint_missing", checkpoint=number, detail="not in the file"))



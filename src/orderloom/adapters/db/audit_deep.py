"""Proves what is not the log: orders, money and stock are what events and ledgers say, and vouchers are whole."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.audit_documents import verify_documents
from orderloom.adapters.db.audit_waves import verify_waves
from orderloom.adapters.db.refold import IDS, ORDERS_PER_STEP, pairs
from orderloom.adapters.db.statements import statement
from orderloom.adapters.vault import KeyMissing, Vault
from orderloom.application.ports import Progress
from orderloom.application.verify import Fault, Report
from orderloom.application.verify_state import AXES, judge_axes, judge_state
from orderloom.domain.order import Order

Connection = AsyncConnection[Any]
VOUCHERS_PER_STEP = 500
COVERS = ("orders", "order_line", "order_charge", "claim", "hold", "stock_hold", "work", "work_line", "parcel",
          "parcel_item", "money_entry", "after_sale", "receiver", "stock_level", "stock_quota",
          "message", "intake")
BUCKETS = ("on_hand", "reserved", "allocated", "safety", "frozen", "set_aside")
SEALED = ("digest", "name_index", "phone_index", "last4", "country", "province", "city", "merge_key")
"""What a receiver's clear values give, in the order of the statement's columns."""


async def verify_deep(connection: Connection, vault: Vault, report: Report, progress: Progress) -> None:
    """Add to the report whatever is stored otherwise than events, ledgers and digests say. Needs autocommit."""
    report.is_deep, report.covers = True, (*report.covers, *COVERS)
    async with connection.cursor("deep", withhold=True) as cursor:
        await cursor.execute(IDS)
        while rows := await cursor.fetchmany(ORDERS_PER_STEP):
            async with connection.transaction():
                await _orders(connection, [r[0] for r in rows], vault, report)
            progress(report.refolded, max(report.orders, report.refolded))
    await _stock(connection, report)
    await verify_documents(connection, report)
    await verify_waves(connection, report)
    await _vouchers(connection, vault, report)
    for table, field, row in await _rows(connection, "strays"):
        report.add(Fault("missing", order_id=row, table=table, field=field, detail="nothing is left of what it names"))
    for table, field, row in await _rows(connection, "sources"):
        report.add(Fault("differs", order_id=row, table=table, field=field, detail="is not where it came from"))


async def _orders(connection: Connection, ids: list[str], vault: Vault, report: Report) -> None:
    """A batch of orders, held still: state, the columns that follow from it, money, receiver."""
    own = {r[0]: r[1:] for r in await _rows(connection, "own", ids=ids)}
    for stored, folded in await pairs(connection, ids):
        report.refolded += 1
        if isinstance(folded, str):
            report.add(Fault("unreadable", stored.number, stored.id, table="order_event", detail=folded))
            continue
        row = own[stored.id]
        report.add(judge_state(stored, folded) or judge_axes(folded, dict(zip(AXES, row, strict=False)))
                   or _receiver(folded, row[len(AXES):], vault))
    for order_id, number, field in await _rows(connection, "money", ids=ids):
        report.add(Fault("differs", number, order_id, table="money_entry", field=field,
                         detail="is not what its order or its amount says"))


def _receiver(order: Order, row: Sequence[Any], vault: Vault) -> Fault | None:
    """The cipher opens, and its clear values give the digest in the log and every index beside it."""
    try:
        sealed = vault.seal(vault.open_receiver(bytes(row[0])), "")
    except (KeyMissing, msgspec.DecodeError):
        return Fault("unreadable", order.number, order.id, table="orders", field="receiver_cipher",
                     detail="no key opens it")
    if order.receiver not in (sealed.digest, sealed.digest_before):
        return Fault("differs", order.number, order.id, table="orders", field="receiver_cipher",
                     detail="it is not the receiver whose digest is in the log")
    is_before = order.receiver == sealed.digest_before
    for name, have in zip(SEALED, row[1:], strict=True):
        right = order.receiver if name == "digest" else getattr(sealed, name)
        if is_before and name == "merge_key":  # 0.1 made one of masked texts, too
            continue
        if (bytes(have) if isinstance(have, memoryview) else have) != right:
            return Fault("differs", order.number, order.id, table="orders", field=f"receiver.{name}",
                         detail="is not what the receiver's clear values give")
    return None


async def _stock(connection: Connection, report: Report) -> None:
    """Every level is the sum of its movements, and what is promised of it is what orders hold and quotas keep."""
    for sku, house, *figures in await _rows(connection, "stock"):
        report.levels += 1
        level, moved, held, kept = figures[:6], figures[6:12], figures[12:14], figures[14]
        for name, have, right in zip(BUCKETS, level, moved, strict=True):
            if have != right:
                report.add(Fault("differs", table="stock_level", field=name, order=f"{sku}@{house}",
                                 detail=f"{have} is stored, the movements add up to {right}"))
        for name, have, right in zip(BUCKETS[1:3], level[1:3], held, strict=True):
            if have != right:
                report.add(Fault("differs", table="stock_hold", field=name, order=f"{sku}@{house}",
                                 detail=f"{have} is promised, orders hold {right}"))
        if level[5] != kept:
            report.add(Fault("differs", table="stock_quota", field="kept", order=f"{sku}@{house}",
                             detail=f"{level[5]} is set aside, quotas keep {kept}"))
    for number, drawn, held in await _rows(connection, "quotas"):
        report.add(Fault("differs", table="stock_quota", field="drawn", order=number,
                         detail=f"{drawn} is counted, orders drew {held}"))


async def _vouchers(connection: Connection, vault: Vault, report: Report) -> None:
    """Every voucher opens, and its bytes give its digest."""
    async with connection.cursor("vouchers", binary=True, withhold=True) as cursor:
        await cursor.execute(statement("audit", "vouchers"))
        while rows := await cursor.fetchmany(VOUCHERS_PER_STEP):
            for message_id, cipher, size, digest, is_erased in rows:
                report.vouchers += 1
                if is_erased:
                    continue
                try:
                    body = vault.decrypt_voucher(bytes(cipher))
                except KeyMissing:
                    report.add(Fault("unreadable", order_id=message_id, table="message", field="body_cipher",
                                     detail="no key opens it"))
                    continue
                if (len(body), sha256(body).digest()) != (size, bytes(digest)):
                    report.add(Fault("differs", order_id=message_id, table="message", field="body_cipher",
                                     detail="its bytes are not those that were received"))


async def _rows(connection: Connection, name: str, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("audit", name), given or None)).fetchall()

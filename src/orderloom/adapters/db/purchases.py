"""Suppliers and purchase tickets in the caller's transaction: tickets folded from their log, and kept as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db import tables as t
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.wire import id_of
from orderloom.adapters.db.writing import upsert
from orderloom.application.draft_purchase import Supplier, Terms
from orderloom.application.keep_suppliers import SupplierRow, SupplyRow
from orderloom.application.watch_purchases import LateTicket
from orderloom.domain.inventory.purchase import PurchaseTicket, fold_purchase
from orderloom.domain.inventory.purchase_event import AnyPurchaseEvent
from orderloom.domain.subject import LoggedSubject
from orderloom.domain.subject_event import subject_event_of

Connection = AsyncConnection[Any]


class PurchaseBook:
    """See `application.act_on_purchase.PurchaseRows` and its neighbours."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of(self, subject: LoggedSubject) -> PurchaseTicket:
        """The ticket as its events leave it."""
        ticket: PurchaseTicket | None = None
        rows = await self._connection.execute(statement("documents", "events"), {"id": subject.id})
        for facts, at in await rows.fetchall():
            event = subject_event_of(facts)
            assert isinstance(event, AnyPurchaseEvent), "only purchase tickets are told of here"
            ticket = fold_purchase(ticket, event, at)
        assert ticket is not None, "a subject has a first event"
        return ticket

    async def kept(self, id: str) -> PurchaseTicket | None:
        """The ticket as its rows say it; None when there is no row."""
        one = f"select {t.PURCHASE.select()} from purchase_ticket where id = %s::uuid"
        below = f"select {t.PURCHASE_LINE.select()} from purchase_line where ticket_id = %s::uuid order by line_no"
        row = await (await self._connection.execute(one.encode(), (id,))).fetchone()
        if row is None:
            return None
        lines = await (await self._connection.execute(below.encode(), (id,))).fetchall()
        found: PurchaseTicket = t.PURCHASE.read(row, lines=tuple([t.PURCHASE_LINE.read(line) for line in lines]))
        return found

    async def keep(self, id: str, ticket: PurchaseTicket) -> None:
        """Bring the rows to what the ticket is. Who calls holds the subject's row, or has just made it."""
        row = id_of(id)
        await upsert(self._connection, t.PURCHASE_TABLE, [
            (row, *t.PURCHASE.values(ticket), ticket.amount, len(ticket.lines))])
        await upsert(self._connection, t.PURCHASE_LINE_TABLE, [
            (row, *t.PURCHASE_LINE.values(line), ticket.supplier_id, ticket.warehouse_id) for line in ticket.lines])
        await self._connection.execute(
            statement("purchases", "fewer_lines"), {"id": id, "lines": len(ticket.lines)})

    async def suppliers(self) -> dict[str, Supplier]:
        """Every supplier by code."""
        return {row[1]: Supplier(*row) for row in await self._rows("suppliers")}

    async def terms(self, supplier_id: int, skus: Collection[int]) -> dict[int, Terms]:
        """Of these SKUs those that the supplier brings, with the terms."""
        found = await self._rows("terms", supplier=supplier_id, skus=list(skus))
        return {row[0]: Terms(*row[1:]) for row in found}

    async def keep_supplier(self, row: SupplierRow) -> bool:
        """Whether it is new."""
        return bool((await self._rows("keep_supplier", **msgspec.structs.asdict(row)))[0][0])

    async def keep_supply(self, row: SupplyRow, supplier_id: int, sku_id: int) -> None:
        """Keep on which terms a supplier brings a SKU."""
        given = msgspec.structs.asdict(row) | {"supplier": supplier_id, "sku": sku_id}
        await self._connection.execute(statement("purchases", "keep_supply"), given)

    async def not_brought(self, skus: Collection[int]) -> list[str]:
        """Of these SKUs the codes of those that nobody brings: bundles, services."""
        return [row[0] for row in await self._rows("bundles", skus=list(skus))]

    async def late(self, today: date, limit: int) -> list[LateTicket]:
        """Tickets that are waited for beyond their day."""
        return [LateTicket(*row) for row in await self._rows("late", today=today, limit=limit)]

    async def told(self, kind: str) -> set[str]:
        """Subjects with an open case of the kind."""
        return {row[0] for row in await self._rows("told", kind=kind)}

    async def told_since(self, kind: str, subjects: Sequence[str], since: datetime) -> set[str]:
        """Of these subjects those of which a case is open, or was opened since then."""
        return {row[0] for row in await self._rows("told_since", kind=kind, subjects=list(subjects), since=since)}

    async def _rows(self, name: str, /, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement("purchases", name), given or None)).fetchall()

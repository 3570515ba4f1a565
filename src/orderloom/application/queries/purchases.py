"""Suppliers, what they bring, and purchase tickets, as they are shown to who buys."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from orderloom.application.draft_purchase import Terms
from orderloom.application.queries.sql import UUID, Connection, WrongCursor, where
from orderloom.application.queries.subjects import SubjectFact, history_of
from orderloom.domain.inventory.purchase import PurchaseState, PurchaseTicket
from orderloom.domain.inventory.purchase_acts import may_be_done
from orderloom.statements import beside

SQL = beside(__file__)
SUPPLIERS_MAX = 1_000
SUPPLIES_MAX = 2_000
LATE = "late"
"""A state of the filter that is none of the ticket's: waited for beyond its day."""
OPEN = "open"
"""Another one: ordered or in transit."""


class SupplierView(msgspec.Struct, frozen=True):
    """A supplier; `lead_days` from order to goods, `tickets_open` are waited for."""

    code: str
    name: str
    lead_days: int
    is_active: bool
    skus: int
    tickets_open: int


class SupplierList(msgspec.Struct, frozen=True):
    """Every supplier that the caller sees."""

    suppliers: list[SupplierView]


class SupplyView(msgspec.Struct, frozen=True):
    """A SKU that a supplier brings; quantities in base units, `cost` of one of them in minor units."""

    supplier: str
    sku: str
    name: str
    minimum: int
    pack: int
    cost: int | None
    currency: str
    priority: int
    is_active: bool


class SupplyList(msgspec.Struct, frozen=True):
    """What suppliers bring; `is_more`: there are more than are shown."""

    supplies: list[SupplyView]
    is_more: bool


class PurchaseRow(msgspec.Struct, frozen=True):
    """A ticket in the list. `quantity` ordered, of it `received` came and `rest` is waited for, in base units;
    `amount` in minor units; `is_late`: beyond its day."""

    number: str
    state: PurchaseState
    supplier: str
    supplier_name: str
    warehouse: str | None
    reason: str
    maker: str
    currency: str
    amount: int
    promised_on: date | None
    is_late: bool
    opened_at: datetime
    changed_at: datetime
    lines: int
    quantity: int
    received: int
    rest: int


class PurchasePage(msgspec.Struct, frozen=True):
    """A page of tickets, the newest first."""

    tickets: list[PurchaseRow]
    next: str | None


class PurchaseLineView(msgspec.Struct, frozen=True):
    """A line: `quantity` ordered, of it `received` came and `cancelled` will not; `found` came beside it."""

    no: int
    sku: str
    name: str
    quantity: int
    cost: int
    received: int
    found: int
    cancelled: int
    rest: int


class PurchaseView(msgspec.Struct, frozen=True):
    """A ticket. `promised_first`: the day that was said when it was ordered; `may`: what its state allows;
    `lines_hidden`: lines that the caller does not see."""

    number: str
    state: PurchaseState
    supplier: str
    supplier_name: str
    warehouse: str | None
    reason: str
    maker: str
    currency: str
    amount: int
    promised_on: date | None
    promised_first: date | None
    ordered_at: datetime | None
    shipped_at: datetime | None
    waybill: str
    receipts: int
    closed_because: str
    opened_at: datetime
    changed_at: datetime
    lines: list[PurchaseLineView]
    lines_hidden: int
    is_late: bool
    may: list[str]
    history: list[SubjectFact]


class PurchaseFilter(msgspec.Struct, frozen=True):
    """Which tickets: empty means any. `state` is a ticket's, `open` or `late`; `q` begins a number, or stands in a
    reason."""

    state: str = ""
    supplier: str = ""
    warehouse: str = ""
    sku: str = ""
    q: str = ""


async def list_suppliers(connection: Connection) -> SupplierList:
    """Every supplier, those switched off last."""
    rows = await (await connection.execute(SQL["suppliers"], {"limit": SUPPLIERS_MAX})).fetchall()
    return SupplierList([SupplierView(*row) for row in rows])


async def list_supplies(connection: Connection, supplier: str, sku: str) -> SupplyList:
    """What suppliers bring."""
    parts = [f"{column} = %({name})s" for column, name, given in (
        ("r.code", "supplier", supplier), ("s.code", "sku", sku)) if given]
    rows = await (await connection.execute(SQL["supplies"].replace("{where}", where(parts)), {
        "supplier": supplier, "sku": sku, "limit": SUPPLIES_MAX + 1})).fetchall()
    return SupplyList([SupplyView(*row) for row in rows[:SUPPLIES_MAX]], len(rows) > SUPPLIES_MAX)


async def list_purchases(
    connection: Connection, wanted: PurchaseFilter, today: date, *, cursor: str = "", limit: int = 50,
) -> PurchasePage:
    """A page of tickets. Raises WrongCursor."""
    if cursor and not UUID.fullmatch(cursor):
        raise WrongCursor(cursor)
    rows = await (await connection.execute(SQL["list"].replace("{where}", where(_conditions(wanted, cursor))), {
        **msgspec.structs.asdict(wanted), "today": today, "cursor": cursor or None, "limit": limit + 1})).fetchall()
    found = [PurchaseRow(*[row[0], PurchaseState(row[1]), *row[2:10], bool(row[10]), *row[11:-1]])
             for row in rows[:limit]]
    return PurchasePage(found, rows[limit - 1][-1] if len(rows) > limit else None)


async def purchase_of(connection: Connection, number: str, today: date) -> PurchaseView | None:
    """The ticket with this number; None when there is none that the caller sees."""
    row = await (await connection.execute(SQL["one"], {"number": number, "today": today})).fetchone()
    if row is None:
        return None
    lines = await _lines(connection, row[0])
    state = PurchaseState(row[2])
    known = PurchaseTicket(row[1], row[7], row[6], 0, 0, row[17], row[18], state=state)
    return PurchaseView(*[
        row[1], state, *row[3:19], [line_view(one) for one in lines], row[19] - len(lines), bool(row[20]),
        list(may_be_done(known)), await history_of(connection, number)])


async def skus_of_purchase(connection: Connection, number: str) -> list[int]:
    """The SKUs of its lines that the caller sees."""
    row = await (await connection.execute(SQL["one"], {"number": number, "today": date.min})).fetchone()
    return sorted({one[9] for one in await _lines(connection, row[0])}) if row else []


async def terms_of(connection: Connection, supplier: str, skus: Collection[int]) -> dict[int, Terms]:
    """Of these SKUs those that the supplier brings, with the terms."""
    rows = await connection.execute(SQL["terms_of"], {"supplier": supplier, "skus": list(skus)})
    return {row[0]: Terms(*row[1:]) for row in await rows.fetchall()}


def line_view(row: Sequence[Any]) -> PurchaseLineView:
    """A line as it is shown."""
    _, no, sku, name, quantity, cost, received, found, cancelled, _ = row
    return PurchaseLineView(no, sku, name, quantity, cost, received, found, cancelled, quantity - received - cancelled)


async def _lines(connection: Connection, ticket_id: str) -> Sequence[Sequence[Any]]:
    return await (await connection.execute(SQL["lines"], {"ids": [ticket_id]})).fetchall()


def _conditions(wanted: PurchaseFilter, cursor: str) -> list[str]:
    parts = []
    if wanted.state in (OPEN, LATE):
        parts.append("t.state in ('ordered', 'in_transit')")
        if wanted.state == LATE:
            parts.append("t.promised_on < %(today)s::date")
    elif wanted.state:
        parts.append("t.state = %(state)s")
    parts += [f"{column} = %({name})s" for column, name in (("r.code", "supplier"), ("h.code", "warehouse"))
              if getattr(wanted, name)]
    if wanted.sku:
        parts.append("exists (select from purchase_line x join sku s on s.id = x.sku_id"
                     " where x.ticket_id = t.id and s.code = %(sku)s)")
    if wanted.q:
        parts.append("(starts_with(t.number, upper(%(q)s)) or position(lower(%(q)s) in lower(t.reason)) > 0)")
    if cursor:
        parts.append("t.id < %(cursor)s::uuid")
    return parts

"""What a supplier sees: the stock of their own SKUs, how fast they sell, what is wanted, and their own tickets. No word
of who buys, who works here, what others bring, or what anything costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from orderloom.application.queries.purchases import SQL, line_view
from orderloom.application.queries.sql import UUID, Connection, WrongCursor, where
from orderloom.application.queries.suggestions import HAS_TEXT, replenish_facts
from orderloom.domain.inventory.purchase import PurchaseState
from orderloom.domain.inventory.replenish import (
    WEEK_DAYS,
    ReplenishFacts,
    ReplenishRule,
    SupplyTerms,
    point_of,
    suggest,
)

SKUS_MAX = 2_000


class VmiRow(msgspec.Struct, frozen=True):
    """A SKU that the supplier brings, in base units: `on_hand`, of it `available` to sell, `on_purchase` on its way,
    `sold_7_days` with their mean a day in hundredths, the `point` at which it is bought, and what is `wanted` now.
    `days_left` null: nothing sells."""

    sku: str
    name: str
    supplier: str
    supplier_name: str
    minimum: int
    pack: int
    lead_days: int
    on_hand: int
    available: int
    on_purchase: int
    sold_7_days: int
    mean_hundredths: int
    point: int
    wanted: int
    days_left: int | None


class VmiPage(msgspec.Struct, frozen=True):
    """Every SKU of the suppliers that the caller sees; `is_more`: there are more than are shown."""

    skus: list[VmiRow]
    is_more: bool


class VmiLine(msgspec.Struct, frozen=True):
    """A line of a supplier's own ticket, in base units."""

    no: int
    sku: str
    name: str
    quantity: int
    received: int
    cancelled: int
    rest: int


class VmiTicket(msgspec.Struct, frozen=True):
    """A supplier's own ticket, from when it is ordered on."""

    number: str
    state: PurchaseState
    supplier: str
    warehouse: str | None
    ordered_at: datetime | None
    promised_on: date | None
    is_late: bool
    waybill: str
    lines: list[VmiLine]


class VmiTickets(msgspec.Struct, frozen=True):
    """A page of them, the newest first."""

    tickets: list[VmiTicket]
    next: str | None


async def list_vmi(
    connection: Connection, rule: ReplenishRule, at: datetime, *, supplier: str = "", q: str = "",
) -> VmiPage:
    """The SKUs that suppliers bring; `q` stands in a code or name."""
    parts = ["y.is_active", "s.is_active"]
    if supplier:
        parts.append("r.code = %(supplier)s")
    if q:
        parts.append(HAS_TEXT)
    rows = await (await connection.execute(SQL["vmi"].replace("{where}", where(parts)), {
        "supplier": supplier, "q": q, "limit": SKUS_MAX + 1})).fetchall()
    facts = {one.sku_id: one for one in await replenish_facts(
        connection, at, only={row[0] for row in rows[:SKUS_MAX]})}
    return VmiPage([_row(row, facts.get(row[0]) or ReplenishFacts(row[1], row[2], row[0], row[8]), rule)
                    for row in rows[:SKUS_MAX]], len(rows) > SKUS_MAX)


async def list_vmi_tickets(
    connection: Connection, today: date, *, supplier: str = "", cursor: str = "", limit: int = 50,
) -> VmiTickets:
    """A page of tickets that were ordered. Raises WrongCursor."""
    if cursor and not UUID.fullmatch(cursor):
        raise WrongCursor(cursor)
    parts = ["t.ordered_at is not null"]
    parts += ["r.code = %(supplier)s"] if supplier else []
    parts += ["t.id < %(cursor)s::uuid"] if cursor else []
    rows = await (await connection.execute(SQL["list"].replace("{where}", where(parts)), {
        "supplier": supplier, "today": today, "cursor": cursor or None, "limit": limit + 1})).fetchall()
    ids = [row[-1] for row in rows[:limit]]
    lines: dict[str, list[VmiLine]] = {}
    for row in await (await connection.execute(SQL["lines"], {"ids": ids})).fetchall():
        one = line_view(row)
        lines.setdefault(row[0], []).append(
            VmiLine(one.no, one.sku, one.name, one.quantity, one.received, one.cancelled, one.rest))
    more = {row[0]: row[1:] for row in await (await connection.execute(SQL["sent"], {"ids": ids})).fetchall()}
    return VmiTickets([
        VmiTicket(row[0], PurchaseState(row[1]), row[2], row[4], more[row[-1]][0], row[9], bool(row[10]),
                  more[row[-1]][1], lines.get(row[-1], [])) for row in rows[:limit]
    ], ids[-1] if len(rows) > limit else None)


def _row(row: Sequence[Any], facts: ReplenishFacts, rule: ReplenishRule) -> VmiRow:
    terms = SupplyTerms(0, row[3], lead_days=row[7], minimum=row[5], pack=row[6])
    need = suggest(facts, (terms,), rule)
    days = max(facts.here, 0) * WEEK_DAYS // facts.sold if facts.sold else None
    return VmiRow(*[
        *row[1:], facts.on_purchase, facts.sold, facts.sold * 100 // WEEK_DAYS,
        point_of(facts.safety, facts.sold, rule), need.quantity if need else 0, days])

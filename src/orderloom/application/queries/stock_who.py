"""Who holds my stock: every unit that is not free leads to an order, a quota or a person."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.application.find_leaks import Leak
from orderloom.application.queries.sql import Connection
from orderloom.application.queries.stock import Holder, list_holders
from orderloom.application.queries.stock_board import LevelLine, board_rows, read_front
from orderloom.application.queries.stock_leaks import leaks_of
from orderloom.statements import beside

SQL = beside(__file__)


class QuotaHolds(msgspec.Struct, frozen=True):
    """Units that an open quota keeps in a warehouse, and for whom: a campaign, a customer or an account."""

    warehouse: str
    number: str
    units: int
    kept_for: str
    since: datetime


class PersonHolds(msgspec.Struct, frozen=True):
    """Units that are safe or frozen (`bucket`), and who moved them last: the ledger's cause, actor and reason."""

    warehouse: str
    bucket: str
    units: int
    cause: str
    actor: str
    reason: str
    at: datetime | None


class TakenUnits(msgspec.Struct, frozen=True):
    """A SKU's levels and who holds what of them; `next` when more orders hold some. `leaks`: units bound for nobody."""

    sku: str
    levels: list[LevelLine]
    orders: list[Holder]
    quotas: list[QuotaHolds]
    people: list[PersonHolds]
    leaks: list[Leak]
    next: str | None


async def who_holds(connection: Connection, sku_id: int, code: str, *, cursor: str = "", limit: int = 50) -> TakenUnits:
    """Who holds units of a SKU that is there. Raises WrongCursor."""
    (row,) = await board_rows(connection, [sku_id], await read_front(connection))
    page = await list_holders(connection, code, cursor=cursor, limit=limit)
    quotas = await (await connection.execute(SQL["quotas"], {"sku": sku_id})).fetchall()
    people = await (await connection.execute(SQL["people"], {"sku": sku_id})).fetchall()
    return TakenUnits(code, row.levels, page.holders, [QuotaHolds(*one) for one in quotas],
                     [PersonHolds(*one) for one in people], await leaks_of(connection, sku_id), page.next)

"""One SKU's stock: the equation by warehouse, and what other systems say of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.application.find_leaks import Leak
from orderloom.application.queries.sql import Connection
from orderloom.application.queries.stock_board import BoardRow, board_rows, read_front
from orderloom.application.queries.stock_leaks import leaks_of
from orderloom.statements import beside

SQL = beside(__file__)
CLAIMS_MAX = 100


class SystemFigure(msgspec.Struct, frozen=True):
    """What a system says lies in a warehouse: `meaning` physical, net_of_orders or atp, `ours` the same of the hub."""

    system: str
    warehouse: str
    meaning: str
    theirs: int
    ours: int | None
    as_of: datetime


class Component(msgspec.Struct, frozen=True):
    """What a bundle takes of a SKU, and how many bundles that SKU is enough for."""

    sku: str
    name: str
    quantity: int
    free: int
    enough_for: int


class StockPage(msgspec.Struct, frozen=True):
    """A SKU's stock. `components`: of a bundle, which has no stock of its own; `bundles`: which ones contain it."""

    row: BoardRow
    kind: str
    unit: str
    claims: list[SystemFigure]
    components: list[Component]
    bundles: list[str]
    leaks: list[Leak]
    as_of: datetime


async def stock_page(connection: Connection, sku_id: int, at: datetime) -> StockPage:
    """The page of a SKU that is there."""
    (row,) = await board_rows(connection, [sku_id], await read_front(connection))
    given = {"sku": sku_id}
    head = await (await connection.execute(SQL["head"], given)).fetchone()
    assert head is not None
    claims = await (await connection.execute(SQL["claims"], {**given, "most": CLAIMS_MAX})).fetchall()
    parts = await (await connection.execute(SQL["components"], given)).fetchall()
    bundles = await (await connection.execute(SQL["bundles"], given)).fetchall()
    return StockPage(
        row, head[0], head[1], [SystemFigure(*one) for one in claims], [Component(*one) for one in parts],
        [one[0] for one in bundles], await leaks_of(connection, sku_id), at)


async def sku_id_of(connection: Connection, code: str) -> int | None:
    """Id of the SKU with this code."""
    row = await (await connection.execute(SQL["id"], {"code": code})).fetchone()
    return None if row is None else int(row[0])

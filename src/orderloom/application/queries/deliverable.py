"""Goods that somebody might buy, and where they lie: what `recommend_delivery` asks before anything is sold."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.application.queries.sql import Connection
from orderloom.application.recommend_delivery import GoodsAsked
from orderloom.statements import beside

SQL = beside(__file__)


async def goods_asked(connection: Connection, units: Mapping[str, int]) -> tuple[list[GoodsAsked], list[str]]:
    """The goods of these codes, bundles as what they are made of, and the codes that nobody has."""
    rows = await (await connection.execute(SQL["goods"], {"codes": list(units)})).fetchall()
    known = {row[0] for row in rows}
    goods = [GoodsAsked(row[1], row[2] * units[row[0]], row[3], row[4]) for row in rows]
    return goods, [code for code in units if code not in known]


async def free_units(connection: Connection, goods: list[GoodsAsked]) -> dict[tuple[int, int], int]:
    """Sellable units by SKU and warehouse."""
    rows = await (await connection.execute(SQL["free"], {"skus": [one.sku_id for one in goods]})).fetchall()
    return {(row[0], row[1]): row[2] for row in rows}

"""Packing materials as they are shown, with how many boxes each was used for."""

from __future__ import annotations

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)


class MaterialView(msgspec.Struct, frozen=True):
    """A material; `used`: closed boxes that were packed into it."""

    code: str
    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int
    cost: int
    currency: str
    is_active: bool
    used: int


class MaterialList(msgspec.Struct, frozen=True):
    """All of them, the smallest first."""

    materials: list[MaterialView]


async def list_materials(connection: Connection) -> MaterialList:
    """Every material."""
    rows = await (await connection.execute(SQL["materials"])).fetchall()
    return MaterialList([MaterialView(*row) for row in rows])

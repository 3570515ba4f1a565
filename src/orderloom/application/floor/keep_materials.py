"""Keep what boxes are packed into: cartons, bags; by their codes, which are scanned as items are."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol

import msgspec

ROWS_MAX = 500
MM_MAX = 100_000
Millimetres = Annotated[int, msgspec.Meta(ge=0, le=MM_MAX)]


class MaterialRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A packing material: inner measures in mm, grams, and its cost in minor units of `currency`; 0 is not known."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^\S(.*\S)?$")]
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    length_mm: Millimetres = 0
    width_mm: Millimetres = 0
    height_mm: Millimetres = 0
    weight_g: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    cost: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    currency: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$")] = "CNY"
    is_active: bool = True


class MaterialsWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Materials to keep."""

    materials: Annotated[list[MaterialRow], msgspec.Meta(min_length=1, max_length=ROWS_MAX)]


class MaterialsKept(msgspec.Struct, frozen=True):
    """So many stand as they were told."""

    kept: int


class MaterialRows(Protocol):
    """Where they are kept."""

    async def keep_materials(self, rows: Sequence[MaterialRow]) -> None: ...


class MaterialWork(Protocol):
    """The transaction."""

    @property
    def floor(self) -> MaterialRows: ...


async def keep_materials(begin: AbstractAsyncContextManager[MaterialWork], wish: MaterialsWish) -> MaterialsKept:
    """Keep all of them; of a code that stands there twice the last row counts."""
    rows = {row.code: row for row in wish.materials}
    async with begin as work:
        await work.floor.keep_materials(list(rows.values()))
    return MaterialsKept(len(rows))

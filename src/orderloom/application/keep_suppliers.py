"""Keep suppliers and what they bring on which terms; what is not given stays as it was, and nothing is deleted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Protocol

import msgspec

from orderloom.application.not_kept import NotKept, refuse, twin, unknown
from orderloom.application.within import Within
from orderloom.domain.codes import code_problem, name_problem
from orderloom.domain.money import CURRENCIES
from orderloom.domain.words import Words

SUPPLIER, SKU = Words("供应商", "supplier"), Words("商品", "SKU")
SUPPLIES_MAX = 500
COST_MAX = 1_000_000_000
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Cost = Annotated[int, msgspec.Meta(ge=0, le=COST_MAX)]


class SupplierRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A supplier to keep; null is as it was, and of a new one 7 days, switched on. `lead_days`: from order to goods."""

    code: Code
    name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    lead_days: Annotated[int, msgspec.Meta(ge=0, le=365)] | None = None
    is_active: bool | None = None


class SupplyRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A SKU that a supplier brings; null is as it was. `minimum` and `pack` in base units, `cost` of one of them in
    minor units of `currency`; lower `priority` first."""

    supplier: Code
    sku: Code
    minimum: Quantity | None = None
    pack: Quantity | None = None
    cost: Cost | None = None
    currency: Annotated[str, msgspec.Meta(max_length=3)] | None = None
    priority: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    is_active: bool | None = None


class SuppliesRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What suppliers bring: all rows are kept, or none."""

    supplies: Annotated[list[SupplyRow], msgspec.Meta(min_length=1, max_length=SUPPLIES_MAX)]


class SupplierKept(msgspec.Struct, frozen=True):
    """It stands; a known one was brought up to date."""

    supplier: str
    is_new: bool


class SuppliesKept(msgspec.Struct, frozen=True):
    """So many rows stand."""

    rows: int


class KnownSupplier(Protocol):
    """A supplier, by its id."""

    @property
    def id(self) -> int: ...


class SupplierBook(Protocol):
    """Where suppliers are kept."""

    async def suppliers(self) -> Mapping[str, KnownSupplier]: ...
    async def not_brought(self, skus: Collection[int]) -> list[str]: ...
    async def keep_supplier(self, row: SupplierRow) -> bool: ...
    async def keep_supply(self, row: SupplyRow, supplier_id: int, sku_id: int) -> None: ...


class SupplierWork(Protocol):
    """The transaction."""

    @property
    def purchases(self) -> SupplierBook: ...


async def keep_supplier(within: Within[SupplierWork], row: SupplierRow) -> SupplierKept:
    """Keep a new supplier or change what is given of a known one. Raises NotKept."""
    refuse(SUPPLIER, code_problem(row.code))
    refuse(SUPPLIER, name_problem(row.name or ""))
    async with within() as work:
        twin(SUPPLIER, row.code, list(await work.purchases.suppliers()))
        return SupplierKept(row.code, await work.purchases.keep_supplier(row))


async def keep_supplies(
    within: Within[SupplierWork], rows: Sequence[SupplyRow], skus: Mapping[str, int],
) -> SuppliesKept:
    """Keep on which terms SKUs are brought. `skus`: ids by code of those that there are. Raises NotKept."""
    async with within() as work:
        known = await work.purchases.suppliers()
        for row in rows:
            if row.supplier not in known:
                raise unknown(SUPPLIER, row.supplier, list(known))
            if row.sku not in skus:
                raise unknown(SKU, row.sku, list(skus))
            if row.currency and row.currency not in CURRENCIES:
                raise unknown(Words("币种", "currency"), row.currency, CURRENCIES)
            if row.cost is not None and not row.currency:
                raise NotKept("wrong_value", f"{row.sku}：有进价就要写币种，如 CNY",
                              f"{row.sku}: a cost needs its currency, such as CNY")
        if found := await work.purchases.not_brought([skus[row.sku] for row in rows]):
            raise NotKept("not_possible", f"{'、'.join(found[:5])} 是套装或不是实物，没有供应商送",
                          f"{', '.join(found[:5])}: a bundle, or no goods; nobody brings it")
        for row in rows:
            await work.purchases.keep_supply(row, known[row.supplier].id, skus[row.sku])
        return SuppliesKept(len(rows))

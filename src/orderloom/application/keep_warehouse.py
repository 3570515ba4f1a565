"""Keep where the goods lie: warehouses; what is not given stays as it was, and one that is off keeps its past."""

from __future__ import annotations

from typing import Protocol

import msgspec
from msgspec.structs import replace

from orderloom.application.directory import Directory
from orderloom.application.not_kept import NotKept, refuse, twin, unknown
from orderloom.application.teach_alias import account_named
from orderloom.application.within import Within
from orderloom.domain.address import complete
from orderloom.domain.assign import Warehouse, WarehouseKind
from orderloom.domain.codes import code_problem, country_problem, name_problem, province_of, province_problem
from orderloom.domain.divisions import Place, codes
from orderloom.domain.words import Words

WAREHOUSE = Words("仓库", "warehouse")
PRIORITY_MAX = 100
CAPACITY_MAX = 1_000_000_000
SERVES_MAX = 300


class WarehouseRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A warehouse to keep; null is as it was. `serves`: countries or provinces, none means everywhere; lower
    `priority` first; `account` is the code of its system, empty for none. Distances are
    from its `city`, without one from the province's capital."""

    code: str
    name: str | None = None
    country: str | None = None
    province: str | None = None
    account: str | None = None
    priority: int | None = None
    daily_capacity: int | None = None
    serves: tuple[str, ...] | None = None
    city: str | None = None


class Houses(Protocol):
    """Where warehouses are kept, in one transaction."""

    async def directory(self) -> Directory: ...
    async def keep_warehouse(self, row: WarehouseRow, account_id: int | None) -> bool: ...
    async def release_reports(self, account_id: int) -> int: ...
    async def set_warehouse_active(self, warehouse_id: int, is_active: bool) -> int: ...


class WarehouseKept(msgspec.Struct, frozen=True):
    """It stands; a known one was brought up to date."""

    warehouse: str
    is_new: bool


class WarehouseSwitched(msgspec.Struct, frozen=True):
    """Whether new work goes there; `orders_in_flight` have stock bound there and go on."""

    warehouse: str
    is_active: bool
    orders_in_flight: int


async def keep_warehouse(within: Within[Houses], row: WarehouseRow) -> WarehouseKept:
    """Keep a new warehouse or change what is given of a known one. Raises NotKept."""
    async with within() as houses:
        return await _keep(houses, await houses.directory(), row)


async def _keep(houses: Houses, directory: Directory, row: WarehouseRow) -> WarehouseKept:
    account_id = None
    refuse(WAREHOUSE, code_problem(row.code))
    twin(WAREHOUSE, row.code, [w.code for w in directory.warehouses])
    known = next((w for w in directory.warehouses if w.code == row.code), None)
    _refuse_transit(known)
    country = row.country if row.country is not None else known.country if known else "CN"
    refuse(WAREHOUSE, name_problem(row.name or ""))
    refuse(WAREHOUSE, country_problem(country))
    refuse(WAREHOUSE, province_problem(country, row.province or ""))
    row = _with_city(row, country, known.province if known else "")
    for place in row.serves or ():
        _served(place)
    _bounded("priority", row.priority, PRIORITY_MAX)
    _bounded("daily_capacity", row.daily_capacity, CAPACITY_MAX)
    if row.serves is not None and len(row.serves) > SERVES_MAX:
        raise NotKept("wrong_value", f"serves：最多 {SERVES_MAX} 个", f"serves: {SERVES_MAX} at most")
    if row.account and known is not None and known.is_floor:
        raise NotKept("wrong_value", f"{known.code} 由本系统管理现场，不能再接仓储系统",
                      f"{known.code} is run here and takes no system of its own")
    if row.account:
        account_id, _ = account_named(directory, row.account)
    if row.province and country == "CN":
        row = replace(row, province=province_of(row.province))
    if row.serves:
        row = replace(row, serves=tuple([province_of(place) or place for place in row.serves]))
    is_new = await houses.keep_warehouse(row, account_id)
    if account_id is not None:
        await houses.release_reports(account_id)
    return WarehouseKept(row.code, is_new)


async def switch_warehouse(within: Within[Houses], code: str, is_active: bool) -> WarehouseSwitched:
    """Give a warehouse no new work, or work again; what is under way there goes on. Raises NotKept."""
    async with within() as houses:
        directory = await houses.directory()
        known = next((w for w in directory.warehouses if w.code == code), None)
        if known is None:
            raise unknown(WAREHOUSE, code, [w.code for w in directory.warehouses])
        _refuse_transit(known)
        return WarehouseSwitched(code, is_active, await houses.set_warehouse_active(known.id, is_active))


def _with_city(row: WarehouseRow, country: str, was_in: str) -> WarehouseRow:
    """The city under its full name. A warehouse that moves to another province has none until it is told."""
    province = row.province or was_in
    if row.city and country == "CN":
        area = complete(province_of(province) or "", row.city, "", "")
        found = Place(area.province, area.city)
        if found not in codes() or (province and area.province != province_of(province)):
            raise NotKept("wrong_value", f"city：{province or '中国'}没有这个市",
                          f"city: no such city in {province or 'China'}")
        return replace(row, city=area.city, province=area.province)
    refuse(WAREHOUSE, name_problem(row.city or ""))
    has_moved = row.city is None and province_of(province) != province_of(was_in)
    return replace(row, city="") if has_moved else row


def _refuse_transit(known: Warehouse | None) -> None:
    if known is not None and known.kind is WarehouseKind.TRANSIT:
        raise NotKept("wrong_value", f"{known.code} 是在途货物的仓库，由系统自己维护",
                      f"{known.code} holds goods in transit and is kept by the hub itself")


def _served(place: str) -> None:
    if country_problem(place) is not None and province_of(place) is None:
        refuse(Words("服务范围", "serves"), province_problem("CN", place) or Words("有空的一项", "one is empty"))


def _bounded(name: str, number: int | None, most: int) -> None:
    if number is not None and not 0 <= number <= most:
        raise NotKept("wrong_value", f"{name}：0 到 {most}", f"{name}: from 0 to {most}")

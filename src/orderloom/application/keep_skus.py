"""Keep what the seller sells: SKUs with their units and components; what waited for a code goes on at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.not_kept import NotKept, refuse, twin, unknown
from orderloom.application.sku_row import Doubt, SkuRow, check_goods_row, doubts_of
from orderloom.application.within import Within
from orderloom.blueprint.goods import GoodsFile
from orderloom.domain.codes import code_problem, folded, name_problem, spelling_problem
from orderloom.domain.goods import Master, changes, standard_problem
from orderloom.domain.shown import key_of
from orderloom.domain.states import LineKind
from orderloom.domain.tariff import code_problem as hs_problem
from orderloom.domain.tariff import proposals
from orderloom.domain.words import Words

SKU = Words("商品编码", "SKU")
NUMBER_MAX = 1_000_000
NEAR_SHOWN = 3
ROWS_PER_STEP = 5_000


class Goods(Protocol):
    """Where SKUs are kept, in one transaction."""

    async def directory(self) -> Directory: ...
    async def masters(self, codes: Sequence[str]) -> dict[str, Master]:
        """These SKUs with all that is known of them, locked; those that are not there are left out."""
    async def keep_history(self, found: Sequence[tuple[Master, dict[str, list[Any]]]], at: datetime, by: str) -> None:
        """Write down what changed of SKUs as they are now."""
    async def twins(self, codes: Sequence[str]) -> list[tuple[str, str]]:
        """Of these codes those that look like another SKU's, and that one's."""
    async def barcode_owners(self, barcodes: Sequence[str]) -> dict[str, str]:
        """Whose these barcodes are, by code."""
    async def sku_ids(self, codes: Sequence[str]) -> dict[str, int]: ...
    async def codes(self) -> list[str]: ...
    async def add_skus(self, rows: Sequence[SkuRow]) -> int: ...
    async def end_tariff_cases(self, codes: Sequence[str], at: datetime) -> int: ...
    async def skus_moved(self, codes: Sequence[str]) -> None:
        """Tell all processes: whoever has to wait for goods waits from here to the end of this transaction."""
    async def release_spellings(self, account: str, spellings: Sequence[str]) -> int: ...
    async def release_keys(self, keys: Sequence[str]) -> int: ...
    async def set_sku_active(self, sku_id: int, is_active: bool) -> int: ...
    async def lock_goods(self) -> None:
        """Let no batch of messages run beside this transaction."""
    async def uses_of_sku(self, sku_id: int) -> Mapping[str, int]:
        """Where it stands, and it cannot come to stand elsewhere in this transaction."""
    async def drop_sku(self, sku_id: int) -> None: ...


class SkusKept(msgspec.Struct, frozen=True, omit_defaults=True):
    """So many are new, so many were known; so many waiting messages go on (left out when none did)."""

    added: int
    updated: int
    released: int = 0
    doubts: list[Doubt] = []


class SkuSwitched(msgspec.Struct, frozen=True):
    """Whether channels are shown its stock; `orders_in_flight` go on as they are."""

    sku: str
    is_active: bool
    orders_in_flight: int


class SkuRemoved(msgspec.Struct, frozen=True):
    """It was never used and is gone."""

    sku: str


async def keep_skus(
    within: Within[Goods], rows: Sequence[SkuRow], by: str = "hub", *, version: int | None = None,
) -> SkusKept:
    """Keep new SKUs and bring known ones up to date, all or none; what is not given stays. `version`: of the one that
    was looked at, when nobody else may have changed it since. Raises NotKept."""
    async with within() as goods:
        return await _keep(goods, rows, by, version)


async def _keep(goods: Goods, rows: Sequence[SkuRow], by: str, version: int | None) -> SkusKept:
    own = {row.code for row in rows}
    known = await goods.sku_ids(list(own.union(*[row.components for row in rows])))
    rules = _rules(await goods.directory())
    if fresh := [row.code for row in rows if row.code not in known]:
        _no_twins(fresh, await goods.codes())
        for code in fresh:
            refuse(Words(f"商品编码“{code[:60]}”", f'SKU "{code[:60]}"'), standard_problem(code, rules.code_patterns))
    everywhere = own | known.keys()
    for row in rows:
        _check(row, everywhere)
        check_goods_row(row, rules)
    await _no_foreign_barcodes(goods, rows)
    added = 0
    for start in range(0, len(rows), ROWS_PER_STEP):
        added += await _step(goods, rows[start : start + ROWS_PER_STEP], by, version)
    await goods.skus_moved([row.code for row in rows])
    released = await goods.release_spellings("", [row.code for row in rows])
    if coded := [row.code for row in rows if row.hs_code]:
        await goods.end_tariff_cases(coded, datetime.now(UTC))
    units = [key_of(f"unit:{row.code}:{unit}") for row in rows for unit in row.units]
    if units:
        released += await goods.release_keys(units)
    return SkusKept(added, len(rows) - added, released, doubts_of(rows, await goods.twins(fresh) if fresh else []))


async def _step(goods: Goods, rows: Sequence[SkuRow], by: str, version: int | None) -> int:
    """Keep some of them, and what changed of each; returns how many are new."""
    codes = [row.code for row in rows]
    before = await goods.masters(codes)
    for code, master in before.items():
        if version is not None and master.version != version:
            raise NotKept("changed_meanwhile", f"{code} 刚刚被别人改过，没有保存；请对照现在的内容再改",
                          f"{code} was changed by somebody else meanwhile, nothing was kept: look at it again")
    added = await goods.add_skus(rows)
    after = await goods.masters(codes)
    found = [(master, changed) for code, master in after.items() if (changed := changes(before.get(code), master))]
    await goods.keep_history(found, datetime.now(UTC), by)
    return added


def _rules(directory: Directory) -> GoodsFile:
    blueprint = directory.blueprints.get(directory.blueprint_active)
    return blueprint.goods if blueprint else GoodsFile()


async def _no_foreign_barcodes(goods: Goods, rows: Sequence[SkuRow]) -> None:
    """A barcode belongs to one SKU: a scanner asks nobody which one is meant."""
    wanted: dict[str, str] = {}
    for row in rows:
        for barcode in row.barcodes or ():
            if (other := wanted.setdefault(barcode, row.code)) != row.code:
                raise _taken(barcode, other)
    given_up = {row.code: set(row.barcodes) for row in rows if row.barcodes is not None}
    for barcode, owner in (await goods.barcode_owners(list(wanted))).items():
        if owner != wanted[barcode] and barcode in given_up.get(owner, {barcode}):
            raise _taken(barcode, owner)


def _taken(barcode: str, owner: str) -> NotKept:
    return NotKept("already_there", f"条码 {barcode[:64]} 已属于 {owner}，一个条码只属于一个商品",
                   f"barcode {barcode[:64]} belongs to {owner}: a barcode is one SKU's")


async def switch_sku(within: Within[Goods], code: str, is_active: bool, by: str = "hub") -> SkuSwitched:
    """Take a SKU off sale or back: channels are shown 0, orders that come all the same are taken. Raises NotKept."""
    async with within() as goods:
        sku_id = await _named(goods, code)
        before = await goods.masters([code])
        bound = await goods.set_sku_active(sku_id, is_active)
        after = (await goods.masters([code]))[code]
        if changed := changes(before[code], after):
            await goods.keep_history([(after, changed)], datetime.now(UTC), by)
        return SkuSwitched(code, is_active, bound)


async def remove_sku(within: Within[Goods], code: str) -> SkuRemoved:
    """Remove a code that was never used, a slip of the hand; one with a past can only be disabled. Raises NotKept."""
    async with within() as goods:
        await goods.lock_goods()  # whoever reads an order just now has read it, and whoever comes sees the SKU gone
        sku_id = await _named(goods, code)
        uses = {what: count for what, count in (await goods.uses_of_sku(sku_id)).items() if count}
        if uses:
            told = ", ".join(uses)
            raise NotKept("in_use", f"{code} 已有记录（{told}），不能删除；请停用：orderloom sku disable {code}",
                          f"{code} has a past ({told}) and cannot be removed; disable it: orderloom sku disable {code}")
        await goods.drop_sku(sku_id)
    return SkuRemoved(code)


async def _named(goods: Goods, code: str) -> int:
    sku_id = (await goods.sku_ids([code])).get(code)
    if sku_id is None:
        raise unknown(SKU, code, await goods.codes())
    return sku_id


def _no_twins(fresh: Sequence[str], codes: Sequence[str]) -> None:
    """No new code may differ from another one by case or width alone; those of before stay. One pass over all."""
    plain = {folded(code): code for code in codes}
    for code in fresh:
        meant = plain.setdefault(folded(code), code)
        if meant != code:
            twin(SKU, code, [meant])


def _check(row: SkuRow, known: set[str]) -> None:
    where = Words(f"商品 {row.code[:60]}", f"SKU {row.code[:60]}")
    refuse(SKU, code_problem(row.code))
    refuse(where, name_problem(row.name or ""))
    refuse(where, name_problem(row.unit or ""))
    if row.kind is not None and row.kind not in tuple(LineKind):
        raise NotKept("wrong_value", f"{where.zh} 的种类只能是 {'、'.join(LineKind)}",
                      f"the kind of {where.en} is one of {', '.join(LineKind)}")
    if row.hs_code:
        _check_tariff(where, row.hs_code, row.name or "")
    for unit, factor in row.units.items():
        refuse(where, spelling_problem(unit))
        _bounded(where, unit, factor)
    for part, quantity in row.components.items():
        if part not in known or part == row.code:
            raise NotKept("wrong_value", f"{where.zh} 的组件 {part[:60]} 不是另一个已有的商品",
                        f"{part[:60]}, a component of {row.code}, is no other SKU that is known")
        _bounded(where, part, quantity)


def _check_tariff(where: Words, code: str, name: str) -> None:
    told = hs_problem(code)
    if told is not None:
        near = [f"{one.code} {one.description[:60]}" for one in proposals(code, name)[:NEAR_SHOWN]]
        zh, en = (f"；是不是 {'；'.join(near)}？", f"; did you mean {'; '.join(near)}?") if near else ("", "")
        raise NotKept("wrong_value", f"{where.zh}：{told.zh}{zh}", f"{where.en}: {told.en}{en}")


def _bounded(where: Words, name: str, number: int) -> None:
    if not 0 <= number <= NUMBER_MAX:
        raise NotKept("wrong_value", f"{where.zh}：{name} 应是 0 到 {NUMBER_MAX}",
                    f"{where.en}: {name} must be from 0 to {NUMBER_MAX}")

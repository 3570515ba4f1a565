"""Keeps SKUs, their units and components, channels' spellings, and warehouses; every change tells all processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db.cases import end_cases
from orderloom.adapters.db.directory import KEYS_MAX, NO_GOODS_MOVED, Shelf, bump
from orderloom.adapters.db.goods import GoodsMoved, all_codes, sku_ids
from orderloom.adapters.db.publishing import tell_again, tell_all_again
from orderloom.adapters.db.statements import statement
from orderloom.application.check_tariff import CASE, subject_of
from orderloom.application.directory import Directory
from orderloom.application.keep_groups import GroupRow
from orderloom.application.keep_warehouse import WarehouseRow
from orderloom.application.sku_row import SkuRow, path_of
from orderloom.application.teach_alias import AliasRow, KeptAlias
from orderloom.application.theirs import NOT_THEIRS
from orderloom.domain.goods import Master
from orderloom.domain.shown import key_of
from orderloom.domain.tariff import plain_code

Connection = AsyncConnection[Any]
LONGEST_PLACE = f"sku:{'X' * 32}:"
"""What may stand before a spelling in the key under which messages wait for it."""
MENDED = "海关编码已填好 | the HS code was given"
Numbers = Sequence[tuple[str, str, int]]


class Catalogue:
    """What is sold and where it lies, on one connection in the caller's transaction.

    Satisfies `teach_alias.Aliases`, `keep_skus.Goods` and `keep_warehouse.Houses`.
    """

    def __init__(self, connection: Connection, shelf: Shelf) -> None:
        self._connection, self._shelf = connection, shelf
        self._groups: dict[str, int | None] = {}

    async def directory(self) -> Directory:
        """What is known, as this transaction sees it."""
        return await self._shelf.get(self._connection)

    async def sku_ids(self, codes: Sequence[str]) -> dict[str, int]:
        """Ids of the SKUs among these codes."""
        return await sku_ids(self._connection, codes)

    async def codes(self) -> list[str]:
        """Every SKU's code."""
        return await all_codes(self._connection)

    async def code_of(self, sku_id: int) -> str:
        """The code of a SKU that is there."""
        return str((await self._rows("code", sku=sku_id))[0][0])

    async def spellings(self, account_id: int | None) -> list[KeptAlias]:
        """Every spelling of the account, with what it means."""
        return [KeptAlias(*row) for row in await self._rows("spellings", account=account_id)]

    async def add_skus(self, rows: Sequence[SkuRow]) -> int:
        """Keep SKUs with unique codes; returns how many are new. `skus_moved` is to follow, once for all."""
        found = await self._rows("add_skus", code=[r.code for r in rows], name=[r.name for r in rows],
                                 unit=[r.unit for r in rows], kind=[r.kind for r in rows],
                                 hs_code=[None if r.hs_code is None else plain_code(r.hs_code) for r in rows],
                                 described=_json([_described(r) for r in rows]))
        await self._groups_and_barcodes(rows)
        await self._numbers("units", [(r.code, unit, factor) for r in rows for unit, factor in r.units.items()])
        await self._numbers("components", [(r.code, part, n) for r in rows for part, n in r.components.items()])
        if bundles := [r.code for r in rows if r.components]:
            await tell_again(self._connection, [row[0] for row in await self._rows("stocked_bundles", codes=bundles)])
        return sum(row[0] for row in found)

    async def masters(self, codes: Sequence[str]) -> dict[str, Master]:
        """SKUs with all that is known of them, locked in the order of their ids."""
        await self._run("lock_skus", codes=list(codes))
        return {row[0]: master_of(row) for row in await self._rows("masters", codes=list(codes))}

    async def keep_history(self, found: Sequence[tuple[Master, dict[str, list[Any]]]], at: datetime, by: str) -> None:
        """Write down what changed, and count each SKU's version up."""
        if found:
            rows = [{"code": master.code, "changes": changed} for master, changed in found]
            await self._run("keep_history", rows=_json(rows), at=at, by=by)

    async def twins(self, codes: Sequence[str]) -> list[tuple[str, str]]:
        """Codes that look like another SKU's, each with one of those."""
        return [(row[0], row[1]) for row in await self._rows("twins", codes=list(codes))]

    async def barcode_owners(self, barcodes: Sequence[str]) -> dict[str, str]:
        """Whose these barcodes are."""
        return dict(await self._rows("barcode_owners", barcodes=list(barcodes))) if barcodes else {}

    async def set_picture(self, sku_id: int, picture: str) -> None:
        """Name the picture of a SKU; empty for none."""
        await self._run("set_picture", sku=sku_id, picture=picture)

    async def set_apart(self, codes: Sequence[str]) -> int:
        """Somebody looked: these are no twins; returns how many there are."""
        return len(await self._rows("set_apart", codes=list(codes)))

    async def end_tariff_cases(self, codes: Sequence[str], at: datetime) -> int:
        """Close what was asked about the HS codes of these SKUs; returns how many cases ended."""
        return await end_cases(self._connection, [(CASE, subject_of(code)) for code in codes], at, "catalogue", MENDED)

    async def skus_moved(self, codes: Sequence[str]) -> None:
        """Tell all processes; behind the rows, as everywhere: from here on batches with a message that waits wait."""
        await bump(self._connection, await self._moved(codes))

    async def set_sku_active(self, sku_id: int, is_active: bool) -> int:
        """Switch a SKU; returns how many orders have units of it bound."""
        await self._run("set_sku_active", sku=sku_id, is_active=is_active)
        await bump(self._connection, GoodsMoved(skus=[sku_id]))
        await tell_again(self._connection, [sku_id])
        return int((await self._rows("orders_of_sku", sku=sku_id))[0][0])

    async def lock_goods(self) -> None:
        """Wait for the batches of messages that run, and let none begin before this transaction has ended."""
        await self._run("lock_goods")

    async def uses_of_sku(self, sku_id: int) -> Mapping[str, int]:
        """Where a SKU stands, by name of the place; until the transaction ends it can come to stand nowhere else."""
        for name in ("lock_sku", "lock_levels"):
            await self._run(name, sku=sku_id)
        return {str(what): int(count) for what, count in await self._rows("uses_of_sku", sku=sku_id)}

    async def drop_sku(self, sku_id: int) -> None:
        """Remove a SKU that stands nowhere."""
        for name in ("drop_units", "drop_components", "drop_levels", "drop_all_barcodes"):
            await self._run(name, sku=sku_id)
        gone = await self._rows("drop_sku", sku=sku_id)
        await bump(self._connection, GoodsMoved([sku_id], [row[0] for row in gone]))

    async def meanings(self, account_id: int | None, spellings: Sequence[str]) -> dict[str, KeptAlias]:
        """What those of these spellings mean that mean something, locked."""
        found = await self._rows("meanings", account=account_id, aliases=list(spellings))
        return {row[0]: KeptAlias(*row) for row in found}

    async def keep_aliases(self, account_id: int | None, rows: Sequence[tuple[AliasRow, int]]) -> None:
        """Keep spellings; what else is known of one (its listing) stays unless it is given."""
        await self._run(
            "add_aliases", account=account_id, alias=[row.spelling for row, _ in rows], sku=[sku for _, sku in rows],
            factor=[row.factor for row, _ in rows], is_published=[row.is_published for row, _ in rows],
            listing=[orjson.dumps(row.listing).decode() if row.listing else None for row, _ in rows])
        await bump(self._connection, GoodsMoved(spellings=[row.spelling for row, _ in rows]))
        if named := [row.spelling for row, _ in rows if row.listing]:
            await self._connection.execute(
                statement("publish", "forget_shown"), {"account": account_id, "externals": named})
        await tell_again(self._connection, sorted({sku for _, sku in rows}))

    async def drop_alias(self, account_id: int | None, spelling: str) -> bool:
        """Take a spelling away; False when there is none."""
        found = await self._rows("drop_alias", account=account_id, alias=spelling)
        await bump(self._connection, GoodsMoved(spellings=[spelling]))
        return bool(found)

    async def release_spellings(self, account: str, spellings: Sequence[str]) -> int:
        """Let go on what waits for these spellings, of one account or (empty) of any; returns how many messages."""
        found = await self._rows("parked_spellings", account=account, spellings=list(spellings))
        keys = {row[0] for row in found}
        odd = [text for text in spellings if key_of(f"{LONGEST_PLACE}{text}") != f"{LONGEST_PLACE}{text}"]
        if odd:  # long or hardly printable ones wait under a digest
            codes = [account] if account else [row[0] for row in await self._rows("account_codes")]
            keys |= {key_of(f"sku:{code}:{text}") for text in odd for code in codes}
        return await self.release_keys(sorted(keys))

    async def release_keys(self, keys: Sequence[str]) -> int:
        """Let go on what waits under these keys; reason and key stay, so that the cases close once it is through."""
        if not keys:
            return 0
        return (await self._connection.execute(statement("save", "requeue"), {"keys": list(keys)})).rowcount

    async def keep_warehouse(self, row: WarehouseRow, account_id: int | None) -> bool:
        """Keep a warehouse; True when it is new. `row.account` empty takes its system away, None leaves it."""
        found = await self._rows(
            "keep_warehouse", code=row.code, name=row.name, country=row.country, province=row.province,
            account=account_id, has_account=row.account is not None, priority=row.priority,
            daily_capacity=row.daily_capacity, serves=None if row.serves is None else list(row.serves), city=row.city)
        await bump(self._connection, NO_GOODS_MOVED)
        return bool(found[0][0])

    async def release_reports(self, account_id: int) -> int:
        """Let an account's reports be judged again that were on work which was not its own; returns how many."""
        given = {"account": account_id, "reason": NOT_THEIRS}
        return (await self._connection.execute(statement("catalogue", "release_reports"), given)).rowcount

    async def set_warehouse_active(self, warehouse_id: int, is_active: bool) -> int:
        """Switch a warehouse; returns how many orders have stock bound there."""
        await self._run("set_warehouse_active", warehouse=warehouse_id, is_active=is_active)
        await bump(self._connection, NO_GOODS_MOVED)
        await tell_all_again(self._connection, warehouse_id)
        return int((await self._rows("orders_of_warehouse", warehouse=warehouse_id))[0][0])

    async def _moved(self, codes: Sequence[str]) -> GoodsMoved | None:
        if len(codes) > KEYS_MAX // 2:
            return None
        return GoodsMoved(list((await self.sku_ids(codes)).values()), codes)

    async def _groups_and_barcodes(self, rows: Sequence[SkuRow]) -> None:
        for row in rows:
            if row.category is not None and row.category not in self._groups:
                self._groups[row.category] = await self.group(path_of(row.category))
        grouped = [r for r in rows if r.category is not None]
        if grouped:
            await self._run("set_groups", code=[r.code for r in grouped],
                            category=[self._groups[r.category or ""] for r in grouped])
        coded = [r for r in rows if r.barcodes is not None]
        if coded:
            await self._run("drop_barcodes", codes=[r.code for r in coded])
            pairs = [(r.code, barcode) for r in coded for barcode in dict.fromkeys(r.barcodes or ())]
            await self._run("add_barcodes", code=[p[0] for p in pairs], barcode=[p[1] for p in pairs])

    async def group(self, path: Sequence[str]) -> int | None:
        """Id of the group at this path, made where there is none; None for no path."""
        parent: int | None = None
        for name in path:
            parent = int((await self._rows("group", parent=parent, name=name))[0][0])
        return parent

    async def group_parents(self) -> dict[int, int | None]:
        """Every group with the one that it stands in; nobody else changes the tree until this transaction ends."""
        await self._run("lock_groups")
        return dict(await self._rows("group_parents"))

    async def group_named(self, parent: int | None, name: str) -> int | None:
        """The group of a name in another one."""
        found = await self._rows("group_named", parent=parent, name=name)
        return int(found[0][0]) if found else None

    async def put_group(self, group_id: int | None, row: GroupRow) -> int:
        """Add a group, or change one; returns its id."""
        given = {"parent": row.parent, "name": row.name, "name_en": row.name_en, "position": row.position}
        if group_id is None:
            return int((await self._rows("new_group", **given))[0][0])
        await self._run("change_group", group=group_id, **given)
        await bump(self._connection)  # its name is known with every SKU below it
        return group_id

    async def skus_in_group(self, group_id: int) -> int:
        """How many SKUs stand in a group itself."""
        return int((await self._rows("skus_in_group", group=group_id))[0][0])

    async def drop_group(self, group_id: int) -> None:
        """Remove an empty group."""
        await self._run("drop_group", group=group_id)

    async def _numbers(self, what: str, rows: Numbers) -> None:
        """Units or components: numbers are kept, and 0 takes a name away."""
        for name, wanted in (("add", [r for r in rows if r[2]]), ("remove", [r for r in rows if not r[2]])):
            if wanted:
                await self._run(f"{name}_{what}", code=[r[0] for r in wanted], name=[r[1] for r in wanted],
                                number=[r[2] for r in wanted])

    async def _run(self, query: str, /, **given: Any) -> None:
        await self._connection.execute(statement("catalogue", query), given)

    async def _rows(self, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement("catalogue", query), given)).fetchall()


def master_of(row: Sequence[Any]) -> Master:
    """A row of `catalogue.sql: masters`."""
    plain = dict(zip(Master.__struct_fields__, [*row[:13], tuple(row[13:16]), *row[16:]], strict=True))
    return Master(**{**plain, "barcodes": tuple(plain["barcodes"] or ()), "units": plain["units"] or {},
                     "components": plain["components"] or {}})


def _described(row: SkuRow) -> dict[str, Any]:
    """What is given of a row beside its code, name, unit and kind; what is null stays."""
    length, width, height = row.size_mm or (None, None, None)
    return {"code": row.code, "name_en": row.name_en, "goods_class": row.goods_class, "tax_class": row.tax_class,
            "cost": row.cost, "cost_currency": row.cost_currency, "weight_g": row.weight_g, "length_mm": length,
            "width_mm": width, "height_mm": height, "has_lots": row.has_lots, "has_serials": row.has_serials,
            "shelf_life_days": row.shelf_life_days, "low_at": row.low_at}


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return orjson.dumps(rows).decode()

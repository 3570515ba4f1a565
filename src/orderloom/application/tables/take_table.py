"""Take a table of goods: look at it whole, then keep its rows many at a time, each with a result of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.jobs.shapes import NOWHERE, Job, ResultFiles, RowResult, Stepped
from orderloom.application.keep_skus import Goods, keep_skus
from orderloom.application.move_stock import Codes
from orderloom.application.not_kept import NotKept
from orderloom.application.receive_stock import receive_stock
from orderloom.application.restock import Restock
from orderloom.application.sku_row import SkuRow
from orderloom.application.stock_table import RowMistake, read_rows
from orderloom.application.tables.columns import Kind
from orderloom.application.tables.read_rows import Good, GoodsRows, read_aliases, read_bundles, read_skus
from orderloom.application.teach_alias import Aliases, AliasRow, account_named, teach_aliases
from orderloom.application.within import Within
from orderloom.blueprint.goods import GoodsFile
from orderloom.domain.codes import folded
from orderloom.domain.goods import standard_problem

TABLE = "take_table"
CHUNK = 2_000
"""Rows in one transaction."""
MISTAKES_KEPT_MAX = 1_000
"""Rows that are left out are named in the job, so many at most; the preview names them too."""
Sheet = Sequence[tuple[int, Mapping[str, str]]]


class TableGoods(Goods, Codes, Aliases, Protocol):
    """Where goods and spellings are kept, in one transaction."""


class TableAsked(msgspec.Struct, frozen=True):
    """What is taken: a kind of table; of stock the document, reason, and whether figures are what there is."""

    kind: Kind
    is_replacing: bool = False
    document: str = ""
    reason: str = ""
    is_set: bool = False


class TablePiece(msgspec.Struct, frozen=True):
    """Rows that are taken together: SKUs, spellings or lines of stock; or mistakes that are told."""

    skus: list[tuple[int, SkuRow]] = []
    aliases: list[tuple[int, AliasRow]] = []
    stock: list[tuple[int, dict[str, str]]] = []
    mistakes: list[RowMistake] = []

    def __len__(self) -> int:
        return len(self.skus) + len(self.aliases) + len(self.stock) + len(self.mistakes)


class TableLooked(msgspec.Struct, frozen=True):
    """A table looked at: how many of its rows are new, how many known, and every mistake. `rows`: what can be kept."""

    fresh: int
    known: int
    rows: list[Good]
    mistakes: list[RowMistake]


class TablePorts(Protocol):
    """Ports of the hub."""

    @property
    def catalogue(self) -> Within[TableGoods]: ...


class TableHandler(Protocol):
    """What books stock and serves who waits for it."""

    @property
    def restock(self) -> Restock: ...


class TableHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> TablePorts: ...
    @property
    def handler(self) -> TableHandler: ...
    @property
    def job_files(self) -> ResultFiles: ...
    async def directory(self) -> Directory: ...


async def look_at_table(
    within: Within[TableGoods], kind: Kind, sheet: Sheet, asked: TableAsked,
) -> TableLooked:
    """What taking it would do; nothing is changed."""
    async with within() as goods:
        directory = await goods.directory()
        blueprint = directory.blueprints.get(directory.blueprint_active)
        rules = blueprint.goods if blueprint else GoodsFile()
        if kind == "stock":
            return await _stock(goods, directory, sheet, asked)
        if kind == "aliases":
            return await _aliases(goods, directory, read_aliases(sheet), asked)
        rows = read_skus(sheet, rules) if kind == "skus" else read_bundles(sheet)
        return await _skus(goods, rows, rules)


async def _skus(goods: TableGoods, rows: GoodsRows, rules: GoodsFile) -> TableLooked:
    mistakes, kept = list(rows.mistakes), list[Good]()
    codes = await goods.codes()
    known, plain = set(codes), {folded(code): code for code in codes}
    own = {good.row.code for good in rows.good if isinstance(good.row, SkuRow)}
    barcodes = {b: good.row.code for good in rows.good if isinstance(good.row, SkuRow) for b in good.row.barcodes or ()}
    owners = await goods.barcode_owners(list(barcodes))
    for good in rows.good:
        assert isinstance(good.row, SkuRow)
        wrong = _sku_mistake(good.line, good.row, known, own, plain, owners, rules)
        plain.setdefault(folded(good.row.code), good.row.code)
        mistakes.append(wrong) if wrong else kept.append(good)
    fresh = sum(1 for good in kept if isinstance(good.row, SkuRow) and good.row.code not in known)
    return TableLooked(fresh, len(kept) - fresh, kept, sorted(mistakes, key=lambda m: m.line))


def _sku_mistake(
    line: int, row: SkuRow, known: set[str], own: set[str], plain: Mapping[str, str], owners: Mapping[str, str],
    rules: GoodsFile,
) -> RowMistake | None:
    if row.code not in known:
        if (meant := plain.get(folded(row.code), row.code)) != row.code:
            return RowMistake(line, "code", row.code[:60], f"与已有的“{meant}”只差大小写或全半角；请写“{meant}”",
                              f'differs from "{meant}" by case or width alone: write "{meant}"')
        if (wrong := standard_problem(row.code, rules.code_patterns)) is not None:
            return RowMistake(line, "code", row.code[:60], wrong.zh, wrong.en)
    for part in row.components:
        if part == row.code or (part not in known and part not in own):
            return RowMistake(line, "components", part[:60], f"组件 {part[:60]} 不是另一个已有的商品",
                              f"{part[:60]} is no other SKU that is known")
    for barcode in row.barcodes or ():
        if owners.get(barcode, row.code) != row.code:
            return RowMistake(line, "barcodes", barcode[:60], f"条码已属于 {owners[barcode]}",
                              f"the barcode belongs to {owners[barcode]}")
    return None


async def _aliases(goods: TableGoods, directory: Directory, rows: GoodsRows, asked: TableAsked) -> TableLooked:
    mistakes, kept = list(rows.mistakes), list[Good]()
    named = sorted({good.row.sku for good in rows.good if isinstance(good.row, AliasRow)})
    ids = await goods.sku_ids(named)
    accounts: dict[str, int | None] = {}
    for good in rows.good:
        assert isinstance(good.row, AliasRow)
        try:
            if good.row.account not in accounts:
                accounts[good.row.account] = account_named(directory, good.row.account)[0]
        except NotKept as wrong:
            mistakes.append(RowMistake(good.line, "account", good.row.account[:60], wrong.zh, wrong.en))
            continue
        if good.row.sku in ids:
            kept.append(good)
        else:
            mistakes.append(RowMistake(good.line, "code", good.row.sku[:60], "没有这个商品编码，请先登记",
                                       "there is no such SKU: add it first"))
    fresh, good_rows = 0, list[Good]()
    for account, account_id in accounts.items():
        ours = [good for good in kept if isinstance(good.row, AliasRow) and good.row.account == account]
        was = await goods.meanings(account_id, [good.row.spelling for good in ours if isinstance(good.row, AliasRow)])
        for good in ours:
            assert isinstance(good.row, AliasRow)
            old = was.get(good.row.spelling)
            if old is not None and (old.sku_id, old.factor) != (ids[good.row.sku], good.row.factor) \
                    and not asked.is_replacing:
                code = await goods.code_of(old.sku_id)
                mistakes.append(RowMistake(
                    good.line, "spelling", good.row.spelling[:60],
                    f"已表示 {code} × {old.factor}；要改请选“替换已有的”",
                    f"means {code} × {old.factor} already: choose to replace it"))
                continue
            fresh += old is None
            good_rows.append(good)
    return TableLooked(fresh, len(good_rows) - fresh, good_rows, sorted(mistakes, key=lambda m: m.line))


async def _stock(goods: TableGoods, directory: Directory, sheet: Sheet, asked: TableAsked) -> TableLooked:
    named = sorted({given.get("code", "") for _, given in sheet})
    known = await goods.sku_ids(named)
    near = list(known) if len(known) == len(named) else await goods.codes()
    rows, mistakes = read_rows(sheet, directory, known, near, asked.document, is_set=asked.is_set)
    return TableLooked(len(rows), 0, [], mistakes)


def pieces_of(looked: TableLooked, sheet: Sheet, kind: Kind) -> Iterator[bytes]:
    """The rows as a job takes them, with what is left out told first."""
    if looked.mistakes:
        yield msgspec.json.encode(TablePiece(mistakes=looked.mistakes[:MISTAKES_KEPT_MAX]))
    if kind == "stock":  # a table of stock is booked whole
        wrong = {mistake.line for mistake in looked.mistakes}
        yield msgspec.json.encode(TablePiece(stock=[(line, dict(given)) for line, given in sheet if line not in wrong]))
        return
    rows = sorted(looked.rows, key=lambda good: isinstance(good.row, SkuRow) and bool(good.row.components))
    for start in range(0, len(rows), CHUNK):  # what a bundle is made of comes before it
        some = rows[start:start + CHUNK]
        yield msgspec.json.encode(TablePiece(
            skus=[(good.line, good.row) for good in some if isinstance(good.row, SkuRow)],
            aliases=[(good.line, good.row) for good in some if isinstance(good.row, AliasRow)]))


async def take_table(hub: TableHub, job: Job) -> Stepped:
    """One step: the next piece of the table."""
    asked = msgspec.json.decode(job.asked, type=TableAsked)
    number = 0 if job.place == NOWHERE else msgspec.json.decode(job.place, type=int)
    raw, is_last = await asyncio.to_thread(_piece, hub.job_files, job.id, number)
    if raw is None:
        return Stepped(is_over=True, total=job.done)
    piece = msgspec.json.decode(raw, type=TablePiece)
    rows = [RowResult(f"{m.line}", "refused", "wrong_value", {"column": m.column, "value": m.value, "zh": m.zh,
                                                              "en": m.en}) for m in piece.mistakes]
    if piece.stock:
        rows += await _book(hub, asked, piece, job)
    elif piece.skus or piece.aliases:
        rows += await _keep(hub, asked, piece, job.caller.actor)
    if is_last:
        await asyncio.to_thread(hub.job_files.drop, job.id)
    return Stepped(rows=rows, counted=len(piece) - len(rows), place=msgspec.json.encode(number + 1), is_over=is_last)


def _piece(files: ResultFiles, job_id: str, number: int) -> tuple[bytes | None, bool]:
    two = list(islice(files.draft(job_id), number, number + 2))
    return (two[0] if two else None), len(two) < 2


async def _keep(hub: TableHub, asked: TableAsked, piece: TablePiece, by: str) -> list[RowResult]:
    """All together; when one of them cannot be, each alone."""
    try:
        await _put(hub, asked, piece.skus, piece.aliases, by)
    except NotKept:
        found = []
        for line, row in (*piece.skus, *piece.aliases):
            try:
                await _put(hub, asked, [(line, row)] if isinstance(row, SkuRow) else [],
                           [(line, row)] if isinstance(row, AliasRow) else [], by)
            except NotKept as wrong:
                found.append(RowResult(str(line), "refused", wrong.code, {"zh": wrong.zh, "en": wrong.en}))
        return found
    return []


async def _put(
    hub: TableHub, asked: TableAsked, skus: Sequence[tuple[int, SkuRow]], aliases: Sequence[tuple[int, AliasRow]],
    by: str,
) -> None:
    if skus:
        await keep_skus(hub.ports.catalogue, [row for _, row in skus], by)
    if aliases:
        await teach_aliases(hub.ports.catalogue, [row for _, row in aliases], is_replacing=asked.is_replacing)


async def _book(hub: TableHub, asked: TableAsked, piece: TablePiece, job: Job) -> list[RowResult]:
    table: list[tuple[int, Mapping[str, Any]]] = list(piece.stock)
    taken = await receive_stock(
        hub.handler.restock, hub.ports.catalogue, await hub.directory(), table, asked.document or job.id, asked.reason,
        job.caller.actor, hub.now, is_set=asked.is_set)
    return [RowResult(f"{m.line}", "refused", "wrong_value", {"column": m.column, "value": m.value, "zh": m.zh,
                                                              "en": m.en}) for m in taken.mistakes]

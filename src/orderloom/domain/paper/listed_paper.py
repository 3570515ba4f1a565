"""Papers with rows: pick lists, wave sheets and packing slips, over as many sheets as they need."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from orderloom.domain.paper.code128 import can_be_barred
from orderloom.domain.paper.sheet import BarBlock, Block, Sheet, Stroke, TextBlock, mm, size_of

LISTED_SIZES = ("a4", "100x150", "100x180", "76x130")
SHEETS_MAX = 100


class PickLine(msgspec.Struct, frozen=True):
    """Units of a SKU to fetch at a place; `works` are whose they are."""

    place: str
    sku: str
    name: str
    barcode: str
    quantity: int
    works: tuple[str, ...] = ()


class WaveLine(msgspec.Struct, frozen=True):
    """A work of a wave: the slot that its goods are put to, its number, how many units of how many SKUs."""

    slot: str
    work: str
    order: str
    skus: int
    units: int


class SlipLine(msgspec.Struct, frozen=True):
    """Units of a SKU in a box. A packing slip names no price: it lies in what may be a present."""

    sku: str
    title: str
    quantity: int


class SlipHead(msgspec.Struct, frozen=True):
    """What a packing slip says above its lines and below them."""

    work: str
    order: str
    shop: str
    shop_order: str
    note: str = ""


class _Column(msgspec.Struct, frozen=True):
    title: str
    share: int
    align: str = "left"
    is_bold: bool = False


def draw_pick_list(title: str, number: str, lines: Sequence[PickLine], size: str) -> list[Sheet]:
    """What to fetch, in the order in which it is walked."""
    columns = (_Column("", 1), _Column("库位 Place", 4, is_bold=True), _Column("商品 Goods", 11),
               _Column("数量 Qty", 3, "right", True), _Column("作业单 Works", 5))
    rows = [("□", one.place, f"{one.sku}  {one.name}\n{one.barcode}".rstrip(), str(one.quantity), " ".join(one.works))
            for one in lines]
    units = sum([one.quantity for one in lines])
    return _sheets(title, number, f"{len(lines)} 行 rows · {units} 件 units", columns, rows, size)


def draw_wave_sheet(number: str, lines: Sequence[WaveLine], size: str) -> list[Sheet]:
    """Which works a wave is of, and the slot of each."""
    columns = (_Column("格 Slot", 2, is_bold=True), _Column("作业单 Work", 7), _Column("订单 Order", 7),
               _Column("种 SKUs", 2, "right"), _Column("件 Units", 2, "right", True))
    rows = [(one.slot, one.work, one.order, str(one.skus), str(one.units)) for one in lines]
    units = sum([one.units for one in lines])
    return _sheets("波次单 Wave", number, f"{len(lines)} 单 works · {units} 件 units", columns, rows, size)


def draw_slip(head: SlipHead, lines: Sequence[SlipLine], size: str) -> list[Sheet]:
    """What lies in a box, for whoever opens it."""
    columns = (_Column("商品 Goods", 12), _Column("编码 SKU", 6), _Column("数量 Qty", 3, "right", True))
    rows = [(one.title, one.sku, str(one.quantity)) for one in lines]
    if head.note:
        rows.append((f"买家留言 Note：{head.note}", "", ""))
    below = f"订单 Order {head.order} · {head.shop} {head.shop_order}".rstrip()
    return _sheets("装箱单 Packing slip", head.work, below, columns, rows, size)


def _sheets(
    title: str, number: str, below: str, columns: Sequence[_Column], rows: Sequence[Sequence[str]], size: str,
) -> list[Sheet]:
    width, height = size_of(size)
    is_large = width > mm(150)
    edge, row_height = (mm(10), mm(11)) if is_large else (mm(3), mm(10))
    top = mm(42) if is_large else mm(36)
    fits = (height - top - mm(8)) // row_height
    parts = [rows[at:at + fits] for at in range(0, len(rows), fits)][:SHEETS_MAX] or [[]]
    drawn = []
    for place, part in enumerate(parts, 1):
        blocks = [*_head(title, number, below, width, edge), *_row([c.title for c in columns], columns, edge, width,
                                                                  top - mm(6), mm(6), 20)]
        for index, row in enumerate(part):
            y = top + index * row_height
            blocks += [Stroke(edge, y, width - 2 * edge, 1),
                       *_row(row, columns, edge, width, y + 4, row_height - 8, 26)]
        blocks.append(TextBlock(edge, height - mm(6), width - 2 * edge, mm(4), f"{place} / {len(parts)}", 22,
                                align="right"))
        drawn.append(Sheet(width, height, tuple(blocks)))
    return drawn


def _head(title: str, number: str, below: str, width: int, edge: int) -> list[Block]:
    inner = width - 2 * edge
    blocks: list[Block] = [TextBlock(edge, mm(3), inner, mm(8), title, 44, is_bold=True, is_one_line=True),
                           TextBlock(edge, mm(22), inner, mm(7), f"{number}  {below}", 24)]
    if can_be_barred(number):
        bars = BarBlock(0 if edge < mm(5) else edge - mm(5), mm(11), width - 2 * max(0, edge - mm(5)), mm(10), number)
        blocks += [bars] if bars.module else []
    return blocks


def _row(
    cells: Sequence[str], columns: Sequence[_Column], edge: int, width: int, y: int, height: int, size: int,
) -> list[Block]:
    inner, shares = width - 2 * edge, sum([c.share for c in columns])
    blocks: list[Block] = []
    x = edge
    for cell, column in zip(cells, columns, strict=True):
        wide = inner * column.share // shares
        if cell:
            blocks.append(TextBlock(x, y, wide - 12, height, cell, size, is_bold=column.is_bold, align=column.align))
        x += wide
    return blocks

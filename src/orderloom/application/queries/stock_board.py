"""What lies where, SKU by SKU: those in trouble first, each with its warehouses and what channels were told of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from orderloom.application.queries.sku_filter import SkuFilter, conditions
from orderloom.application.queries.sql import HEX, Connection, from_cursor, to_cursor, where
from orderloom.statements import beside

SQL = beside(__file__)
Trouble = Literal["oversold", "short", "below_safety"]
TROUBLES: tuple[str, ...] = get_args(Trouble)
"""Gravest first: more is promised than lies there; orders wait for it; the safety stock is eaten into."""
REST = len(TROUBLES)
FRONT_MAX = 5_000
"""SKUs in trouble that are put in front, and short orders that are looked at for them."""
SOLD_OUT = """s.kind = 'goods' and not exists (
    select from stock_level l join warehouse w on w.id = l.warehouse_id and w.is_active
    where l.sku_id = s.id and l.free > 0)"""
"""Nothing of it is free anywhere."""
RANK = re.compile(r"[0-9]")


class Figures(msgspec.Struct, frozen=True):
    """Base units by bucket: `on_hand − reserved − allocated − set_aside − safety − frozen = available`.
    `available` below 0 shows that too much is promised."""

    on_hand: int
    reserved: int
    allocated: int
    safety: int
    frozen: int
    available: int
    set_aside: int


class LevelLine(msgspec.Struct, frozen=True):
    """A SKU in one warehouse; stock of a warehouse that is off is not for sale."""

    warehouse: str
    name: str
    is_active: bool
    figures: Figures
    is_oversold: bool


class ToldFigure(msgspec.Struct, frozen=True):
    """What a channel account was last told of a listing, in listed units."""

    account: str
    listing: str
    quantity: int
    as_of: datetime


class BoardRow(msgspec.Struct, frozen=True):
    """A SKU with all of its stock; `total` is of the active warehouses. `waiting`: orders that wait for it, as far as
    the first 5,000 waiting orders tell."""

    sku: str
    name: str
    is_active: bool
    category: str
    goods_class: str
    picture: str
    trouble: str
    waiting: int
    total: Figures
    levels: list[LevelLine]
    told: list[ToldFigure]


class BoardPage(msgspec.Struct, frozen=True):
    """A page of SKUs; null after the last one."""

    rows: list[BoardRow]
    next: str | None


class InTrouble(msgspec.Struct, frozen=True):
    """SKUs in trouble by id: how grave, and how many orders wait."""

    ranks: Mapping[int, int]
    waiting: Mapping[int, int]


async def stock_board(
    connection: Connection, wanted: SkuFilter, *, state: str = "", is_by_code: bool = False, cursor: str = "",
    limit: int = 50,
) -> BoardPage:
    """A page of the board: in trouble first, then by code; `is_by_code`: by code alone. Raises WrongCursor."""
    rank, after = _place(cursor)
    front = await read_front(connection)
    parts, values = await conditions(connection, wanted)
    found: list[tuple[int, int, str]] = []
    if state in TROUBLES or not is_by_code:
        kept = [sku for sku, one in front.ranks.items() if not state or TROUBLES[one] == state]
        rows = await _skus(connection, [*parts, "s.id = any (%(front)s)"], {**values, "front": kept}, "", FRONT_MAX)
        ranked = sorted((front.ranks[sku], code, sku) for sku, code in rows)
        found = [(one, sku, code) for one, code, sku in ranked if (one, code) > (rank, after)][:limit + 1]
    if state not in TROUBLES and len(found) <= limit:
        if not is_by_code:
            parts, values = [*parts, "s.id <> all (%(front)s)"], {**values, "front": list(front.ranks)}
        if state == "sold_out":
            parts = [*parts, SOLD_OUT]
        start = after if rank == REST or is_by_code else ""
        rows = await _skus(connection, parts, values, start, limit + 1 - len(found))
        found += [(REST, sku, code) for sku, code in rows]
    shown = found[:limit]
    rows_ = await board_rows(connection, [sku for _, sku, _ in shown], front)
    more = to_cursor(shown[-1][0], shown[-1][2].encode().hex()) if len(found) > limit else None
    return BoardPage(rows_, more)


async def read_front(connection: Connection) -> InTrouble:
    """Which SKUs are in trouble now, the gravest trouble of each."""
    found = await (await connection.execute(SQL["front"], {"most": FRONT_MAX})).fetchall()
    return InTrouble({row[0]: row[1] for row in found}, {row[0]: row[2] for row in found if row[2]})


async def board_rows(connection: Connection, ids: Sequence[int], front: InTrouble) -> list[BoardRow]:
    """These SKUs with their stock, in the order of the ids."""
    given = {"ids": list(ids)}
    heads = {row[0]: row[1:] for row in await (await connection.execute(SQL["heads"], given)).fetchall()}
    levels: dict[int, list[LevelLine]] = defaultdict(list)
    for sku, house, name, is_active, *units in await (await connection.execute(SQL["levels"], given)).fetchall():
        figures = Figures(*units)
        over = figures.reserved + figures.allocated > figures.on_hand - figures.frozen
        levels[sku].append(LevelLine(house, name, is_active, figures, over))
    told: dict[int, list[ToldFigure]] = defaultdict(list)
    for sku, *figure in await (await connection.execute(SQL["told"], given)).fetchall():
        told[sku].append(ToldFigure(*figure))
    return [_row(heads[sku], levels[sku], told[sku], front.ranks.get(sku, REST), front.waiting.get(sku, 0))
            for sku in ids if sku in heads]


def summed(levels: Sequence[LevelLine]) -> Figures:
    """The sum over the warehouses that are on."""
    active = [one.figures for one in levels if one.is_active]
    return Figures(*[sum(getattr(one, name) for one in active) for name in Figures.__struct_fields__])


def _row(head: Sequence[Any], levels: list[LevelLine], told: list[ToldFigure], rank: int, waiting: int) -> BoardRow:
    trouble = TROUBLES[rank] if rank < REST else ""
    code, name, is_active, category, goods_class, picture = head
    return BoardRow(code, name, is_active, category, goods_class, picture, trouble, waiting, summed(levels), levels,
                    told)


async def _skus(
    connection: Connection, parts: Sequence[str], values: Mapping[str, Any], after: str, limit: int,
) -> list[tuple[int, str]]:
    query = SQL["skus"].replace("{where}", where(parts))
    found = await (await connection.execute(query, {**values, "after": after, "limit": limit})).fetchall()
    return [(row[0], row[1]) for row in found]


def _place(cursor: str) -> tuple[int, str]:
    if not cursor:
        return -1, ""
    rank, code = from_cursor(cursor, RANK, HEX)
    return int(rank), bytes.fromhex(code).decode("utf-8", "replace")

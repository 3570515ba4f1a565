"""What moving stock would do, before it is done: levels before and after, and what channels would show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.move_lines import Moves, Wishes, plan_moves
from orderloom.application.publish import NO_UNITS, Offered
from orderloom.application.queries.sql import Connection
from orderloom.application.queries.stock_board import Figures
from orderloom.application.queries.stock_shown import figure, read_shelves, with_bundles
from orderloom.domain.inventory.level import Level
from orderloom.domain.inventory.moves import StockWord
from orderloom.domain.refusal import Refusal
from orderloom.domain.words import Words
from orderloom.statements import beside

SQL = beside(__file__)
SHOWN_SKUS_MAX = 50
"""For more SKUs than this the preview says how many figures change, and lists those of the first ones."""


class LevelChange(msgspec.Struct, frozen=True):
    """A level before and after."""

    sku: str
    warehouse: str
    before: Figures
    after: Figures
    is_oversold: bool


class ShownChange(msgspec.Struct, frozen=True):
    """What a channel account will be told of a listing; null: nothing is told, `why` says why not."""

    account: str
    sku: str
    listing: str
    before: int | None
    after: int | None
    why: str


class RowRefused(msgspec.Struct, frozen=True):
    """A line that cannot be done, counted from 1, and why."""

    line: int
    sku: str
    warehouse: str
    code: str
    zh: str
    en: str


class MovePreview(msgspec.Struct, frozen=True):
    """What would happen, as of now. Send `token` with the command: when the levels moved since, it is refused.

    `counts`: lines that are done and refused. `tells`: by account, how many figures change there."""

    as_of: datetime
    token: str
    counts: dict[str, int]
    stock: list[LevelChange]
    shown: list[ShownChange]
    tells: dict[str, int]
    rows: list[RowRefused]


async def preview_moves(
    connection: Connection, wishes: Wishes, asked: Moves, directory: Directory, takers: Mapping[str, bool],
    at: datetime, tell: Callable[[Refusal], Words],
) -> MovePreview:
    """The same decision as the booking's, on levels that are not locked. `tell`: what refusals are called."""
    keys = wishes.keys
    rows = await (await connection.execute(SQL["levels"], {
        "sku": [k[0] for k in keys], "warehouse": [k[1] for k in keys]})).fetchall()
    plan = plan_moves(wishes, {(r[0], r[1]): Level(*r) for r in rows}, {}, StockWord("preview", asked.reason, "", at))
    named = await connection.execute(SQL["codes"], {"ids": sorted({k[0] for k in keys})})
    codes = {row[0]: row[1] for row in await named.fetchall()}
    houses = {w.id: w for w in directory.warehouses}
    stock = [_change(codes[key[0]], houses[key[1]].code, plan.before[key], plan.after[key]) for key in plan.after
             if plan.before[key] != plan.after[key]]
    moved = {key: level.free - plan.before[key].free for key, level in plan.after.items() if houses[key[1]].is_active}
    shown = await _shown(connection, {key: units for key, units in moved.items() if units}, directory, takers)
    tells: dict[str, int] = defaultdict(int)
    for one in shown:
        tells[one.account] += one.before != one.after
    counts = {"done": len(asked.lines) - len(plan.refused), "refused": len(plan.refused)}
    return MovePreview(at, plan.token, counts, stock, shown, {a: n for a, n in tells.items() if n},
                       refusals(plan.refused, asked, tell))


def refusals(refused: Mapping[int, Refusal], asked: Moves, tell: Callable[[Refusal], Words]) -> list[RowRefused]:
    """Why lines cannot be, in words."""
    found = []
    for place, no in sorted(refused.items()):
        line = asked.lines[place]
        words = tell(no)
        found.append(RowRefused(place + 1, line.sku, line.warehouse, no.code, words.zh, words.en))
    return found


async def _shown(
    connection: Connection, moved: Mapping[tuple[int, int], int], directory: Directory, takers: Mapping[str, bool],
) -> list[ShownChange]:
    if not moved:
        return []
    skus = sorted({sku for sku, _ in moved})
    shelves = await read_shelves(connection, await with_bundles(connection, skus[:SHOWN_SKUS_MAX]), directory)
    now = shelves.offered
    summed: dict[int, int] = defaultdict(int)
    places = {sku: dict(free) for sku, free in now.places.items()}
    for (sku, house), moved_units in moved.items():
        summed[sku] += moved_units
        free = places.setdefault(sku, {})
        free[house] = free.get(house, 0) + moved_units
    after = Offered({sku: msgspec.structs.replace(units, free=units.free + summed.get(sku, 0))
                     for sku in {*now.units, *skus} if (units := now.units.get(sku, NO_UNITS))}, now.kept,
                    places if now.places else {})
    found = []
    for one in shelves.listed:
        if one.is_on:
            before, why = figure(one, shelves, directory, takers)
            then, _ = figure(one, shelves, directory, takers, after)
            found.append(ShownChange(one.account, shelves.goods.skus[one.sku_id].code, one.alias, before, then, why))
    return found


def _change(sku: str, warehouse: str, before: Level, after: Level) -> LevelChange:
    return LevelChange(sku, warehouse, figures(before), figures(after), after.is_oversold)


def figures(level: Level) -> Figures:
    """A level as people read it."""
    return Figures(level.on_hand, level.reserved, level.allocated, level.safety, level.frozen, level.free,
                   level.set_aside)

"""Read and lock what a batch needs, in one fixed order: orders by id, then stock levels by SKU and warehouse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application import commands as c
from orderloom.application.directory import Directory
from orderloom.application.journey import World
from orderloom.domain.inventory.level import Level
from orderloom.domain.order import Claim, Hold, Line, Order, Parcel, StockHold, Work, WorkItem

Connection = AsyncConnection[Any]
Children = dict[str, list[Any]]


async def load(
    connection: Connection, batch: Sequence[c.AnyCommand], directory: Directory, at: datetime, levels: str = "levels",
) -> World:
    """The world that the batch may look at, its orders locked until the transaction ends.

    Stock `levels` are looked at without a lock at first: what is taken is checked again by the statement that writes
    it. A batch that lost that race asks for `levels_locked`.
    """
    world = World(directory, at)
    ids = {command.order_id for command in batch if isinstance(command, c.OrderCommand)}
    ids |= await _find(connection, batch, world)
    if ids:
        for order in await load_orders(connection, sorted(ids)):
            world.orders[order.id] = order
    await _levels(connection, batch, world, levels)
    rows = await connection.execute(statement("load", "loads"), {"day": at.date()})
    world.loads = dict(await rows.fetchall())
    return world


async def _find(connection: Connection, batch: Sequence[c.AnyCommand], world: World) -> set[str]:
    """Ids of the orders that the commands name by something else than their id."""
    found: set[str] = set()
    keys = [(x.account_id, x.draft.external_id) for x in batch if isinstance(x, c.RecordOrder)]
    if keys:
        rows = await connection.execute(statement("load", "find_external"), {
            "accounts": [k[0] for k in keys], "externals": [k[1] for k in keys],
        })
        world.by_external = {(account, external): order_id for account, external, order_id in await rows.fetchall()}
        found |= set(world.by_external.values())
    numbers = [x.report.work_no for x in batch if isinstance(x, c.ConfirmWork)]
    if numbers:
        rows = await connection.execute(statement("load", "find_work"), {"numbers": numbers})
        world.by_work = dict(await rows.fetchall())
        found |= set(world.by_work.values())
    waybills = [x.report.waybill for x in batch if isinstance(x, c.TrackParcel)]
    if waybills:
        rows = await connection.execute(statement("load", "find_waybill"), {"waybills": waybills})
        for carrier, waybill, order_id in await rows.fetchall():
            world.by_waybill[carrier, waybill] = world.by_waybill["", waybill] = order_id
            found.add(order_id)
    return found


async def load_orders(connection: Connection, ids: Sequence[str]) -> list[Order]:
    """Orders by id, locked, with everything below them."""
    given = {"ids": list(ids)}
    rows = await (await connection.execute(statement("load", "orders"), given)).fetchall()
    if not rows:
        return []
    lines = await _children(connection, "lines", given, lambda r: Line(*r))
    claims = await _children(connection, "claims", given, lambda r: Claim(*r))
    holds = await _children(connection, "holds", given, _hold)
    stock = await _children(connection, "stock_holds", given, lambda r: StockHold(*r))
    items = await _children(connection, "work_lines", given, lambda r: (r[0], WorkItem(*r[1:])))
    works = await _children(connection, "works", given, lambda r: r)
    parcels = await _children(connection, "parcels", given, _parcel)
    money = await _children(connection, "money", given, tuple)
    return [
        _order(r, lines[r[0]], claims[r[0]], holds[r[0]], stock[r[0]], _works(works[r[0]], items[r[0]]),
               parcels[r[0]], money[r[0]])
        for r in rows
    ]


async def _children(
    connection: Connection, name: str, given: dict[str, Any], make: Callable[[tuple[Any, ...]], Any],
) -> Children:
    found: Children = defaultdict(list)
    for row in await (await connection.execute(statement("load", name), given)).fetchall():
        found[row[0]].append(make(row[1:]))
    return found


def _hold(r: tuple[Any, ...]) -> Hold:
    return Hold(r[0], r[1], r[2], r[3], r[4], r[5], r[6], tuple(r[7]), r[8], r[9], r[10])


def _parcel(r: tuple[Any, ...]) -> Parcel:
    return Parcel(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], tuple(r[8]))


def _works(rows: Iterable[tuple[Any, ...]], items: Iterable[tuple[int, WorkItem]]) -> tuple[Work, ...]:
    by_work: dict[int, list[WorkItem]] = defaultdict(list)
    for seq, item in items:
        by_work[seq].append(item)
    return tuple([
        Work(r[0], r[1], r[2], r[3], tuple(by_work[r[0]]), r[4], r[5], r[6], r[7], r[8]) for r in rows
    ])


def _order(
    r: tuple[Any, ...], lines: list[Line], claims: list[Claim], holds: list[Hold], stock: list[StockHold],
    works: tuple[Work, ...], parcels: list[Parcel], money: list[tuple[str, int]],
) -> Order:
    return Order(
        id=r[0], number=r[1], account_id=r[2], external_id=r[3], revision=r[4], placed_at=r[5], received_at=r[6],
        currency=r[7], total=r[8], freight=r[9], discount=r[10], tax=r[11], payment=r[12], paid=r[13], native=r[14],
        lines=tuple(lines), blueprint=r[15], stage=r[16], staged_at=r[17], parent_external_id=r[18],
        source_zone=r[19], source_placed_at=r[20], paid_at=r[21], refunded=r[22], note=r[23], is_cancelled=r[24],
        is_short=r[25], is_fulfilled_elsewhere=r[26], flags=tuple(r[27]), receiver=r[28], province=r[29],
        country=r[30], claims=tuple(claims), holds=tuple(holds), stock_holds=tuple(stock), works=works,
        parcels=tuple(parcels), money=tuple(money), event_count=r[31], event_head=r[32], receiver_stated=r[33],
    )


async def _levels(connection: Connection, batch: Sequence[c.AnyCommand], world: World, name: str) -> None:
    """Read the levels of every SKU that the batch's drafts and loaded orders name, components of bundles included."""
    directory = world.directory
    skus: set[int] = set()
    for command in batch:
        if isinstance(command, c.RecordOrder):
            for line in command.draft.lines:
                alias = directory.resolve(command.account_id, line.sku_external)
                if alias is not None:
                    skus.update([sku for sku, _ in directory.skus[alias.sku_id].components])
        elif isinstance(command, c.StateStock):
            skus.update([directory.by_code[f.sku] for f in command.report.figures if f.sku in directory.by_code])
    for order in world.orders.values():
        skus.update([h.sku_id for h in order.stock_holds])
        for known in order.lines:
            skus.update([sku for sku, _ in directory.skus[known.sku_id].components])
    if not skus:
        return
    rows = await connection.execute(statement("load", name), {"skus": sorted(skus)})
    for row in await rows.fetchall():
        world.levels[row[0], row[1]] = Level(*row)

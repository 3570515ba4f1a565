"""Read and lock what a batch needs, in one fixed order: orders by id, then stock levels by SKU and warehouse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db import tables as t
from orderloom.adapters.db.columns import Struct
from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.gifts import load_buyers
from orderloom.adapters.db.merging import find_together, load_merging
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.wire import ints_of, texts_of
from orderloom.application import commands as c
from orderloom.application.batch import BatchView
from orderloom.application.directory import Directory, business_day
from orderloom.domain.inventory.level import Level
from orderloom.domain.inventory.quota import Pool
from orderloom.domain.order import Order, Parcel, Work, WorkItem

Connection = AsyncConnection[Any]
Children = dict[str, list[Any]]
Keys = list[Any]
Found = tuple[str, Hashable, str]
BELOW: tuple[tuple[Any, ...], ...] = (
    ("lines", t.LINE, "line_no"), ("charges", t.CHARGE, "charge_no"), ("claims", t.CLAIM, "claim_no"),
    ("holds", t.HOLD, "hold_no", "subject_kind = 'order' and subject_id"), ("bindings", t.BINDING, "hold_no"),
    ("money", t.MONEY, "entry_no"), ("after_sales", t.AFTER_SALE, "after_sale_no"),
)
"""Parts of an order that are read alike: the field, the columns, their order, and whose they are."""
LOCK_ORDERS = statement("load", "orders").replace("{columns}", t.ORDER.select()).encode()
SEE_ORDERS = statement("load", "see_orders").replace("{columns}", t.ORDER.select()).encode()


async def load(
    connection: Connection, shelf: Shelf, batch: Sequence[c.AnyCommand], directory: Directory, at: datetime,
    levels: str = "levels", orders: bytes = LOCK_ORDERS,
) -> BatchView:
    """The world that the batch may look at, its orders locked until the transaction ends.

    Stock `levels` are looked at without a lock at first: what is taken is checked again by the statement that writes
    it. A batch that lost that race asks for `levels_locked`.
    """
    world = BatchView(directory, at)
    ids = await _find(connection, batch, world)
    if ids:
        for order in await load_orders(connection, sorted(ids), orders):
            world.orders[order.id] = order
    if any(look_up == "together" for look_up, _ in world.found):
        await load_merging(connection, world)
    spellings, skus = _named(batch, world)
    world.goods = await shelf.goods(connection, {text for _, text in spellings} | directory.gift_codes, skus)
    await _levels_and_loads(connection, _meant(spellings, skus, world), world, levels)
    await _pools(connection, world, "quotas_locked" if levels == "levels_locked" else "quotas")
    if directory.asks_of_buyers:
        await load_buyers(connection, batch, world)
    return world


async def _find(connection: Connection, batch: Sequence[c.AnyCommand], world: BatchView) -> set[str]:
    """Ids of the orders that the commands are about, by each kind of look-up in one statement."""
    asked: dict[str, set[Hashable]] = defaultdict(set)
    for command in batch:
        for about in (command.about, *command.beside):
            if about is not None and (key := about.key(command)):
                asked[about.look_up].add(key)
    found = {str(order_id) for order_id in asked.pop("order", ())}
    for look_up, keys in asked.items():
        for kind, key, order_id in await LOOK_UPS[look_up](connection, list(keys)):
            if not order_id:
                world.awaited.add(key)
                continue
            world.note(kind, key, order_id)
            found.add(order_id)
    return found


async def _by_external(connection: Connection, keys: Keys) -> list[Found]:
    rows = await connection.execute(statement("load", "find_external"), {
        "accounts": ints_of([k[0] for k in keys]), "externals": texts_of([k[1] for k in keys]),
    })
    return [(kind, (account, external), order_id) for kind, account, external, order_id in await rows.fetchall()]


def _by_text(kind: str) -> Callable[[Connection, Keys], Awaitable[list[Found]]]:
    async def find(connection: Connection, keys: Keys) -> list[Found]:
        rows = await connection.execute(statement("load", f"find_{kind}"), {"keys": texts_of(keys)})
        return [(kind, key, order_id) for key, order_id in await rows.fetchall()]

    return find


LOOK_UPS: dict[str, Callable[[Connection, Keys], Awaitable[list[Found]]]] = {
    "external": _by_external, "together": find_together,
    **{kind: _by_text(kind) for kind in ("work", "waybill", "ours", "kin")},
}
"""How orders are found by what commands name (`command.About`), oldest first: what they are to the key, the key, their
ids. A row without an id is a key that messages wait for."""


async def load_orders(connection: Connection, ids: Sequence[str], statement: bytes = LOCK_ORDERS) -> list[Order]:
    """Orders by id with everything below them, locked unless they are only to be looked at (`SEE_ORDERS`)."""
    if not ids:
        return []
    given = {"ids": texts_of(ids)}
    rows = await (await connection.execute(statement, given)).fetchall()
    if not rows:
        return []
    below = [(name, await _children(connection, columns, given, *order)) for name, columns, *order in BELOW]
    below += [("works", await _works(connection, given)), ("parcels", await _parcels(connection, given))]
    return [t.ORDER.read(r, **{name: tuple(found[r[0]]) for name, found in below}) for r in rows]


async def _children(
    connection: Connection, columns: Struct, given: dict[str, Any], order_by: str, whose: str = "order_id",
) -> Children:
    """Structs of a table below orders, by the order's id, in their order."""
    found: Children = defaultdict(list)
    owner = whose.rpartition(" ")[2]
    text = (
        f"select {owner}::text, {columns.select()} from {columns.table} "
        f"where {whose} = any (%(ids)s::uuid[]) order by {owner}, {order_by}"
    )
    for row in await (await connection.execute(text.encode(), given)).fetchall():
        found[row[0]].append(columns.read(row[1:]))
    return found


async def _works(connection: Connection, given: dict[str, Any]) -> Children:
    items: dict[tuple[str, int], list[WorkItem]] = defaultdict(list)
    for order_id, seq, *row in await _rows(connection, "work_lines", given):
        items[order_id, seq].append(WorkItem(*row))
    found: Children = defaultdict(list)
    text = f"select order_id::text, {t.WORK.select()} from work where order_id = any (%(ids)s::uuid[])" \
        " order by order_id, work_seq"
    for row in await (await connection.execute(text.encode(), given)).fetchall():
        work: Work = t.WORK.read(row[1:], items=tuple(items[row[0], row[1]]))
        found[row[0]].append(work)
    return found


async def _parcels(connection: Connection, given: dict[str, Any]) -> Children:
    """Each order's parcels with its own goods in them: a row per item, those of one parcel together."""
    found: Children = defaultdict(list)
    text = (
        f"select i.order_id::text, i.parcel_no, i.parcel_id::text, i.told, i.is_replaced, "
        f"{t.PARCEL_ITEM.select('i')}, {t.PARCEL.select('p')} "
        "from parcel_item i join parcel p on p.id = i.parcel_id where i.order_id = any (%(ids)s::uuid[]) "
        "order by i.order_id, i.parcel_no, i.work_seq, i.line_no, i.sku_id"
    )
    rows = await (await connection.execute(text.encode(), given)).fetchall()
    width = 5 + len(t.PARCEL_ITEM.names)
    for (order_id, number, parcel_id), group in groupby(rows, key=lambda r: r[:3]):
        own = list(group)
        parcel: Parcel = t.PARCEL.read(
            own[0][width:], no=number, id=parcel_id, told=tuple(own[0][3]), is_replaced=own[0][4],
            items=tuple([t.PARCEL_ITEM.read(r[5:width]) for r in own]),
        )
        found[order_id].append(parcel)
    return found


def _named(batch: Sequence[c.AnyCommand], world: BatchView) -> tuple[set[tuple[int, str]], set[int]]:
    """The spellings that the commands name, and the SKUs of the loaded orders, whatever of them is on its way."""
    skus: set[int] = set()
    for order in world.orders.values():
        skus.update([line.sku_id for line in order.lines if line.sku_id])
        skus.update([sku_id for line in order.lines for sku_id, _ in line.parts])
        skus.update([b.sku_id for b in order.bindings])
        skus.update([i.sku_id for w in order.works for i in w.items])
        skus.update([i.sku_id for p in order.parcels for i in p.items])
    return {spelling for command in batch for spelling in command.skus()}, skus


def _meant(spellings: set[tuple[int, str]], skus: set[int], world: BatchView) -> set[int]:
    """The SKUs of all these, components of bundles included."""
    goods = world.goods
    meant = [alias.sku_id for spelling in spellings if (alias := goods.resolve(*spelling)) is not None]
    return {*skus, *goods.parts([*skus, *meant, *filter(None, map(goods.sku_id, world.directory.gift_codes))])}


async def _levels_and_loads(connection: Connection, skus: set[int], world: BatchView, name: str) -> None:
    """Put levels and the works that each warehouse has today into the world, at once when nothing is locked."""
    day = {"day": business_day(world.at, world.directory.business_zone)}
    if name == "levels":
        rows = await _rows(connection, "levels_and_loads", {"skus": sorted(skus), **day})
        world.levels.update({(r[0], r[1]): Level(*r) for r in rows if r[0]})
        world.loads = {r[1]: r[2] for r in rows if not r[0]}
    else:
        await read_levels(connection, world, skus, name)
        world.loads = dict(await _rows(connection, "loads", day))


async def _pools(connection: Connection, world: BatchView, name: str) -> None:
    """Counters of the quotas that the batch's goods have, and of those that its orders drew from. Mostly of none."""
    wanted = {quota.id for sku in world.goods.skus.values() for quota in sku.quotas}
    wanted.update([b.quota for order in world.orders.values() for b in order.bindings if b.quota])
    if wanted:
        for row in await _rows(connection, name, {"ids": sorted(wanted)}):
            world.pools[row[0]] = Pool(*row)


async def read_levels(
    connection: Connection, world: BatchView, skus: Iterable[int], name: str = "levels",
) -> None:
    """Put the levels of these SKUs, as they are now, into the world."""
    if not skus:
        return
    rows = await connection.execute(statement("load", name), {"skus": ints_of(sorted(skus))}, binary=True)
    for row in await rows.fetchall():
        world.levels[row[0], row[1]] = Level(*row)


async def _rows(connection: Connection, name: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("load", name), given)).fetchall()

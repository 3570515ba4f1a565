"""The seller of `bench.py` on a real database: the same accounts, goods, warehouses and opening stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orderloom.adapters.db.directory import bump
from orderloom.bootstrap import Hub
from orderloom.testing.drive import publish_default_blueprint
from tests.support.bench import OPENING, directory
from tests.support.by_hand import move
from tests.support.moves import COMPONENTS, SKUS

ACCOUNT = """
insert into account (code, family, connector, zone, credentials_cipher) values (%s, %s, %s, 'Asia/Shanghai', %s)"""
WAREHOUSE = """
insert into warehouse (code, name, province, account_id, priority) values (%s, %s, %s, %s, %s)"""
Stock = Mapping[tuple[int, int], int]


async def settle_in(hub: Hub, stock: Stock | None = None) -> None:
    """Put the seller into an empty hub; ids come out as in the bench because they are given in order."""
    known = directory()
    async with hub.pool.connection() as connection, connection.transaction():
        for a in known.accounts.values():
            await connection.execute(ACCOUNT, (a.code, a.family, a.connector, hub.vault.encrypt(b"{}")))
        for code in SKUS:
            await connection.execute("insert into sku (code) values (%s)", (code,))
        for bundle, parts in COMPONENTS.items():
            for part, quantity in parts:
                if part != bundle:
                    await connection.execute("insert into sku_component values (%s, %s, %s)", (bundle, part, quantity))
        for w in known.warehouses:
            await connection.execute(WAREHOUSE, (w.code, w.code, w.province, w.account_id, w.priority))
        await bump(connection)
    await publish_default_blueprint(hub)
    await restock(hub, OPENING if stock is None else stock, "opening")


async def restock(hub: Hub, stock: Stock, cause: str) -> None:
    """Receive goods through the ledger, once per cause."""
    known = directory()
    codes = {number: code for code, number in SKUS.items()}
    for (sku, house), units in stock.items():
        await move(hub, codes[sku], known.warehouse(house).code, "receive", cause, "li", on_hand=units,
                               cause=f"{cause}/{sku}/{house}")


async def rows(hub: Hub, query: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
    """What a query finds."""
    async with hub.pool.connection() as connection:
        return list(await (await connection.execute(query.encode(), values)).fetchall())

"""What people do by hand, in one call each: move stock, book a table of it, upload a file of orders."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.db.directory import bump
from orderloom.adapters.goods_file import read_stock_table
from orderloom.adapters.ids import new_id
from orderloom.application.import_files import Imported, import_upload
from orderloom.application.move_stock import Moving, move_stock
from orderloom.application.receive_stock import Taken, receive_stock
from orderloom.bootstrap import Hub
from orderloom.domain.inventory.level import Level
from orderloom.domain.refusal import Refusal
from tests.support.accounts import ACCOUNT


async def move(
    hub: Hub, sku: str, warehouse: str, kind: str, reason: str, actor: str, cause: str = "", **changes: Any,
) -> Level | Refusal:
    """One line of the ledger."""
    asked = Moving(sku, warehouse, kind, reason, actor, cause or f"by-hand/{new_id()}", **changes)
    return await move_stock(hub.handler.restock, hub.ports.catalogue, await hub.directory(), asked, hub.now)


async def book_table(hub: Hub, body: bytes, document: str, reason: str, actor: str) -> Taken:
    """A table of stock."""
    table = await read_stock_table(body)
    directory = await hub.directory()
    return await receive_stock(hub.handler.restock, hub.ports.catalogue, directory, table, document, reason, actor,
                               hub.now)


async def upload(hub: Hub, account: str, name: str, body: bytes) -> Imported:
    """A file of orders."""
    return await import_upload(hub, account, name, body)


async def manual_account(hub: Hub, code: str) -> None:
    """Connect an account for orders that people type."""
    async with hub.pool.connection() as connection, connection.transaction():
        await connection.execute(ACCOUNT, {
            "code": code, "family": "channels", "connector": "manual", "title": "电话订单", "zone": "Asia/Shanghai",
            "base_url": "", "credentials": hub.vault.encrypt(b"{}"), "settings": "{}"})  # fmt: skip
        await bump(connection)

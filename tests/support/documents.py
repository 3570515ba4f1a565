"""Stock documents over HTTP, as tests use them: one client a person, one key a call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx2

from orderloom.adapters.db.directory import bump
from tests.support.api_hub import World, a_world

ROOT = "/api/v1/stock/documents"
_keys = count(1)


class Clerk:
    """Somebody at the stock desk."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def draft(self, kind: str, *lines: dict[str, Any], to: str = "", reason: str = "测试", key: str = "") -> Any:
        """Draft a document; its number."""
        wish = {"kind": kind, "reason": reason, "lines": list(lines), "to": to}
        return await self._sent("POST", ROOT, wish, key, 201)

    async def act(self, number: str, act: str, body: Any = None, *, status: int = 200, key: str = "") -> Any:
        """Do something to it; the document, or the problem of that status."""
        return await self._sent("POST", f"{ROOT}/{number}/{act}", body, key, status)

    async def see(self, number: str) -> Any:
        """The document as this person sees it."""
        answer = await self.client.get(f"{ROOT}/{number}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def count(self, number: str, *units: int, status: int = 200, **more: Any) -> Any:
        """Tell figures of the first lines."""
        told = [{"line": no, "units": one} | more for no, one in enumerate(units, start=1)]
        return await self.act(number, "count", {"counts": told}, status=status)

    async def _sent(self, method: str, path: str, body: Any, key: str, status: int) -> Any:
        answer = await self.client.request(
            method, path, json=body, headers={"Idempotency-Key": key or f"key-{next(_keys)}"})
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json()


def line(quantity: int = 0, sku: str = "M-001", warehouse: str = "HZ", **more: Any) -> dict[str, Any]:
    """A line of a document."""
    return {"sku": sku, "warehouse": warehouse, "quantity": quantity} | more


class Shop:
    """A world with two warehouses and people of several roles."""

    def __init__(self, world: World, stack: AsyncExitStack) -> None:
        self.world, self._stack = world, stack

    async def person(self, role: str, limits: dict[str, list[str]] | None = None) -> Clerk:
        return Clerk(await self._stack.enter_async_context(await self.world.user(role, limits)))

    async def program(self, name: str) -> Clerk:
        """Somebody else with the rights of operations."""
        access = self.world.app.state.desk.access
        made = await access.make_token(name, ("stock:read", "stock:write"), "test")
        client = await self._stack.enter_async_context(await self.world.client())
        client.headers["Authorization"] = f"Bearer {made.token}"
        return Clerk(client)

    def level(self, warehouse: str = "HZ", sku: str = "M-001") -> tuple[int, int]:
        """On hand and frozen."""
        found = self.world.rows(
            "select l.on_hand, l.frozen from stock_level l join sku s on s.id = l.sku_id join warehouse w "
            f"on w.id = l.warehouse_id where s.code = '{sku}' and w.code = '{warehouse}'")
        return found[0] if found else (0, 0)


@asynccontextmanager
async def a_shop(home: Path, database: str) -> AsyncIterator[Shop]:
    """A hub with 1,000 M-001 at 20.00 in HZ, and a second warehouse."""
    async with a_world(home, database, orders=0) as world, AsyncExitStack() as stack:
        async with world.hub.pool.connection() as connection, connection.transaction():
            await connection.execute("insert into warehouse (code, name, province) values ('GZ', '广州仓', '广东省')")
            await connection.execute("update sku set cost = 2000, cost_currency = 'CNY' where code = 'M-001'")
            await bump(connection)
        yield Shop(world, stack)

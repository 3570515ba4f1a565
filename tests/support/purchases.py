"""Purchasing over HTTP, as tests use it: one client a person, one key a call."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx2

ROOT = "/api/v1/purchasing"
_keys = count(1)


class Buyer:
    """Somebody who buys, receives, or looks."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def keep(self, supplier: str = "EAST", *supplies: dict[str, Any], **more: Any) -> None:
        """A supplier with what they bring."""
        await self.put("/suppliers", {"code": supplier, "name": f"{supplier} 厂"} | more)
        if supplies:
            await self.put("/supplies", {"supplies": [{"supplier": supplier} | one for one in supplies]})

    async def put(self, path: str, body: Any, status: int = 200) -> Any:
        """Put something; the answer, or the problem of that status."""
        return await self._sent("PUT", path, body, status)

    async def get(self, path: str, status: int = 200, **params: Any) -> Any:
        """Read something."""
        answer = await self.client.get(ROOT + path, params=params)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json()

    async def draft(self, *lines: tuple[str, int], supplier: str = "EAST", status: int = 201, key: str = "",
                    **more: Any) -> Any:
        """Draft a ticket for HZ."""
        wish = {"supplier": supplier, "warehouse": "HZ", "reason": "补货",
                "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines]} | more
        return await self._sent("POST", "/tickets", wish, status, key)

    async def act(self, number: str, act: str, body: Any = None, *, status: int = 200, key: str = "") -> Any:
        """Do something to it."""
        return await self._sent("POST", f"/tickets/{number}/{act}", body or {}, status, key)

    async def receive(self, number: str, *units: int, status: int = 200, key: str = "", **more: Any) -> Any:
        """Receive so many of the first lines."""
        came = [{"line": no, "units": one} | more for no, one in enumerate(units, start=1)]
        return await self.act(number, "receive", {"came": came}, status=status, key=key)

    async def _sent(self, method: str, path: str, body: Any, status: int, key: str = "") -> Any:
        answer = await self.client.request(
            method, ROOT + path, json=body, headers={"Idempotency-Key": key or f"buy-{next(_keys)}"})
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json()
